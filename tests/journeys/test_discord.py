"""Discord, with the real discord.py in a process of its own: asked, acknowledged, drawn, delivered, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.openai import FakeOpenAI
from tests.journeys.archive import Archive
from tests.journeys.processes import limner

PACE = 1.3
"""Seconds between the provider's previews: slower than the edits, so that each can be seen."""


@pytest.fixture
def environment(base: dict[str, str], discord: FakeDiscord) -> dict[str, str]:
    return base | {name: value for name, value in discord.environment({}).items() if name.startswith("DISCORD")}


def _is_finished(message: Message) -> bool:
    return any(name.startswith("limner:again:") for name in message.custom_ids)


async def test_a_picture_is_asked_for_watched_and_kept(
    discord: FakeDiscord, openai: FakeOpenAI, environment: dict[str, str], archive: Archive, logs: Path
) -> None:
    openai.pace = PACE
    async with limner(environment, logs):
        await discord.connected()
        asked = await discord.slash(discord.ada, "imagine", {"prompt": "a lighthouse in a storm"})
        acknowledged = await asked.acknowledged()
        assert acknowledged.seconds < 3
        message = await asked.response()
        await message.until(_is_finished)

        progress = message.states[1:-1]
        assert len({str(state.json) for state in progress}) >= 3
        assert any(state.files for state in progress), "no partial picture was shown"
        [kept] = await archive.pictures()
        [call] = openai.calls
        [attachment] = message.files
        assert attachment.data == call.data == kept.data
        assert kept.prompt == "a lighthouse in a storm"
        assert attachment.description
