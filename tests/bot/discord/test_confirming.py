"""A dear request is asked about, and made once, by its asker, however often and in whichever process it is pressed."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from bot.discord import DiscordConfig
from core.policies import Policy, Scope
from tests.bot.discord.conftest import Start, serving
from tests.fakes.discord import FakeDiscord, Message
from tests.fakes.pictures import drawn
from tests.fakes.workshop import Workshop


@pytest.fixture(autouse=True)
def dear(workshop: Workshop) -> None:
    """Everything is dear here."""
    workshop.house = replace(workshop.house, confirm_above_micro=1)


async def _question(fake: FakeDiscord, prompt: str = "a *palace* --seed 7") -> Message:
    return await (await fake.slash(fake.ada, "imagine", {"prompt": prompt})).response()


def _button(message: Message, verb: str) -> str:
    return next(one for one in message.custom_ids if one.startswith(f"limner:{verb}:"))


async def test_the_price_is_asked_about_and_yes_makes_it_in_the_same_message(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _question(fake)
    assert "a \\*palace\\*" in message.now.text
    assert "Nothing has been charged yet" in message.now.text
    assert "Make it for $0.0" in message.now.text
    assert workshop.requests == []
    await fake.press(fake.ada, message, _button(message, "make"))
    await message.until(lambda one: "Next in line" in one.now.text)
    [generation] = workshop.requests
    assert generation.prompt == "a *palace*"
    await workshop.finish(generation.id, [drawn()])
    await message.until(lambda one: bool(one.files))
    assert "does not use seeds" in message.now.text
    assert fake.visible() == [message]


async def test_pressed_twice_it_is_one_request(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    message = await _question(fake)
    yes = _button(message, "make")
    pressed = [await fake.press(fake.ada, message, yes) for _ in range(2)]
    for one in pressed:
        await one.acknowledged()
    await message.until(lambda one: "Next in line" in one.now.text)
    await workshop.finish(workshop.requests[0].id, [drawn()])
    await message.until(lambda one: bool(one.files))
    assert len(workshop.requests) == 1
    assert fake.visible() == [message]


async def test_a_stranger_can_say_neither_yes_nor_no(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    message = await _question(fake)
    bob = fake.add_user("bob", fake.guild)
    for verb in ("make", "decline"):
        said = await (await fake.press(bob, message, _button(message, verb))).followup()
        assert said.ephemeral
        assert "Only the person who asked" in said.now.text
    assert workshop.requests == []
    assert _button(message, "make")


async def test_no_takes_the_buttons_away_and_makes_nothing(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    message = await _question(fake)
    await fake.press(fake.ada, message, _button(message, "decline"))
    await message.until(lambda one: "Not made. Nothing was charged." in one.now.text)
    assert message.custom_ids == []
    assert workshop.requests == []


async def test_variations_of_what_is_dear_are_asked_about_too(
    fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    message = await _question(fake, "a hut")
    await fake.press(fake.ada, message, _button(message, "make"))
    await message.until(lambda one: "in line" in one.now.text)
    await workshop.finish(workshop.requests[0].id, [drawn()])
    await message.until(lambda one: bool(one.files))
    asked = await (await fake.press(fake.ada, message, _button(message, "again"))).response()
    assert "a hut" in asked.now.text
    await fake.press(fake.ada, asked, _button(asked, "make"))
    await asked.until(lambda one: "in line" in one.now.text)
    assert [one.prompt for one in workshop.requests] == ["a hut", "a hut"]
    server = f"discord:{fake.guild.id}"
    places = [(one.venue.workspace, one.venue.channels) for one in workshop.store.proposals.values()]
    assert places == [(server, (f"{server}/{fake.here.id}",))] * 2


async def test_yes_works_after_a_restart_and_a_limit_met_meanwhile_is_told_to_the_presser_alone(
    fake: FakeDiscord, workshop: Workshop
) -> None:
    config = DiscordConfig(token=fake.token, api_url=fake.api_url)
    async with AsyncExitStack() as first:
        await first.enter_async_context(serving(config, workshop.studio("one")))
        message = await _question(fake)
    async with serving(config, workshop.studio("two")):
        paused = Policy(scope=Scope.INSTALLATION, subject="", paused=True)
        workshop.store.policies.append(paused)
        said = await (await fake.press(fake.ada, message, _button(message, "make"))).followup()
        assert said.ephemeral
        assert "paused" in said.now.text
        workshop.store.policies.remove(paused)
        await fake.press(fake.ada, message, _button(message, "make"))
        await message.until(lambda one: "Next in line" in one.now.text)
    assert len(workshop.requests) == 1
