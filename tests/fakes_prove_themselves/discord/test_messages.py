"""Files, embeds, layouts, nonces and limits of messages, as the real discord.py meets them."""

from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes_prove_themselves.discord.material import picture, png, taken
from tests.fakes_prove_themselves.discord.small_bot import Bot


async def test_the_picture_can_be_fetched_from_its_signed_address(fake: FakeDiscord, bot: Bot) -> None:
    shown = await (await fake.slash(fake.ada, "imagine", {"prompt": "x"})).response()
    url = shown.json["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert await answer.read() == png()
        async with session.get(url.partition("?")[0]) as unsigned:
            assert unsigned.status == 404
        fake.clock.advance(25 * 3600)
        async with session.get(url) as expired:
            assert expired.status == 404


async def test_a_file_over_ten_mebibytes_is_refused(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.here.id)
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send(file=picture("huge.bin", bytes(10 * 1024 * 1024 + 1)))
    assert (refused.value.status, refused.value.code) == (413, 40005)
    await channel.send(file=picture("large.bin", bytes(10 * 1024 * 1024)))
    with pytest.raises(discord.HTTPException) as too_much:
        await channel.send(files=[picture(f"{n}.bin", bytes(9 * 1024 * 1024)) for n in range(3)])
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
    sent = await channel.send(files=[picture("a.png"), picture("b.png", description="Bee")])
    message = fake.state.messages[sent.id]
    edited = await sent.edit(attachments=[sent.attachments[1], picture("c d.png")])
    assert [file.filename for file in message.files] == ["b.png", "c_d.png"]
    assert edited.attachments[0].description == "Bee"
    await sent.edit(content="words only")
    assert len(message.files) == 2
    await sent.edit(attachments=[])
    assert message.files == []
    assert fake.violations == []


async def test_a_file_shown_in_an_embed_is_not_listed(fake: FakeDiscord, bot: Bot) -> None:
    embed = discord.Embed(title="Done").set_image(url="attachment://picture.png").add_field(name="Model", value="demo")
    sent = await bot.get_partial_messageable(fake.here.id).send(embed=embed, file=picture())
    assert sent.attachments == []
    assert sent.embeds[0].image.url is not None
    assert sent.embeds[0].image.url.startswith(fake.state.address)
    assert fake.state.messages[sent.id].files[0].data == png()
    assert fake.violations == []


async def test_a_deferred_answer_becomes_a_layout(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash(fake.ada, "wait")
    interaction = await taken(bot.interactions)
    await asked.acknowledged()
    gallery = discord.ui.MediaGallery[Any](discord.MediaGalleryItem("attachment://picture.png", description="Alt"))
    layout = discord.ui.LayoutView()
    layout.add_item(discord.ui.Container(discord.ui.TextDisplay("Here it is"), gallery, accent_colour=0x336699))
    layout.add_item(discord.ui.ActionRow(discord.ui.Button(label="More", custom_id="more")))
    await interaction.edit_original_response(view=layout, attachments=[picture()])
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
