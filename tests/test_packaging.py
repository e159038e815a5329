"""What is shipped: the pinned requirements, the wheel, the image's recipe and the services around it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from limner.embedded import MALLOC
from limner.settings import Settings

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
SETTINGS = {name.upper() for name in Settings.model_fields}
OF_THE_IMAGES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", *MALLOC}
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {canonicalize_name(found[1]): found[2] for line in lines if (found := PIN.match(line))}


# --- The requirements -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_a_hash_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry and not entry.startswith("#")]
    assert len(entries) > 30
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "index" not in text


def test_every_dependency_is_pinned_within_its_range() -> None:
    pinned = pins("requirements.txt")
    wanted = [Requirement(line) for line in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]]
    outside = [str(one) for one in wanted if not one.specifier.contains(pinned[canonicalize_name(one.name)])]
    assert outside == []


def test_development_uses_the_very_versions_that_are_shipped() -> None:
    shipped, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: development.get(name) for name in shipped} == shipped


# --- The wheel --------------------------------------------------------------------------------------------------


def pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *words], cwd=ROOT, check=True, timeout=110)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as the Dockerfile builds it."""
    directory = tmp_path_factory.mktemp("wheels")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(directory), ".")
    (built,) = directory.glob("limner-*.whl")
    return built


def test_the_wheel_has_all_that_is_no_code_and_nothing_of_the_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".so"}
    }
    assert data - names == set()
    assert {"core/catalogue.toml", "core/styles.toml", "bot/web/openapi.json", "bot/web/templates/chat.html"} <= names
    assert any(name.startswith("bot/web/static/") for name in names)
    assert any(name.startswith("migrations/versions/0001") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """An environment with the libraries of this one and without Limner itself."""
    venv.create(tmp_path / "venv", with_pip=False)
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    # After the environment's own, and without what is installed there by .pth files, such as a clone.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return tmp_path / "venv" / "bin"


def test_the_wheel_runs_from_a_clean_environment(wheel: Path, clean: Path, tmp_path: Path) -> None:
    pip("--python", str(clean / "python"), "install", "--no-deps", "--no-index", str(wheel))
    assert "doctor" in _output([str(clean / "limner"), "--help"], tmp_path)
    program = (
        "import limner.wiring, migrations.upgrade; from core.catalogue import load_catalogue;"
        "from core.styles import load_styles; print(limner.__file__, len(load_catalogue().models), load_styles().all)"
    )
    assert _output([str(clean / "python"), "-c", program], tmp_path).startswith(str(tmp_path))


def test_a_clone_is_installed_with_what_is_pinned_alone(clean: Path, tmp_path: Path) -> None:
    """As `./run` does it; hatchling may need a package of its own for that."""
    pip("--python", str(clean / "python"), "install", "--no-deps", "--no-index", "--no-build-isolation", "-e", ".")
    assert "doctor" in _output([str(clean / "limner"), "--help"], tmp_path)


def _output(command: list[str], within: Path) -> str:
    ended = subprocess.run(command, cwd=within, env={}, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


# --- The image --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stages() -> list[list[str]]:
    """The Dockerfile's instructions, one a line, stage by stage."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    plain = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    lines = [" ".join(line.split()) for line in plain.replace("\\\n", " ").splitlines() if line.strip()]
    starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def test_the_image_installs_by_hash_and_takes_along_all_that_the_wheel_needs(stages: list[list[str]]) -> None:
    build = stages[0]
    copied = {source for line in build if line.startswith("COPY ") for source in line.split()[1:-1]}
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert copied >= {*PACKAGES, "requirements.txt", "pyproject.toml", PROJECT["project"]["readme"], "LICENSE"}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    installs = [line for line in build if "pip install" in line]
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)


def test_the_image_runs_as_nobody_in_particular_and_without_a_compiler(stages: list[list[str]]) -> None:
    build, final = stages
    assert build[0].split()[1] == final[0].split()[1] == "python:3.13-slim"
    assert "USER limner" in final
    assert final.index("USER limner") > final.index("COPY --from=build /opt/limner /opt/limner")
    assert [line for line in final if "apt" in line or "pip" in line or "gcc" in line] == []
    assert 'ENTRYPOINT ["limner"]' in final


def test_the_image_sets_only_real_settings_and_the_allocator_as_the_demo_does(stages: list[list[str]]) -> None:
    pairs = [pair.split("=") for line in stages[1] if line.startswith("ENV ") for pair in line.split()[1:]]
    variables = dict(pairs)
    assert {name: variables.get(name) for name in MALLOC} == MALLOC
    assert set(variables) - set(MALLOC) - {"PATH", "PYTHONUNBUFFERED"} <= SETTINGS


@pytest.fixture
def answering() -> Iterator[str]:
    """The port of a server that answers /healthz alone."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002  the name is the library's
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield str(server.server_port)
        server.shutdown()
        serving.join()


def test_the_health_check_of_the_image_sees_life_and_death(stages: list[list[str]], answering: str) -> None:
    (line,) = [line for line in stages[1] if line.startswith("HEALTHCHECK ")]
    _, *words = json.loads(line.partition(" CMD ")[2])
    alive = subprocess.run([sys.executable, *words], env={"WEB_PORT": answering}, timeout=30, check=False)
    assert alive.returncode == 0
    # Port 1 on loopback: below what anybody gets by asking for any free port.
    dead = subprocess.run(
        [sys.executable, *words], env={"WEB_PORT": "1"}, timeout=30, check=False, stderr=subprocess.DEVNULL
    )
    assert dead.returncode != 0


# --- The services -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    return found


def test_all_five_services_are_there_and_the_worker_can_be_multiplied(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "valkey", "migrate", "bot", "worker"}
    assert not {"container_name", "ports"} & set(services["worker"])
    assert services["postgres"]["image"] == "postgres:18"
    assert services["valkey"]["image"] == "valkey/valkey:9"
    assert [services[name]["command"] for name in ("migrate", "bot", "worker")] == [["migrate"], ["bot"], ["worker"]]


def test_nothing_starts_before_what_it_needs(services: dict[str, Any]) -> None:
    conditions = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    ready = {"postgres": "service_healthy", "valkey": "service_healthy", "migrate": "service_completed_successfully"}
    assert conditions == {
        "postgres": {},
        "valkey": {},
        "migrate": {"postgres": "service_healthy"},
        "bot": ready,
        "worker": ready,
    }
    waited_for = {needed for needs in conditions.values() for needed, how in needs.items() if how == "service_healthy"}
    assert all("test" in services[name]["healthcheck"] for name in waited_for)


def test_all_come_back_but_for_the_migration(services: dict[str, Any]) -> None:
    restarts = {name: service["restart"] for name, service in services.items()}
    assert restarts.pop("migrate") == "no"
    assert set(restarts.values()) == {"unless-stopped"}


def test_every_variable_in_it_is_a_real_setting(services: dict[str, Any]) -> None:
    named = {name for service in services.values() for name in service.get("environment", {})}
    filled_in = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert named | filled_in <= SETTINGS | OF_THE_IMAGES
    example = (ROOT / ".env.example").read_text("utf-8")
    assert [name for name in filled_in if f"{name}=" not in example] == []


def test_secrets_come_from_the_file_and_not_from_here(services: dict[str, Any]) -> None:
    assert {services[name]["env_file"] for name in ("migrate", "bot", "worker")} == {".env"}
    values = [str(value) for service in services.values() for value in service.get("environment", {}).values()]
    assert all("${POSTGRES_PASSWORD:?" in value for value in values if "PASSWORD" in value)
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    given = {name for service in services.values() for name in service.get("environment", {})}
    assert secret & given == {"DATABASE_URL", "REDIS_URL"}


def test_a_stopping_worker_has_time_for_what_it_is_drawing(services: dict[str, Any]) -> None:
    grace = Settings.model_fields["worker_grace_seconds"].default
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > grace


def test_the_database_lies_in_a_named_volume_and_has_the_allocator_of_the_demo(services: dict[str, Any]) -> None:
    postgres = services["postgres"]
    assert postgres["volumes"] == ["postgres-data:/var/lib/postgresql"]
    assert {name: postgres["environment"][name] for name in MALLOC} == MALLOC
