"""The real discord.py, unpatched, cannot tell the fake Discord from the real one."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from PIL import Image

from tests.fakes.discord import CHOICES, DEFER_REPLY, ClientRefused, FakeDiscord, InteractionFailed
from tests.fakes_prove_themselves.discord_bot import Bot, Buttons, pointed_at, running


def _png(size: int = 8) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (size, size), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def _file(name: str = "picture.png", data: bytes | None = None, description: str | None = None) -> discord.File:
    return discord.File(io.BytesIO(_png() if data is None else data), name, description=description)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        with pointed_at(server):
            yield server


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    client = Bot()

    @client.tree.command()
    @app_commands.choices(quality=[app_commands.Choice(name="High", value="high")])
    async def imagine(
        interaction: discord.Interaction[Any],
        prompt: str,
        count: app_commands.Range[int, 1, 4] = 1,
        quality: str | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        """Makes a picture."""
        await interaction.response.defer(thinking=True)
        told = f"{prompt} x{count} {quality or 'auto'}"
        if image is not None:
            told += f" from {len(await image.read())} bytes"
        await interaction.edit_original_response(
            content=told, attachments=[_file(description="A lighthouse")], view=Buttons()
        )

    @imagine.autocomplete("prompt")
    async def suggest(_interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} at night", value=f"{typed} at night")]

    @client.tree.command()
    async def wait(interaction: discord.Interaction[Any]) -> None:
        """Defers and leaves the rest to the test."""
        await interaction.response.defer(thinking=True)

    @client.tree.command()
    async def silent(interaction: discord.Interaction[Any]) -> None:
        """Never answers."""

    @client.tree.context_menu(name="Imagine this")
    async def imagine_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_message(f"From: {message.content}")

    async with running(client, fake):
        yield client


async def _taken(queue: asyncio.Queue[Any]) -> Any:
    return await asyncio.wait_for(queue.get(), 5)


async def test_it_logs_in_and_registers_its_commands(fake: FakeDiscord, bot: Bot) -> None:
    assert set(fake.commands()) == {"imagine", "wait", "silent", "Imagine this"}
    assert [command.name for command in await bot.tree.fetch_commands()] == list(fake.commands())
    assert bot.user is not None
    assert bot.user.id == fake.bot.id
    assert fake.gateway.sessions[0].intents == bot.intents.value
    assert fake.violations == []


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
    assert shown.files[0].data == _png()
    assert shown.json["attachments"][0]["description"] == "A lighthouse"

    modal = await (await fake.press(fake.ada, shown, "edit")).modal()
    assert modal.title == "Edit the prompt"
    await fake.submit_modal(fake.ada, modal, {"prompt": "a bluer lighthouse"})
    await shown.until(lambda message: message.now.content == "again: a bluer lighthouse")
    assert shown.files[0].data == _png(), "an edit that does not speak of attachments keeps them"

    liked = await (await fake.press(fake.ada, shown, "heart:image1")).response()
    assert liked.now.content == "You like image1"
    assert liked.ephemeral
    assert fake.violations == []


async def test_the_picture_can_be_fetched_from_its_signed_address(fake: FakeDiscord, bot: Bot) -> None:
    shown = await (await fake.slash(fake.ada, "imagine", {"prompt": "x"})).response()
    url = shown.json["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert await answer.read() == _png()
        async with session.get(url.partition("?")[0]) as unsigned:
            assert unsigned.status == 404
        fake.clock.advance(25 * 3600)
        async with session.get(url) as expired:
            assert expired.status == 404


async def test_an_attachment_option_arrives_with_its_bytes(fake: FakeDiscord, bot: Bot) -> None:
    picked = fake.attachment("mine.png", _png(64))
    shown = await (await fake.slash(fake.ada, "imagine", {"prompt": "x", "image": picked})).response()
    assert shown.now.content.endswith(f"from {len(_png(64))} bytes")


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
    interaction = await _taken(bot.interactions)
    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.send_message("too late")
    assert refused.value.code == 10062


async def test_an_interaction_is_acknowledged_only_once(fake: FakeDiscord, bot: Bot) -> None:
    twin = Bot(sync=False)
    for command in bot.tree.get_commands(type=discord.AppCommandType.chat_input):
        twin.tree.add_command(command)
    async with running(twin, fake):
        await fake.slash(fake.ada, "silent")
        first, second = await _taken(bot.interactions), await _taken(twin.interactions)
        assert first.id == second.id
        await first.response.send_message("mine")
        with pytest.raises(discord.HTTPException) as refused:
            await second.response.send_message("no, mine")
    assert refused.value.code == 40060


async def test_context_and_installation_reach_the_bot(fake: FakeDiscord, bot: Bot) -> None:
    abroad = await fake.add_guild("Abroad", fake.ada, bot_installed=False)
    await fake.slash(fake.ada, "wait", channel=fake.dm(fake.ada))
    in_dm = await _taken(bot.interactions)
    assert in_dm.context.dm_channel
    assert in_dm.guild is None
    await fake.slash(fake.ada, "wait", guild=abroad)
    in_guild = await _taken(bot.interactions)
    assert in_guild.is_user_integration()
    assert not in_guild.is_guild_integration()
    assert in_guild.filesize_limit == 10 * 1024 * 1024
    grace = fake.add_user("grace")
    await fake.slash(fake.ada, "wait", channel=fake.private_channel(fake.ada, grace))
    assert (await _taken(bot.interactions)).context.private_channel
    assert fake.violations == []


async def test_a_user_installed_app_may_follow_up_five_times(fake: FakeDiscord, bot: Bot) -> None:
    abroad = await fake.add_guild("Abroad", fake.ada, bot_installed=False)
    asked = await fake.slash(fake.ada, "silent", guild=abroad)
    interaction = await _taken(bot.interactions)
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
    interaction = await _taken(bot.interactions)
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
    interaction = await _taken(bot.interactions)
    fake.clock.advance(15 * 60 + 1)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="late")
    assert (refused.value.status, refused.value.code) == (401, 50027)
    message = bot.get_partial_messageable(fake.here.id).get_partial_message(placeholder.id)
    await message.edit(content="late, but here", attachments=[_file()])
    assert placeholder.now.content == "late, but here"
    assert placeholder.files[0].data == _png()
    assert fake.violations == []


async def test_nothing_is_missed_when_the_connection_breaks(fake: FakeDiscord, bot: Bot) -> None:
    await fake.gateway.drop()
    said = await fake.say(fake.ada, None, "still there?", mentions=[fake.bot])
    await fake.connected()
    assert (await _taken(bot.heard)).id == said.id
    assert len(fake.gateway.sessions) == 1
    assert fake.gateway.sessions[0].resumes == 1


async def test_it_resumes_when_told_to_reconnect(fake: FakeDiscord, bot: Bot) -> None:
    await fake.gateway.reconnect()
    await fake.wait_for(lambda: fake.gateway.sessions[0].resumes == 1)
    await asyncio.wait_for(bot.resumed.wait(), 5)
    assert len(fake.gateway.sessions) == 1


async def test_it_identifies_anew_when_its_session_is_invalid(fake: FakeDiscord, bot: Bot) -> None:
    old = fake.gateway.sessions[0]
    await fake.gateway.invalidate()
    (fresh,) = await fake.connected(timeout=15)
    assert fresh.id != old.id


async def test_a_wrong_token_and_a_forbidden_intent_are_refused(fake: FakeDiscord) -> None:
    async with Bot() as stranger:
        with pytest.raises(discord.LoginFailure):
            await stranger.login("wrong")
    async with Bot(discord.Intents(guilds=True, message_content=True)) as curious:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await curious.start(fake.token)
    assert fake.gateway.refused == [4014]


async def test_content_is_hidden_from_a_bot_without_the_intent(fake: FakeDiscord, bot: Bot) -> None:
    await fake.say(fake.ada, None, "not for the bot")
    await fake.say(fake.ada, None, "for the bot", mentions=[fake.bot])
    assert (await _taken(bot.heard)).content == ""
    assert (await _taken(bot.heard)).content.endswith("for the bot")


async def test_a_429_is_waited_out(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    fake.faults.rate_limit("POST", r"/channels/\d+/messages", 0.2)
    await channel.send("patience")
    first, second = fake.log.matching("POST", r"/channels/\d+/messages")
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 0.2


async def test_two_bots_share_the_bucket_of_a_channel(fake: FakeDiscord, bot: Bot) -> None:
    fake.rate_limits.change("edit message", 2, 0.5)
    sent = await bot.get_partial_messageable(fake.here.id).send("0")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as other:
        url = f"{fake.api_url}/channels/{fake.here.id}/messages/{sent.id}"
        answers = [await other.patch(url, json={"content": str(number)}) for number in range(3)]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert answers[2].headers["Via"]
        assert answers[2].headers["Content-Type"] == "application/json"
    await sent.edit(content="waited for its turn")
    assert fake.state.messages[sent.id].now.content == "waited for its turn"


async def test_a_file_over_ten_mebibytes_is_refused(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=_file("huge.bin", bytes(10 * 1024 * 1024 + 1)))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    await channel.send(file=_file("large.bin", bytes(10 * 1024 * 1024)))
    with pytest.raises(discord.HTTPException) as too_much:
        await channel.send(files=[_file(f"{n}.bin", bytes(9 * 1024 * 1024)) for n in range(3)])
    assert too_much.value.code == 40005
    assert len(fake.message_list) == 1


async def test_the_same_nonce_makes_the_message_once(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    fake.faults.lose_answer("POST", r"/channels/\d+/messages")
    with pytest.raises(aiohttp.ClientError):
        await channel.send("once", nonce="delivery-1")
    again = await channel.send("once", nonce="delivery-1")
    assert [message.id for message in fake.message_list] == [again.id]
    fake.clock.advance(600)
    assert (await channel.send("once", nonce="delivery-1")).id != again.id


async def test_attachments_are_kept_replaced_and_added_as_listed(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    sent = await channel.send(files=[_file("a.png"), _file("b.png", description="Bee")])
    message = fake.state.messages[sent.id]
    edited = await sent.edit(attachments=[sent.attachments[1], _file("c d.png")])
    assert [file.filename for file in message.files] == ["b.png", "c_d.png"]
    assert edited.attachments[0].description == "Bee"
    await sent.edit(content="words only")
    assert len(message.files) == 2
    await sent.edit(attachments=[])
    assert message.files == []
    assert fake.violations == []


async def test_a_file_shown_in_an_embed_is_not_listed(fake: FakeDiscord, bot: Bot) -> None:
    embed = discord.Embed(title="Done").set_image(url="attachment://picture.png").add_field(name="Model", value="demo")
    sent = await bot.get_partial_messageable(fake.here.id).send(embed=embed, file=_file())
    assert sent.attachments == []
    assert sent.embeds[0].image.url is not None
    assert sent.embeds[0].image.url.startswith(fake.state.address)
    assert fake.state.messages[sent.id].files[0].data == _png()
    assert fake.violations == []


async def test_a_deferred_answer_becomes_a_layout(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "wait")
    interaction = await _taken(bot.interactions)
    await asked.acknowledged()
    gallery = discord.ui.MediaGallery[Any](discord.MediaGalleryItem("attachment://picture.png", description="Alt"))
    layout = discord.ui.LayoutView()
    layout.add_item(discord.ui.Container(discord.ui.TextDisplay("Here it is"), gallery, accent_colour=0x336699))
    layout.add_item(discord.ui.ActionRow(discord.ui.Button(label="More", custom_id="more")))
    await interaction.edit_original_response(view=layout, attachments=[_file()])
    shown = await asked.response()
    assert shown.json["flags"] == 1 << 15
    assert shown.now.text.splitlines() == ["Here it is", "Alt", "More"]
    assert shown.json["components"][0]["components"][1]["items"][0]["description"] == "Alt"
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.edit_original_response(content="plain words")
    assert refused.value.code == 50035
    assert fake.violations == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"description": "x" * 4000}, {"description": "y" * 2001}]}, "embeds"),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}]}]},
            "components",
        ),
        (
            {
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": n, "custom_id": "a"}]} for n in "ab"
                ]
            },
            "components",
        ),
        (
            {
                "components": [
                    {"type": 1, "components": [{"type": 2, "style": 1, "label": n, "custom_id": n}]} for n in "abcdef"
                ]
            },
            "components",
        ),
        (
            {
                "flags": 1 << 15,
                "components": [{"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000}],
            },
            "components",
        ),
        ({"flags": 1 << 15, "components": [{"type": 14}] * 41}, "components"),
        ({"flags": 1 << 15, "content": "x", "components": [{"type": 14}]}, "content"),
    ],
)
async def test_a_malformed_message_is_refused_where_it_is_malformed(
    fake: FakeDiscord, body: dict[str, Any], place: str
) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as session:
        answer = await session.post(f"{fake.api_url}/channels/{fake.here.id}/messages", json=body)
        refusal = await answer.json()
    assert (answer.status, refusal["code"]) == (400, 50035)
    assert place in refusal["errors"]
    assert fake.message_list == []


async def test_lost_permissions_and_deleted_things_are_told_apart(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    sent = await channel.send("here")

    async def code_of(doing: Any) -> int:
        with pytest.raises(discord.HTTPException) as refused:
            await doing
        return refused.value.code

    await fake.revoke(fake.here, "attach_files")
    assert await code_of(channel.send(file=_file())) == 50013
    await fake.revoke(fake.here, "view_channel")
    assert await code_of(channel.send("hello")) == 50001
    await fake.grant(fake.here, "view_channel", "attach_files")
    await fake.delete_message(fake.state.messages[sent.id])
    assert await code_of(sent.edit(content="gone")) == 10008
    await fake.delete_channel(fake.here)
    assert await code_of(channel.send("gone, too")) == 10003
    shy = fake.add_user("shy", accepts_dms=False)
    assert await code_of((await bot.create_dm(discord.Object(shy.id))).send("psst")) == 50007


async def test_a_scripted_answer_and_a_hanging_one(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    path = r"/channels/\d+/messages"
    fake.faults.answer("POST", path, 503, "<h1>Service Unavailable</h1>")
    with pytest.raises(discord.DiscordServerError):
        await channel.send("unlucky")
    hanging = fake.faults.hang("POST", path)
    sending = asyncio.create_task(channel.send("slow"))
    await fake.wait_for(lambda: hanging in fake.faults.taken)
    assert not sending.done()
    hanging.release()
    await sending
    assert [message.now.content for message in fake.message_list] == ["slow"]


async def test_tokens_are_kept_out_of_the_log(fake: FakeDiscord, bot: Bot) -> None:
    assert fake.log.matching("GET", "/users/@me")[0].headers["Authorization"] == "Bot …"
    assert fake.token not in str([(entry.headers, entry.json) for entry in fake.log.entries])
    assert fake.token not in str(fake.gateway.sessions[0].identify)


async def test_what_the_description_overlooks_is_seen(fake: FakeDiscord) -> None:
    rows = [{"type": 1, "components": [{"type": 2, "style": 1, "label": n, "custom_id": n}]} for n in "abcdef"]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as session:
        await session.post(f"{fake.api_url}/channels/{fake.here.id}/messages", json={"components": rows})
        commands = [{"name": "Imagine", "description": "x"}]
        answer = await session.put(f"{fake.api_url}/applications/{fake.bot.id}/commands", json=commands)
    assert answer.status == 400
    assert [violation.rpartition(": ")[2] for violation in fake.violations] == (
        [] if fake.spec_off else ["6 action rows, 5 allowed", "invalid command name 'Imagine'"]
    )
