"""Starting and stopping, and what the doctor finds."""

from __future__ import annotations

import asyncio

import pytest

from bot.discord import DiscordAdapter, DiscordConfig, WrongToken, inspect
from tests.bot.discord.conftest import Start, serving
from tests.fakes.away import AwayRequests
from tests.fakes.discord import FakeDiscord
from tests.fakes.pictures import drawn
from tests.fakes.workshop import Workshop


def config(fake: FakeDiscord, token: str | None = None, guild_id: int | None = None) -> DiscordConfig:
    return DiscordConfig(token=token or fake.token, api_url=fake.api_url, guild_id=guild_id)


async def test_a_wrong_token_ends_the_run_with_a_sentence_that_does_not_contain_it(
    fake: FakeDiscord, workshop: Workshop
) -> None:
    adapter = DiscordAdapter(config(fake, "not-the-token"), workshop.studio())
    with pytest.raises(WrongToken) as refused:
        await adapter.run()
    assert "DISCORD_TOKEN" in str(refused.value)
    assert "not-the-token" not in f"{refused.value} {refused.value.__cause__} {config(fake, 'not-the-token')!r}"


async def test_a_discord_that_is_away_at_the_start_is_waited_for(fake: FakeDiscord, workshop: Workshop) -> None:
    fake.faults.drop("GET", "/users/@me")
    async with serving(config(fake), workshop.studio()) as adapter:
        assert adapter.ready.is_set()


async def test_a_gateway_of_ones_own_is_used_instead_of_the_one_that_the_api_names(
    fake: FakeDiscord, workshop: Workshop
) -> None:
    own = DiscordConfig(token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
    async with serving(own, workshop.studio()):
        assert fake.log.matching("GET", "/gateway/bot") == []


async def test_no_privileged_intent_is_asked_for(fake: FakeDiscord, start: Start) -> None:
    await start()
    [session] = await fake.connected()
    assert session.intents == 1


async def test_a_message_left_by_a_stopped_process_is_finished_by_the_next(
    fake: FakeDiscord, workshop: Workshop
) -> None:
    async with serving(config(fake), workshop.studio("one")):
        message = await (await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})).response()
    await workshop.finish(workshop.requests[0].id, [drawn()])
    fake.clock.advance(16 * 60)
    async with serving(config(fake), workshop.studio("two")):
        await message.until(lambda one: [file.data for file in one.files] == [drawn()], 20)
    assert await workshop.deliveries.outcome(workshop.requests[0].id) == "delivered"


async def test_stopping_waits_for_a_request_that_is_being_accepted(fake: FakeDiscord, workshop: Workshop) -> None:
    async with serving(config(fake), workshop.studio()):
        asked = await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})
        await asked.acknowledged()
    assert len(workshop.requests) == 1


async def test_when_the_database_is_away_the_user_reads_a_sentence(fake: FakeDiscord) -> None:
    async with serving(config(fake), Workshop(AwayRequests(refuse=1)).studio()):
        message = await (await fake.slash(fake.ada, "imagine", {"prompt": "a cat"})).response()
    assert "try again" in message.now.text


async def test_the_doctor_finds_nothing_wrong_with_a_good_account(fake: FakeDiscord) -> None:
    findings = await inspect(config(fake, guild_id=fake.guild.id))
    assert [one.what for one in findings if not one.ok] == []
    assert str(fake.bot.id) in " ".join(one.what for one in findings)


async def test_the_doctor_names_a_wrong_token_and_the_mend(fake: FakeDiscord) -> None:
    [finding] = await inspect(config(fake, "not-the-token"))
    assert not finding.ok
    assert "Bot page" in finding.mend


async def test_the_doctor_names_a_server_that_the_bot_is_not_in(fake: FakeDiscord) -> None:
    findings = await inspect(config(fake, guild_id=1))
    [fault] = [one for one in findings if not one.ok]
    assert "DISCORD_GUILD_ID" in fault.mend


async def test_the_doctor_says_so_when_discord_cannot_be_reached() -> None:
    async with asyncio.timeout(10):
        [finding] = await inspect(DiscordConfig(token="t", api_url="http://127.0.0.1:1"))
    assert not finding.ok
    assert "cannot be reached" in finding.what
