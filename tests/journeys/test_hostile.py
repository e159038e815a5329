"""Hostile prompts: taken as words or refused in a sentence, and on no platform anything but words."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI, faults
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage
from tests.journeys import nasty, on_discord, on_rest, on_slack, page_shape
from tests.journeys.archive import Archive
from tests.journeys.on_rest import Answer, Rest
from tests.journeys.processes import Limner, limner

PATIENCE = 40.0
SMALL = {"size": "1024x640", "quality": "low"}

anything_typed = st.text(st.characters(), max_size=200) | st.lists(st.sampled_from(nasty.ALL), max_size=3).map("".join)
anything_sent = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)
few = examples(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    base: dict[str, str], discord: FakeDiscord, slack: FakeSlack, openai: FakeOpenAI, logs: Path
) -> AsyncIterator[Limner]:
    openai.script(faults.Unlike(partials=0), times=5000)
    environment = {**base, **on_discord.settings(discord), **on_slack.settings(slack, on_slack.SOCKET)}
    async with limner(environment, logs) as processes:
        await discord.connected()
        await on_slack.listening(slack, on_slack.SOCKET, processes.address)
        yield processes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada(running: Limner, database_url: str) -> AsyncIterator[Rest]:
    async with on_rest.caller(running.address, database_url, "ada") as rest:
        yield rest


async def test_there_are_enough_nasty_prompts() -> None:
    assert len(set(nasty.ALL)) >= 50


async def test_over_rest_each_is_drawn_as_words_or_refused_in_a_sentence(
    ada: Rest, openai: FakeOpenAI, archive: Archive
) -> None:
    answers = await asyncio.gather(*(_generate(ada, prompt) for prompt in nasty.ALL))
    taken = [answer.body["task_id"] for answer in answers if answer.status == 202]
    ends = await asyncio.gather(*(ada.over(task, PATIENCE) for task in taken))

    for prompt, answer in zip(nasty.ALL, answers, strict=True):
        _is_an_answer(answer, prompt)
    assert len(taken) >= 40
    assert {end["status"] for end in ends} == {"completed"}
    assert await archive.count("generations") == len(taken)
    for call in openai.calls:
        _is_harmless(call.body["prompt"])
    shapes = [page_shape.read((await ada.send("GET", f"/turns/{task}")).text) for task in taken]
    shown = [row["prompt"] for task in taken for row in await archive.rows(_PROMPT, task)]
    assert [_words(asked) for _, asked in shapes] == [_words(prompt) for prompt in shown]
    assert len({str(shape) for shape, _ in shapes}) == 1, "a prompt changed the page"


async def test_on_discord_nobody_is_pinged_and_nothing_is_markup(
    running: Limner, discord: FakeDiscord, archive: Archive
) -> None:
    guest = discord.add_user("@everyone **<@1>**", discord.guild)
    prompts = [prompt for prompt in nasty.ALL if prompt.strip() and len(prompt) <= 6000]
    messages = []
    for start in range(0, len(prompts), 10):
        some = prompts[start : start + 10]
        messages += await asyncio.gather(*(on_discord.ask(discord, one, SMALL, user=guest) for one in some))
    for message in messages:
        await message.until(lambda now: "cancel" not in on_discord.verbs(now), PATIENCE)

    assert not any(message.mentions or message.mention_everyone for message in discord.message_list)
    for entry in discord.log.entries:
        if {"content", "embeds"} & entry.body.keys():
            assert entry.body["allowed_mentions"]["parse"] == [], entry
            assert not {"users", "roles"} & entry.body["allowed_mentions"].keys()
    for text in _parsed_by_discord(discord):
        bare = re.sub(r"\\.|^(ready|next try) <t:\d+:R>$|^`[█░]+`", "", text, flags=re.DOTALL | re.MULTILINE)
        assert not set("*_~`|<>@[#") & set(bare), text
    assert len([one for one in messages if on_discord.has(one, "again")]) >= 35


async def test_in_slack_nobody_is_pinged_and_nothing_is_markup(running: Limner, slack: FakeSlack) -> None:
    prompts = [prompt for prompt in nasty.ALL if prompt.strip() and len(prompt) <= 3000 and "\x00" not in prompt]
    for start in range(0, len(prompts), 10):
        some = prompts[start : start + 10]
        await asyncio.gather(*(slack.slash(slack.alice, "/imagine", one, channel=slack.channel) for one in some))
    await slack.wait_for(lambda: len(_settled(slack)) == len(prompts), PATIENCE)

    said = [request for request in slack.requests if {"text", "blocks"} & request.params.keys()]
    assert len(said) >= len(prompts)
    for request in said:
        for text in _parsed_by_slack(request.params):
            assert not re.search("[<>]", text), text
            assert not re.search("&(?!(amp|lt|gt);)", text), text
        if request.method != "response_url":
            assert request.params["parse"] == "none"
            assert "link_names" not in request.params


@few
@given(prompt=anything_typed)
async def test_any_text_at_all_is_answered_over_rest(ada: Rest, prompt: str) -> None:
    _is_an_answer(await _generate(ada, prompt), prompt)


@few
@given(body=anything_sent)
async def test_any_body_at_all_is_answered_over_rest(ada: Rest, body: object) -> None:
    _is_an_answer(await ada.send_raw("POST", "/images/generate", json.dumps(body).encode()), body)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"prompt": "\xed\xa0\x80"}', b"[" * 100_000, b'"' * 10])
async def test_a_body_that_is_no_json_is_refused(raw: bytes, ada: Rest, archive: Archive) -> None:
    before = await archive.count("generations")
    answer = await ada.send_raw("POST", "/images/generate", raw)

    assert answer.status == 400
    assert answer.sentence
    assert await archive.count("generations") == before


async def test_no_address_in_a_prompt_is_ever_opened(ada: Rest, discord: FakeDiscord, archive: Archive) -> None:
    task = await ada.ask(f"see {discord.api_url}/stolen and <lora:{discord.api_url}/stolen:1>", **SMALL)

    assert (await ada.over(task))["status"] == "completed"
    assert not [entry for entry in discord.log.entries if "stolen" in entry.path]


_PROMPT = "SELECT prompt FROM generations WHERE id = $1::uuid"


async def _generate(rest: Rest, prompt: str) -> Answer:
    # ASCII with escapes, so that halves of characters travel, too.
    body = json.dumps({"prompt": prompt, **SMALL}).encode("ascii")
    return await rest.send_raw("POST", "/images/generate", body)


def _is_an_answer(answer: Answer, sent: object) -> None:
    assert answer.status in {202, 400}, (sent, answer.text)
    if answer.status == 400:
        assert answer.sentence, sent
        assert "Traceback" not in answer.text


def _is_harmless(prompt: str) -> None:
    assert prompt.strip()
    assert len(prompt) <= 32_000
    assert not [char for char in prompt if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n"], repr(prompt)
    assert not re.search("<sd_cpp_extra_args|<lora:|<hypernet:", prompt, re.IGNORECASE)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(prompt)


def _words(text: str) -> str:
    """As HTML reads it: a browser normalises line ends."""
    return text.replace("\r\n", "\n").strip()


def _parsed_by_discord(discord: FakeDiscord) -> Iterator[str]:
    """Every text in which Discord looks for markup. Authors' names and footers know none."""
    for message in discord.message_list:
        for state in message.states:
            yield state.content
            for embed in state.json["embeds"]:
                yield embed.get("title", "")
                yield embed.get("description", "")
                yield from (field["value"] for field in embed.get("fields", ()))


def _settled(slack: FakeSlack) -> list[SlackMessage]:
    """Refusals and messages that are at their end."""
    return [message for message in slack.bot_messages() if not on_slack.has(message, "cancel")]


def _parsed_by_slack(params: dict[str, Any]) -> Iterator[str]:
    """Every text in which Slack looks for markup, but for the name of the asker, which is our own."""
    yield str(params.get("text") or "")
    blocks = params.get("blocks") or []
    pending: list[Any] = [json.loads(blocks) if isinstance(blocks, str) else blocks]
    while pending:
        part = pending.pop()
        if isinstance(part, dict) and part.get("type") == "mrkdwn":
            yield re.sub(r"^Asked by <@U0[A-Z]+>$", "", part["text"])
        pending += list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
