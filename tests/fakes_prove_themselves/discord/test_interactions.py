"""Commands, buttons, modals and their tokens, as the real discord.py meets them."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from tests.fakes.discord import CHOICES, DEFER_REPLY, ClientRefused, FakeDiscord, InteractionFailed
from tests.fakes_prove_themselves.discord.material import picture, png, taken
from tests.fakes_prove_themselves.discord.small_bot import Bot, running


async def test_a_command_becomes_a_picture_and_its_buttons_work(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "imagine", {"prompt": "a lighthouse", "count": 2, "quality": "high"})
    acknowledged = await asked.acknowledged()
    placeholder = await asked.placeholder()
    shown = await asked.response()
    assert acknowledged.kind == DEFER_REPLY
    assert acknowledged.seconds < 3
    assert shown is placeholder
    assert [state.loading for state in shown.states] == [True, False]
    assert shown.now.content == "a lighthouse x2 high"
    assert shown.files[0].data == png()
    assert shown.json["attachments"][0]["description"] == "A lighthouse"

    modal = await (await fake.press(fake.ada, shown, "edit")).modal()
    assert modal.title == "Edit the prompt"
    await fake.submit_modal(fake.ada, modal, {"prompt": "a bluer lighthouse"})
    await shown.until(lambda message: message.now.content == "again: a bluer lighthouse")
    assert shown.files[0].data == png(), "an edit that does not speak of attachments keeps them"

    liked = await (await fake.press(fake.ada, shown, "heart:image1")).response()
    assert liked.now.content == "You like image1"
    assert liked.ephemeral
    assert fake.violations == []


async def test_an_attachment_option_arrives_with_its_bytes(fake: FakeDiscord, bot: Bot) -> None:
    picked = fake.attachment("mine.png", png(64))
    shown = await (await fake.slash(fake.ada, "imagine", {"prompt": "x", "image": picked})).response()
    assert shown.now.content.endswith(f"from {len(png(64))} bytes")


async def test_suggestions_come_while_typing(fake: FakeDiscord, bot: Bot) -> None:
    typing = await fake.autocomplete(fake.ada, "imagine", "prompt", "a lake")
    assert await typing.choices() == [{"name": "a lake at night", "value": "a lake at night"}]
    assert (await typing.acknowledged()).kind == CHOICES
    assert fake.violations == []


async def test_a_message_can_be_imagined_from_its_menu(fake: FakeDiscord, bot: Bot) -> None:
    said = await fake.say(fake.ada, None, "a castle in the rain")
    answer = await (await fake.context_menu(fake.ada, "Imagine this", said)).response()
    assert answer.now.content == "From: a castle in the rain"


@pytest.mark.parametrize(
    "values", [{}, {"prompt": "x", "count": 5}, {"prompt": "x", "quality": "low"}, {"prompt": "x", "size": "big"}]
)
async def test_what_no_client_would_send_is_refused(fake: FakeDiscord, bot: Bot, values: dict[str, Any]) -> None:
    with pytest.raises(ClientRefused):
        await fake.slash(fake.ada, "imagine", values)


async def test_a_silent_bot_fails_the_interaction(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "silent")
    fake.clock.advance(3.1)
    with pytest.raises(InteractionFailed):
        await asked.acknowledged()
    interaction = await taken(bot.interactions)
    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.send_message("too late")
    assert refused.value.code == 10062


async def test_an_interaction_is_acknowledged_only_once(fake: FakeDiscord, bot: Bot) -> None:
    twin = Bot(sync=False)
    for command in bot.tree.get_commands(type=discord.AppCommandType.chat_input):
        twin.tree.add_command(command)
    async with running(twin, fake):
        await fake.slash(fake.ada, "silent")
        first, second = await taken(bot.interactions), await taken(twin.interactions)
        assert first.id == second.id
        await first.response.send_message("mine")
        with pytest.raises(discord.HTTPException) as refused:
            await second.response.send_message("no, mine")
    assert refused.value.code == 40060


async def test_context_and_installation_reach_the_bot(fake: FakeDiscord, bot: Bot) -> None:
    abroad = await fake.add_guild("Abroad", fake.ada, bot_installed=False)
    await fake.slash(fake.ada, "wait", channel=fake.dm(fake.ada))
    in_dm = await taken(bot.interactions)
    assert in_dm.context.dm_channel
    assert in_dm.guild is None
    await fake.slash(fake.ada, "wait", guild=abroad)
    in_guild = await taken(bot.interactions)
    assert in_guild.is_user_integration()
    assert not in_guild.is_guild_integration()
    assert in_guild.filesize_limit == 10 * 1024 * 1024
    grace = fake.add_user("grace")
    await fake.slash(fake.ada, "wait", channel=fake.private_channel(fake.ada, grace))
    assert (await taken(bot.interactions)).context.private_channel
    assert fake.violations == []


async def test_a_user_installed_app_may_follow_up_five_times(fake: FakeDiscord, bot: Bot) -> None:
    abroad = await fake.add_guild("Abroad", fake.ada, bot_installed=False)
    asked = await fake.slash(fake.ada, "silent", guild=abroad)
    interaction = await taken(bot.interactions)
    await interaction.response.send_message("0")
    fake.rate_limits.change("webhook", 100, 1.0)
    for number in range(1, 6):
        await interaction.followup.send(str(number))
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.followup.send("6")
    assert refused.value.code == 40094
    assert [message.now.content for message in asked.followups] == ["1", "2", "3", "4", "5"]
    with pytest.raises(discord.Forbidden) as absent:
        await bot.get_partial_messageable(next(iter(abroad.channels))).send("as the bot")
    assert absent.value.code == 50001


async def test_the_first_followup_fills_a_deferred_answer(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "wait")
    interaction = await taken(bot.interactions)
    await asked.acknowledged()
    await interaction.followup.send("done")
    await interaction.followup.send("one more thing", ephemeral=True)
    assert (await asked.response()).now.content == "done"
    assert [message.ephemeral for message in asked.followups] == [True]
    assert [message.now.content for message in fake.visible()] == ["done", "one more thing"]
    await interaction.delete_original_response()
    assert [message.now.content for message in fake.visible()] == ["one more thing"]
    assert fake.violations == []


async def test_after_its_token_expired_the_bot_edits_as_itself(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "wait")
    placeholder = await asked.placeholder()
    interaction = await taken(bot.interactions)
    fake.clock.advance(15 * 60 + 1)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="late")
    assert (refused.value.status, refused.value.code) == (401, 50027)
    message = bot.get_partial_messageable(fake.here.id).get_partial_message(placeholder.id)
    await message.edit(content="late, but here", attachments=[picture()])
    assert placeholder.now.content == "late, but here"
    assert placeholder.files[0].data == png()
    assert fake.violations == []


async def test_a_hundred_people_are_served_at_once(fake: FakeDiscord, bot: Bot) -> None:
    people = [fake.add_user(f"user{number}", fake.guild) for number in range(100)]
    asked = [await fake.slash(person, "imagine", {"prompt": person.name}) for person in people]
    shown = await asyncio.gather(*(interaction.response(timeout=30) for interaction in asked))
    assert [message.now.content for message in shown] == [f"{person.name} x1 auto" for person in people]
    assert len(fake.visible()) == 100
    assert fake.violations == []
