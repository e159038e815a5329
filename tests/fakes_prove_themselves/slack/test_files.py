"""Files on the fake Slack: uploaded in three steps, processed later, shown when that is done."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Processing

from .tiny_bolt import PNG, WEBP, TinyBot, buttons, picture, refusal, uploaded


async def test_an_upload_can_be_shown_only_once_it_is_processed(fake: FakeSlack, socket_bot: TinyBot) -> None:
    client = socket_bot.client
    fake.workspace.files.processing = Processing(looks=None, seconds=None)
    ts = str((await client.chat_postMessage(channel=fake.channel, text="Working…"))["ts"])
    file_id = await uploaded(client)
    early = await client.files_info(file=file_id)
    refused = await refusal(client.chat_update(channel=fake.channel, ts=ts, text="Done", blocks=picture(file_id)))
    fake.workspace.files.release()
    late = await client.files_info(file=file_id)
    await client.chat_update(channel=fake.channel, ts=ts, text="Done", blocks=picture(file_id) + buttons("edit"))

    assert not early["file"]["mimetype"]
    assert "url_private" not in early["file"]
    assert refused["error"] == "invalid_blocks"
    reason = "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file.id/slack_file]"
    assert refused["response_metadata"]["messages"] == [reason]
    assert late["file"]["mimetype"] == "image/png"
    message = fake.workspace.message(fake.channel, ts)
    assert [state.text for state in message.states] == ["Working…", "Done"]
    assert next(file for file in fake.workspace.files if file.id == file_id).content == PNG
    assert fake.violations == []


async def test_processing_ends_after_looks_or_after_a_while(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.workspace.files.processing = Processing(looks=1, seconds=None)
    first = await uploaded(client)
    looks = [(await client.files_info(file=first))["file"]["mimetype"] for _ in range(2)]
    fake.workspace.files.processing = Processing(looks=None, seconds=0.01)
    second = await uploaded(client)
    await fake.wait_for(lambda: next(file for file in fake.workspace.files if file.id == second).processed)

    assert looks == ["", "image/png"]


async def test_a_file_that_is_not_a_shared_image_of_the_bot_is_refused(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.workspace.files.processing = Processing(looks=0, seconds=None)
    webp = await uploaded(client, WEBP, "picture.webp")
    hidden = fake.workspace.files.add(fake.alice, "mine.png", PNG, readers=frozenset()).id
    half = (await client.files_getUploadURLExternal(filename="half.png", length=9))["file_id"]

    for file_id in (webp, hidden, half, "F404"):
        refused = await refusal(client.chat_postMessage(channel=fake.channel, text="x", blocks=picture(file_id)))
        assert refused["error"] == "invalid_blocks", file_id


async def test_a_download_needs_the_bots_token(fake: FakeSlack, client: AsyncWebClient) -> None:
    file = fake.workspace.files.add(fake.alice, "boat.png", PNG)
    url = (await client.files_info(file=file.id))["file"]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Authorization": f"Bearer {fake.bot_token}"}) as answer:
            with_token = await answer.read()
        async with session.get(url) as answer:
            without = answer.content_type

    assert with_token == PNG
    assert without == "text/html"


async def test_a_file_completed_for_a_thread_appears_there_once_it_is_processed(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.workspace.files.processing = Processing(looks=None, seconds=None)
    root = fake.say(fake.alice, fake.channel, "draw me a boat")
    await client.files_upload_v2(
        content=PNG, filename="ein Boot.png", channel=fake.channel, thread_ts=root.ts, initial_comment="Here"
    )
    before = fake.bot_messages(fake.channel)
    fake.workspace.files.release()
    (message,) = fake.bot_messages(fake.channel)

    assert before == []
    assert (message.thread_ts, message.text) == (root.ts, "Here")
    assert message.states[0].files[0]["name"] == "ein Boot.png"
    assert fake.violations == []


async def test_a_deleted_file_is_gone_for_everybody(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.workspace.files.processing = Processing(looks=0, seconds=None)
    file_id = await uploaded(client)
    url = (await client.files_info(file=file_id))["file"]["url_private_download"]
    await client.files_delete(file=file_id)
    headers = {"Authorization": f"Bearer {fake.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        status = answer.status

    assert (await refusal(client.files_info(file=file_id)))["error"] == "file_deleted"
    assert status == 404
