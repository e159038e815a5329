"""The fake's Web API as the real slack_sdk meets it: answers, refusals, limits, faults and the log."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Answer, Drop, FakeSlack, Hang

from .tiny_bolt import Json, refusal


async def test_a_429_carries_retry_after_and_the_sdk_waits_for_it(fake: FakeSlack) -> None:
    client = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
    fake.limits.per_minute["chat.postMessage"] = 60
    fake.limits.spend("chat.postMessage", 0)
    for _ in range(59):
        await client.chat_postMessage(channel=fake.channel, text="x")
    refused = await refusal(client.chat_postMessage(channel=fake.channel, text="x"))
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    answer = await client.chat_postMessage(channel=fake.channel, text="at last")

    assert refused.status_code == 429
    assert refused["error"] == "ratelimited"
    assert refused.headers["Retry-After"] == "1"
    assert answer["ok"]
    assert [call.status for call in fake.calls("chat.postMessage")][-2:] == [429, 200]


async def test_the_right_error_for_each_place_a_bot_may_not_write(fake: FakeSlack, client: AsyncWebClient) -> None:
    world = fake.workspace
    outside, secret = world.add_channel("outside", bot=False), world.add_channel("secret", "private", bot=False)
    old = world.add_channel("old", archived=True)
    theirs = fake.say(fake.alice, fake.channel, "mine")
    attempts: list[tuple[str, Json]] = [
        ("chat.postMessage", {"channel": outside, "text": "x"}),
        ("chat.postMessage", {"channel": secret, "text": "x"}),
        ("chat.postMessage", {"channel": old, "text": "x"}),
        ("chat.postMessage", {"channel": fake.channel}),
        ("chat.postMessage", {"channel": fake.channel, "text": "x" * 40_001}),
        ("chat.update", {"channel": fake.channel, "ts": theirs.ts, "text": "x"}),
        ("chat.update", {"channel": fake.channel, "ts": "1700000000.000001", "text": "x"}),
    ]
    errors = [(await refusal(client.api_call(method, json=params)))["error"] for method, params in attempts]

    assert errors == [
        *("not_in_channel", "channel_not_found", "is_archived", "no_text", "msg_too_long"),
        *("cant_update_message", "message_not_found"),
    ]


async def test_tokens_and_scopes_are_checked(fake: FakeSlack, client: AsyncWebClient) -> None:
    wrong = await refusal(AsyncWebClient(token="xoxb-wrong", base_url=fake.api_url).auth_test())
    none = await refusal(AsyncWebClient(base_url=fake.api_url).auth_test())
    good = await client.auth_test()
    fake.tokens.scopes.discard("files:write")
    unscoped = await refusal(client.files_getUploadURLExternal(filename="a.png", length=3))

    assert (wrong["error"], none["error"]) == ("invalid_auth", "not_authed")
    assert "files:write" in good.headers["x-oauth-scopes"]
    assert (unscoped["error"], unscoped["needed"]) == ("missing_scope", "files:write")


async def test_scripted_faults_answer_hang_and_drop(fake: FakeSlack, client: AsyncWebClient) -> None:
    client.retry_handlers.clear()
    client.timeout = 1
    fake.script("auth.test", Answer(503, {"ok": False, "error": "service_unavailable"}))
    fake.script("auth.test", Hang())
    fake.script("chat.postMessage", Drop(after=True))

    assert (await refusal(client.auth_test())).status_code == 503
    with pytest.raises(TimeoutError):
        await client.auth_test()
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=fake.channel, text="posted, but who knows")
    assert (await client.auth_test())["ok"]
    assert [message.text for message in fake.bot_messages()] == ["posted, but who knows"]


async def test_a_call_that_hangs_may_be_carried_out_and_calm_ends_the_script(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    client.retry_handlers.clear()
    client.timeout = 1
    fake.script("chat.postMessage", Hang(after=True), 5)
    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel=fake.channel, text="posted, and never answered")
    fake.faults.calm()
    await client.chat_postMessage(channel=fake.channel, text="answered")
    assert [message.text for message in fake.bot_messages()] == ["posted, and never answered", "answered"]


async def test_departures_from_the_documented_parameters_are_collected(fake: FakeSlack, client: AsyncWebClient) -> None:
    await client.api_call("chat.postMessage", json={"channel": fake.channel, "text": "x", "colour": "red"})
    await refusal(client.api_call("users.info", params={}))
    await refusal(client.api_call("conversations.info", json={"channel": fake.channel}))

    assert fake.violations == [
        "chat.postMessage has no parameter colour",
        "users.info lacks the required parameter user",
        "conversations.info was sent JSON, which it does not read",
        "conversations.info lacks the required parameter channel",
    ]


async def test_the_log_keeps_everything_but_the_token(fake: FakeSlack, client: AsyncWebClient) -> None:
    form = {"token": fake.bot_token, "channel": fake.channel, "text": "by form", "blocks": "[]"}
    async with aiohttp.ClientSession() as session, session.post(f"{fake.api_url}chat.postMessage", data=form) as answer:
        assert (await answer.json())["ok"]
    await client.auth_test()

    assert fake.calls("chat.postMessage")[0].params["text"] == "by form"
    assert fake.bot_token not in repr(fake.requests)


async def test_conversations_show_the_thread_and_who_is_there(fake: FakeSlack, client: AsyncWebClient) -> None:
    root = fake.say(fake.alice, fake.channel, "root")
    await client.chat_postMessage(channel=fake.channel, text="reply", thread_ts=root.ts)
    await client.reactions_add(channel=fake.channel, name="eyes", timestamp=root.ts)
    await client.assistant_threads_setStatus(channel_id=fake.channel, thread_ts=root.ts, status="is drawing…")
    replies = await client.conversations_replies(channel=fake.channel, ts=root.ts)
    history = await client.conversations_history(channel=fake.channel)
    direct = (await client.conversations_open(users=[fake.bob]))["channel"]["id"]
    members = await client.conversations_members(channel=fake.channel)

    assert [message["text"] for message in replies["messages"]] == ["root", "reply"]
    assert [message["text"] for message in history["messages"]] == ["root"]
    assert replies["messages"][0]["reactions"][0]["name"] == "eyes"
    assert fake.workspace.channels[direct].members == {fake.bob, fake.bot_user}
    assert members["members"] == sorted([fake.alice, fake.bob, fake.bot_user])
    assert fake.workspace.statuses[0].text == "is drawing…"
    assert fake.violations == []


async def test_only_a_new_message_may_be_addressed_to_a_person(fake: FakeSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=fake.alice, text="hello")
    edit = await refusal(client.chat_update(channel=fake.alice, ts=posted["ts"], text="bye"))

    assert fake.workspace.channels[posted["channel"]].kind == "im"
    assert edit["error"] == "channel_not_found"


async def test_an_ephemeral_message_is_for_one_member_and_cannot_be_edited(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    stranger = fake.workspace.add_user("carol")
    shown = await client.chat_postEphemeral(channel=fake.channel, user=fake.bob, text="only you")
    edit = await refusal(client.chat_update(channel=fake.channel, ts=shown["message_ts"], text="x"))
    outside = await refusal(client.chat_postEphemeral(channel=fake.channel, user=stranger, text="x"))

    assert fake.bot_messages()[0].ephemeral_to == fake.bob
    assert (edit["error"], outside["error"]) == ("message_not_found", "user_not_in_channel")


async def test_people_say_who_they_are_and_groups_who_is_in_them(fake: FakeSlack, client: AsyncWebClient) -> None:
    world = fake.workspace
    carol = world.add_user("carol", admin=True)
    group, old = world.add_group("designers", [fake.bob, fake.alice]), world.add_group("old")
    world.groups[old].disabled = True
    roles = [(await client.users_info(user=one))["user"]["is_admin"] for one in (carol, fake.alice)]
    listed = await client.usergroups_list(include_users=True)
    bare = await client.usergroups_list(include_disabled=True, include_count=True)
    world.users[carol] = replace(world.users[carol], deleted=True)
    gone = (await client.users_info(user=carol))["user"]

    assert roles == [True, False]
    assert [(one["id"], one["users"]) for one in listed["usergroups"]] == [(group, [fake.alice, fake.bob])]
    assert [(one["id"], one.get("users"), one["user_count"]) for one in bare["usergroups"]] == [
        (group, None, 2),
        (old, None, 0),
    ]
    assert gone["deleted"]
    assert "is_admin" not in gone


async def test_nobody_is_written_to_who_is_gone_or_where_the_app_has_no_messages(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    direct = (await client.conversations_open(users=fake.alice))["channel"]["id"]
    fake.workspace.messages_tab = False
    closed = await refusal(client.chat_postMessage(channel=direct, text="x"))
    fake.workspace.users[fake.bob] = replace(fake.workspace.users[fake.bob], deleted=True)
    gone = await refusal(client.conversations_open(users=fake.bob))

    assert (closed["error"], gone["error"]) == ("messages_tab_disabled", "user_disabled")
