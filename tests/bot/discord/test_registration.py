"""The command as Discord is told of it: once, in the right place, and with suggestions while one types."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.bot.discord.conftest import Start
from tests.fakes.discord import ClientRefused, FakeDiscord, Interaction
from tests.fakes.workshop import Workshop

PUT = r"/applications/.*/commands"


async def _values(interaction: Interaction) -> list[str]:
    return [choice["value"] for choice in await interaction.choices()]


async def test_the_command_is_registered_for_servers_direct_messages_and_users(fake: FakeDiscord, start: Start) -> None:
    await start()
    command = fake.commands()["imagine"]
    names = [option["name"] for option in command["options"]]
    assert names == ["prompt", "size", "quality", "style", "count", "model", "background", "image"]
    assert all(option["description"] for option in command["options"])
    assert sorted(command["contexts"]) == [0, 1, 2]
    assert sorted(command["integration_types"]) == [0, 1]


async def test_the_commands_about_ones_own_requests_are_offered_wherever_pictures_are(
    fake: FakeDiscord, start: Start
) -> None:
    await start()
    assert sorted(fake.commands()) == ["cancel", "imagine", "limner-admin", "queue", "usage"]
    for name in ("cancel", "queue", "usage"):
        assert sorted(fake.commands()[name]["contexts"]) == [0, 1, 2]


@pytest.mark.parametrize("in_guild", [False, True])
async def test_what_is_registered_already_is_not_registered_again(
    in_guild: bool, fake: FakeDiscord, start: Start
) -> None:
    where = {"guild_id": fake.guild.id} if in_guild else {}
    await start("one", **where)
    await start("two", **where)
    assert len(fake.log.matching("PUT", PUT)) == 1
    assert ("imagine" in fake.commands(fake.guild)) is in_guild
    assert ("imagine" in fake.commands()) is not in_guild


async def test_a_command_that_has_changed_is_registered_anew(fake: FakeDiscord, start: Start) -> None:
    await start("one")
    imagine = next(one for one in fake.state.commands[None] if one["name"] == "imagine")
    imagine["options"][0]["description"] = "An older text"
    await start("two")
    assert len(fake.log.matching("PUT", PUT)) == 2
    assert "An older text" not in str(fake.commands())


async def test_a_server_that_the_bot_is_not_in_does_not_keep_it_from_serving(fake: FakeDiscord, start: Start) -> None:
    adapter = await start("one", guild_id=1)
    assert adapter.ready.is_set()
    with pytest.raises(ClientRefused):
        await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})


@pytest.mark.parametrize(
    ("option", "typed", "first"),
    [
        ("style", "water", "watercolor"),
        ("model", "sunburst", "gpt-image-2.5-sunburst"),
        ("size", "", "1024x1024"),
        ("size", "16:9", "16:9"),
        ("size", "1280x720", "1280x720"),
        ("size", "land", "landscape"),
    ],
)
async def test_suggestions_follow_what_is_typed(
    option: str, typed: str, first: str, fake: FakeDiscord, start: Start
) -> None:
    await start()
    values = await _values(await fake.autocomplete(fake.ada, "imagine", option, typed, {"prompt": "a cat"}))
    assert values[0] == first


async def test_a_size_that_the_model_cannot_make_is_suggested_as_the_nearest(fake: FakeDiscord, start: Start) -> None:
    await start()
    values = await _values(await fake.autocomplete(fake.ada, "imagine", "size", "1281x721", {"prompt": "a cat"}))
    assert values[0] == "1280x720"


async def test_suggestions_with_two_processes_log_no_error(
    fake: FakeDiscord, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    await start("one")
    await start("two")
    await fake.connected(2)
    for typed in ("w", "wa", "wat"):
        assert await _values(await fake.autocomplete(fake.ada, "imagine", "style", typed, {"prompt": "a cat"}))
    await fake.wait_for(lambda: len(fake.log.matching("POST", "/interactions/.*", 400)) == 3)
    assert _errors(caplog.messages) == []


async def test_a_command_that_is_no_longer_known_is_answered(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    fake.state.commands[None].append({**fake.state.commands[None][0], "name": "paint"})
    said = await (await fake.slash(fake.ada, "paint", {"prompt": "a cat"})).response()
    assert said.ephemeral
    assert "has changed" in said.now.text
    assert workshop.requests == []


def _errors(messages: Sequence[str]) -> list[str]:
    return [one for one in messages if "Ignoring exception" in one or "failed" in one]
