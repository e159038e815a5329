"""Strangers without a token, with somebody else's ids or with a forged signature get nothing and leave nothing."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.deliveries import Tampering
from tests.journeys import on_rest, on_slack
from tests.journeys.archive import Archive
from tests.journeys.on_rest import Rest
from tests.journeys.processes import Limner, limner

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], slack: FakeSlack, logs: Path) -> AsyncIterator[Limner]:
    async with limner(base | on_slack.settings(slack, on_slack.HTTP), logs) as processes:
        await on_slack.listening(slack, on_slack.HTTP, processes.address)
        yield processes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada(running: Limner, database_url: str) -> AsyncIterator[Rest]:
    async with on_rest.caller(running.address, database_url, "ada") as rest:
        yield rest


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mallory(running: Limner, database_url: str) -> AsyncIterator[Rest]:
    async with on_rest.caller(running.address, database_url, "mallory") as rest:
        yield rest


Way = tuple[str, str, dict[str, str] | None]

WAYS_TO_A_TASK: tuple[Way, ...] = (
    ("GET", "/images/tasks/{}/status", None),
    ("GET", "/images/tasks/{}/stream", None),
    ("DELETE", "/images/tasks/{}", None),
    ("POST", "/images/tasks/{}/again", {}),
    ("GET", "/turns/{}", None),
)
WAYS_TO_A_PICTURE: tuple[Way, ...] = (
    ("GET", "/images/{}/download", None),
    ("GET", "/images/{}/download?format=jpeg", None),
    ("GET", "/images/{}/thumbnail", None),
)
NO_TOKENS = (
    "",
    "Bearer",
    "Bearer ",
    "Basic YWRhOmFkYQ==",
    f"Bearer limner_{secrets.token_urlsafe(32)}",
    "Bearer \u00fc",
)


@pytest.mark.parametrize("authorization", NO_TOKENS, ids=range(len(NO_TOKENS)))
async def test_without_a_valid_token_nothing_is_told_and_nothing_is_stored(
    authorization: str, ada: Rest, archive: Archive
) -> None:
    before = await archive.count("generations")
    ways: list[Way] = [("POST", "/images/generate", {"prompt": "a cat"}), *WAYS_TO_A_TASK, *WAYS_TO_A_PICTURE]
    for method, path, body in ways:
        answer = await ada.send(method, path.format(uuid4()), body, Authorization=authorization)

        assert answer.status == 401, (method, path, answer.text)
        assert answer.body["error"]["next_step"]
    assert await archive.count("generations") == before


async def test_what_is_somebody_elses_does_not_exist(ada: Rest, mallory: Rest, archive: Archive) -> None:
    task = await ada.ask("for ada's eyes only")
    image = (await ada.over(task))["image_data"]["id"]
    before = await archive.count("generations")
    for ways, theirs in ((WAYS_TO_A_TASK, task), (WAYS_TO_A_PICTURE, image)):
        for method, path, body in ways:
            of_another = await mallory.send(method, path.format(theirs), body)
            unknown = await mallory.send(method, path.format(uuid4()), body)

            assert of_another.status == unknown.status == 404, (method, path)
            assert of_another.text == unknown.text

    assert await archive.count("generations") == before
    assert (await ada.status(task))["status"] == "completed"


@pytest.mark.parametrize(
    "path",
    [
        "/images/tasks/../../etc/passwd/status",
        "/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd/download",
        "/images/1/download",
        "/images/%00/download",
        "/static/../wiring.py",
        "/static/%2e%2e/config.py",
        "/turns/';DROP TABLE users;--",
    ],
)
async def test_an_address_with_tricks_leads_nowhere(path: str, ada: Rest) -> None:
    answer = await ada.send("GET", path)

    assert answer.status in {400, 403, 404}
    assert "import" not in answer.text


@pytest.mark.parametrize("trick", [{"forged": True}, {"stale": True}], ids=["forged", "stale"])
async def test_a_request_that_slack_did_not_sign_just_now_is_refused(
    trick: Tampering, running: Limner, slack: FakeSlack, archive: Archive
) -> None:
    before, said = await archive.count("generations"), len(slack.bot_messages())
    command = await slack.slash(slack.alice, "/imagine", "a cat", channel=slack.channel, **trick)
    mention = await slack.mention(slack.alice, slack.channel, "a cat", **trick)

    assert [command.status, mention.status] == [401, 401]
    assert await archive.count("generations") == before
    assert len(slack.bot_messages()) == said


async def test_a_request_that_slack_signed_is_taken(running: Limner, slack: FakeSlack, archive: Archive) -> None:
    await on_slack.finished(slack, await on_slack.ask(slack, "a cat that may come in"))

    assert len(await archive.pictures("a cat that may come in")) == 1
