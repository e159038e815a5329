"""`limner doctor`: what is well is said, what is wrong is named with how to mend it, and then it exits with 1."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from core.policies import Policy, Scope
from core.storage.database import Database
from core.storage.governing import PostgresPolicies
from limner import checkup
from limner.settings import Settings
from tests.fakes.discord import FakeDiscord
from tests.fakes.mail import FakeMail
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack

KEY = "a key of the tests, long enough"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No .env and no variable of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def good(bare: pytest.MonkeyPatch, database_url: str, redis_url: str) -> pytest.MonkeyPatch:
    bare.setenv("DATABASE_URL", database_url)
    bare.setenv("REDIS_URL", redis_url)
    bare.setenv("SECRET_KEY", KEY)
    return bare


async def doctor() -> tuple[bool, list[str]]:
    said: list[str] = []
    healthy = await checkup.run(Path("nowhere"), said.append)
    return healthy, said


def faults(said: list[str]) -> list[str]:
    return [line for line in said if line.startswith("FAULT")]


async def test_where_all_is_well_every_line_says_so(good: pytest.MonkeyPatch) -> None:
    healthy, said = await doctor()
    assert healthy, said
    assert [line for line in said if not line.startswith("ok ")] == []
    for looked_at in (
        "Settings",
        "The database",
        "Schema",
        "Books",
        "Budgets",
        "Lost calls",
        "Redis",
        "Provider",
        "Platforms",
    ):
        assert any(looked_at in line for line in said), looked_at


async def test_wrong_settings_are_all_named_and_nothing_else_is_tried(good: pytest.MonkeyPatch) -> None:
    good.setenv("IMAGE_PROVIDER", "openai")
    good.setenv("LOG_LEVEL", "loud")
    healthy, said = await doctor()
    assert not healthy
    assert len(said) == len(faults(said)) == 2
    assert "LOG_LEVEL" in said[0]
    assert "IMAGE_PROVIDER=openai needs OPENAI_API_KEY. See .env.example." in said[1]


async def test_what_is_not_set_is_named_with_what_to_set(bare: pytest.MonkeyPatch) -> None:
    healthy, said = await doctor()
    assert not healthy
    assert [line.split()[1] for line in faults(said)] == ["DATABASE_URL", "REDIS_URL"]
    assert all("Give the address" in line or "Set 32" in line for line in faults(said))


async def test_servers_that_are_away_are_named_and_their_passwords_are_not(good: pytest.MonkeyPatch) -> None:
    # Port 1 on loopback: below what anybody gets by asking for any free port.
    good.setenv("DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:1/limner")
    good.setenv("REDIS_URL", "redis://:hush-hush@127.0.0.1:1")
    healthy, said = await doctor()
    assert not healthy
    database, redis = faults(said)
    assert "The database does not answer (" in database
    assert database.endswith("Start PostgreSQL or mend DATABASE_URL.")
    assert "Redis does not answer (" in redis
    assert redis.endswith("Start Redis or Valkey, or mend REDIS_URL.")
    assert "hush" not in "\n".join(said)


async def test_a_database_that_is_not_there_is_named(good: pytest.MonkeyPatch, database_url: str) -> None:
    head, _, query = database_url.partition("?")
    good.setenv("DATABASE_URL", f"{head.rpartition('/')[0]}/elsewhere?{query}")
    healthy, said = await doctor()
    assert not healthy
    assert ['database "elsewhere" does not exist' in line for line in faults(said)] == [True]


async def test_a_database_without_our_schema_is_sent_to_migrate(good: pytest.MonkeyPatch, database_url: str) -> None:
    head, _, query = database_url.partition("?")
    good.setenv("DATABASE_URL", f"{head.rpartition('/')[0]}/template1?{query}")
    healthy, said = await doctor()
    assert not healthy
    assert faults(said) == ["FAULT Schema is not up to date. Run `limner migrate`."]


async def test_a_provider_that_cannot_be_reached_is_named_with_the_setting(good: pytest.MonkeyPatch) -> None:
    good.setenv("OPENAI_API_KEY", "sk-test-hush-hush-hush")
    good.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    healthy, said = await doctor()
    assert not healthy
    (fault,) = faults(said)
    assert fault.startswith("FAULT Provider: ")
    assert fault.endswith("Check OPENAI_BASE_URL and the network.")
    assert "hush" not in fault


async def test_slack_and_discord_that_cannot_be_reached_are_named(good: pytest.MonkeyPatch) -> None:
    good.setenv("DISCORD_TOKEN", "hush.hush.hush")
    good.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    good.setenv("DISCORD_GATEWAY_URL", "ws://127.0.0.1:1")
    good.setenv("SLACK_BOT_TOKEN", "xoxb-hush-hush-hush")
    good.setenv("SLACK_SIGNING_SECRET", "hush-hush-hush")
    good.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    healthy, said = await doctor()
    assert not healthy
    assert {line.split()[1].rstrip(":") for line in faults(said)} == {"Discord", "Slack"}
    assert "hush" not in "\n".join(said)


async def test_a_provider_that_takes_the_key_is_well(good: pytest.MonkeyPatch) -> None:
    async with FakeOpenAI() as openai:
        good.setenv("OPENAI_API_KEY", openai.api_key)
        good.setenv("OPENAI_BASE_URL", openai.base_url)
        healthy, said = await doctor()
    assert healthy, said
    assert any("takes the key and has gpt-image-2.5-flare" in line for line in said)


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("OPENAI_API_KEY", "sk-wrong-hush-hush-hush", "Make a new key at the provider and set OPENAI_API_KEY."),
        ("IMAGE_MODEL", "gpt-image-9", "Set IMAGE_MODEL to a model that this key may use."),
    ],
)
async def test_a_wrong_key_and_an_unknown_model_say_which_setting_to_mend(
    setting: str, value: str, mend: str, good: pytest.MonkeyPatch
) -> None:
    async with FakeOpenAI() as openai:
        good.setenv("OPENAI_API_KEY", openai.api_key)
        good.setenv("OPENAI_BASE_URL", openai.base_url)
        good.setenv(setting, value)
        healthy, said = await doctor()
    assert not healthy
    assert [line.endswith(mend) for line in faults(said)] == [True], said
    assert "hush" not in "\n".join(said)


async def test_good_tokens_of_slack_and_discord_are_well(good: pytest.MonkeyPatch) -> None:
    async with FakeSlack() as on_slack, FakeDiscord() as on_discord:
        good.setenv("SLACK_BOT_TOKEN", on_slack.bot_token)
        good.setenv("SLACK_APP_TOKEN", on_slack.app_token)
        good.setenv("SLACK_API_URL", on_slack.api_url)
        good.setenv("DISCORD_TOKEN", on_discord.token)
        good.setenv("DISCORD_API_URL", on_discord.api_url)
        good.setenv("DISCORD_GATEWAY_URL", on_discord.gateway_url)
        healthy, said = await doctor()
    assert healthy, said
    assert any("Discord: the token is valid" in line for line in said)
    assert any("Slack bot token" in line for line in said)


LOST = """
    INSERT INTO ledger (generation_id, user_id, workspace, tier, day, attempt, kind,
                        pictures, reserved_micro, spent_micro, lost_micro, at)
    VALUES (gen_random_uuid(), gen_random_uuid(), '', 'free', '2026-11-20', 1, 'lost',
            0, 0, 0, 13220, now() - $1::interval)
"""


async def test_books_that_do_not_balance_are_a_fault_and_lost_calls_are_told(
    good: pytest.MonkeyPatch, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    for ago in (timedelta(days=1), timedelta(days=30)):
        await connection.execute(LOST, ago)
    await connection.close()
    healthy, said = await doctor()
    assert not healthy
    [fault] = faults(said)
    assert "Books" in fault
    assert "26,440 micro-USD" in fault
    assert any("Lost calls: 1 call in the last 7 days" in line and "$0.013" in line for line in said)


async def test_budgets_are_named_and_so_is_a_pause(good: pytest.MonkeyPatch, database_url: str) -> None:
    good.setenv("BUDGET_DAY_USD", "20")
    database = Database(database_url)
    mine = Policy(scope=Scope.INSTALLATION, subject="", paused=True, pool_month_micro=50_000_000)
    await PostgresPolicies(database).lay_down(mine, "test")
    await database.close()
    healthy, said = await doctor()
    assert healthy, said
    assert "ok    Budgets: everybody together may spend $20.00 a day, $50.00 a month." in "\n".join(said)
    assert any("paused by an admin" in line for line in said)


async def test_a_mail_server_is_tried_and_its_fault_named(good: pytest.MonkeyPatch) -> None:
    async with FakeMail(user="limner", password="p4ssw0rd-x") as server:
        good.setenv("SMTP_URL", server.url)
        healthy, said = await doctor()
        assert healthy, said
        assert "ok    E-mail: the server answers." in said
        server.password = "another"
        healthy, said = await doctor()
    assert not healthy
    [fault] = faults(said)
    assert "535" in fault
    assert fault.endswith("Mend SMTP_URL.")
    assert "p4ssw0rd" not in fault
    assert server.mails == []
