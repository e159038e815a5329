"""Notices reach a person or a channel, and say why they do not."""

from __future__ import annotations

import pytest

from bot.slack import SlackAdapter
from core.errors import Outage, Undeliverable
from core.ports import Notice
from tests.bot.slack.bot import config, text_of
from tests.fakes.slack import Answer, FakeSlack
from tests.fakes.workshop import Workshop


def notice(address: str) -> Notice:
    return Notice(key="80/x", platform="slack", address=address, title="Nearly used", body="More than 80 % <!channel>")


async def test_a_person_is_written_to_directly_and_a_channel_in_the_open(slack: FakeSlack) -> None:
    messenger = SlackAdapter(config(slack), Workshop().studio()).messenger
    await messenger.tell(notice(f"user:{slack.team_id}/{slack.alice}"))
    await messenger.tell(notice(f"channel:{slack.channel}"))
    said = slack.bot_messages()
    assert [one.channel for one in said] == [slack.workspace.direct_channel(slack.alice).id, slack.channel]
    assert text_of(said[0]) == "Nearly used\nMore than 80 % <!channel>"
    assert "<!channel>" not in said[0].text
    assert messenger.platform == "slack"


@pytest.mark.parametrize(
    "address", ["user:", "channel:", "mail:a@b.example", "", "channel:C0NOWHERE", "user:T/U0NOONE"]
)
async def test_an_address_that_is_none_is_never_tried_again(slack: FakeSlack, address: str) -> None:
    messenger = SlackAdapter(config(slack), Workshop().studio()).messenger
    with pytest.raises(Undeliverable):
        await messenger.tell(notice(address))
    assert slack.bot_messages() == []


async def test_what_passes_is_tried_again_when_slack_says(slack: FakeSlack) -> None:
    messenger = SlackAdapter(config(slack), Workshop().studio()).messenger
    slack.script("chat.postMessage", Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "9"}))
    with pytest.raises(Outage) as away:
        await messenger.tell(notice(f"channel:{slack.channel}"))
    assert away.value.retry_after == 9
