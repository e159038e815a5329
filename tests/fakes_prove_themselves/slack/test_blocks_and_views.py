"""Block Kit's rules and modals on the fake Slack."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

from .tiny_bolt import Json, TinyBot, buttons, modal, plain, refusal


async def test_a_trigger_expires_after_three_seconds(fake: FakeSlack, client: AsyncWebClient) -> None:
    trigger, used = fake.workspace.issue_trigger(fake.alice), fake.workspace.issue_trigger(fake.alice)
    await client.views_open(trigger_id=used, view=modal("m"))
    twice = await refusal(client.views_open(trigger_id=used, view=modal("m")))
    fake.clock.advance(3.5)
    late = await refusal(client.views_open(trigger_id=trigger, view=modal("m")))

    assert (twice["error"], late["error"]) == ("exchanged_trigger_id", "expired_trigger_id")


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [{"type": "section", "text": plain("x" * 3001)}],
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        ([{"type": "image", "image_url": "https://e.test/a.png"}], "missing required field: alt_text"),
        ([{"type": "image", "alt_text": "a"}], "must define either `image_url` or `slack_file`"),
        (buttons("x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"),
        (buttons("a", "a"), "`action_id` a already exists"),
        (buttons(*"abcdefghijklmnopqrstuvwxyz"), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
        (buttons("a") + buttons("b"), "`block_id` do already exists"),
        ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
        ([{"type": "section", "text": plain("a"), "colour": 1}], "invalid additional property: colour"),
        ([{"type": "sectoin"}], "unsupported type: sectoin"),
    ],
)
async def test_blocks_that_slack_would_refuse_are_refused_with_the_reason(
    fake: FakeSlack, client: AsyncWebClient, blocks: list[Json], message: str
) -> None:
    refused = await refusal(client.chat_postMessage(channel=fake.channel, text="x", blocks=blocks))

    assert refused["error"] == "invalid_blocks"
    assert any(message in found for found in refused["response_metadata"]["messages"])


async def test_a_modal_that_is_too_long_is_refused_as_invalid_arguments(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    view = {**modal("m"), "title": plain("t" * 25)}
    refused = await refusal(client.views_open(trigger_id=fake.workspace.issue_trigger(fake.alice), view=view))

    assert refused["error"] == "invalid_arguments"
    assert "[json-pointer:/view/title/text]" in refused["response_metadata"]["messages"][0]


async def test_a_button_opens_a_modal_whose_errors_and_answers_come_back(fake: FakeSlack, bot: TinyBot) -> None:
    await bot.client.chat_postMessage(channel=fake.channel, text="Done", blocks=buttons("cancel", "edit"))
    message = fake.bot_messages()[0]
    await fake.press(fake.alice, message, "cancel", "job-1")
    await fake.press(fake.alice, message, "edit")
    view = await fake.wait_for(lambda: fake.open_view(fake.alice))
    assert view is not None
    await fake.submit_view(fake.alice, view, {"prompt": "hm"})
    after_error = (view.errors, view.closed)
    await fake.submit_view(fake.alice, view, {"prompt": "a lighthouse at dusk"})

    assert after_error == ({"prompt": "Say more."}, False)
    assert view.closed
    assert [name for name, _ in bot.seen] == ["cancel", "submitted", "submitted"]
    assert bot.seen[0][1]["actions"][0]["value"] == "job-1"
    assert fake.violations == []


async def test_nobody_can_press_what_a_message_does_not_show(fake: FakeSlack, socket_bot: TinyBot) -> None:
    await socket_bot.client.chat_postMessage(channel=fake.channel, text="Done", blocks=buttons("cancel"))

    with pytest.raises(AssertionError, match="no retry to press"):
        await fake.press(fake.alice, fake.bot_messages()[0], "retry")


async def test_a_home_tab_is_published_replaced_and_pressed(fake: FakeSlack, socket_bot: TinyBot) -> None:
    client = socket_bot.client
    await client.views_publish(user_id=fake.alice, view={"type": "home", "blocks": buttons("edit")})
    await client.views_publish(user_id=fake.alice, view={"type": "home", "blocks": buttons("cancel")})
    (home,) = fake.workspace.views
    await fake.press(fake.alice, home, "cancel")

    assert len(home.states) == 2
    assert socket_bot.seen[0][1]["container"] == {"type": "view", "view_id": home.id}


async def test_an_edit_without_blocks_keeps_them_and_an_empty_list_takes_them_away(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = str((await client.chat_postMessage(channel=fake.channel, text="1", blocks=buttons("cancel")))["ts"])
    await client.chat_update(channel=fake.channel, ts=ts, text="2")
    await client.chat_update(channel=fake.channel, ts=ts, text="3", blocks=[])

    states = fake.workspace.message(fake.channel, ts).states
    assert [(state.text, len(state.blocks)) for state in states] == [("1", 1), ("2", 1), ("3", 0)]
