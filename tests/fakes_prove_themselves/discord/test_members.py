"""Roles, threads and direct messages: who may do what where, as the real discord.py is told."""

from __future__ import annotations

import discord
import pytest

from tests.fakes.discord import ClientRefused, FakeDiscord
from tests.fakes_prove_themselves.discord.material import taken
from tests.fakes_prove_themselves.discord.small_bot import Bot


async def test_an_interaction_tells_the_members_roles_and_permissions(fake: FakeDiscord, bot: Bot) -> None:
    bob = fake.add_user("bob", fake.guild)
    plain = await fake.add_role(fake.guild, "plain", bob)
    await fake.add_role(fake.guild, "stewards", bob, allows=["manage_guild"])
    await fake.slash(bob, "wait")
    interaction = await taken(bot.interactions)
    assert isinstance(interaction.user, discord.Member)
    assert interaction.user.get_role(plain.id) is not None
    assert {role.name for role in interaction.user.roles} == {"@everyone", "plain", "stewards"}
    assert interaction.permissions.manage_guild
    assert not interaction.permissions.administrator


async def test_the_owner_may_do_everything(fake: FakeDiscord, bot: Bot) -> None:
    await fake.slash(fake.ada, "wait")
    interaction = await taken(bot.interactions)
    assert interaction.permissions.administrator
    assert interaction.permissions.manage_guild


async def test_a_command_is_hidden_from_those_without_its_permission_unless_the_server_offers_it(
    fake: FakeDiscord, bot: Bot
) -> None:
    command = next(one for one in fake.state.commands[None] if one["name"] == "wait")
    command["default_member_permissions"] = str(discord.Permissions(manage_guild=True).value)
    bob = fake.add_user("bob", fake.guild)
    with pytest.raises(ClientRefused):
        await fake.slash(bob, "wait")
    fake.guild.let_use_commands.add(bob.id)
    await fake.slash(bob, "wait")
    assert not (await taken(bot.interactions)).permissions.manage_guild


async def test_a_thread_has_its_channels_permissions_and_one_of_its_own(fake: FakeDiscord, bot: Bot) -> None:
    thread = await fake.add_thread(fake.here, "sketches")
    await fake.slash(fake.ada, "wait", channel=thread)
    channel = (await taken(bot.interactions)).channel
    assert isinstance(channel, discord.Thread)
    assert channel.parent_id == fake.here.id
    there = bot.get_partial_messageable(thread.id)
    await there.send("hello")
    await fake.revoke(fake.here, "send_messages_in_threads")
    with pytest.raises(discord.Forbidden) as refused:
        await there.send("hello")
    assert refused.value.code == 50013
    await bot.get_partial_messageable(fake.here.id).send("still")
    assert fake.violations == []


async def test_somebody_who_takes_no_direct_messages_cannot_be_written_to(fake: FakeDiscord, bot: Bot) -> None:
    shy = fake.add_user("shy", fake.guild, accepts_dms=False)
    for user in (fake.ada, shy):
        channel = await bot.create_dm(discord.Object(user.id))
        if user is shy:
            with pytest.raises(discord.Forbidden) as refused:
                await channel.send("hello")
            assert refused.value.code == 50007
        else:
            await channel.send("hello")
    assert [message.content for message in fake.visible(fake.dm(fake.ada))] == ["hello"]
    assert fake.violations == []
