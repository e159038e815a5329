"""User groups are asked for seldom, and whatever Slack does, requests do not suffer for it."""

from __future__ import annotations

import asyncio

from bot.slack.user_groups import UserGroups
from bot.slack.venue import Venues
from bot.slack.web_api import WebApi, web_client
from core.generation import Venue
from tests.bot.slack.bot import config
from tests.fakes.slack import Answer, FakeSlack, Hang


def groups(slack: FakeSlack) -> UserGroups:
    return UserGroups(WebApi(web_client(config(slack))))


async def test_many_at_once_ask_slack_once(slack: FakeSlack) -> None:
    designers = slack.workspace.add_group("designers", [slack.alice, slack.bob])
    known = groups(slack)
    found = await asyncio.gather(*(known.of(user) for user in [slack.alice, slack.bob, "U0NOONE"] * 5))
    assert set(found) == {(designers,), ()}
    assert await known.name(designers) == "@designers"
    assert await known.name("S0GONE") == "S0GONE"
    assert len(slack.calls("usergroups.list")) == 1


async def test_a_slack_that_does_not_answer_leaves_people_in_no_group_and_is_not_pressed(slack: FakeSlack) -> None:
    slack.workspace.add_group("designers", [slack.alice])
    slack.script("usergroups.list", Answer(503, "<html>away</html>"))
    known = groups(slack)
    assert await known.of(slack.alice) == ()
    assert await known.of(slack.alice) == ()
    assert len(slack.calls("usergroups.list")) == 1


async def test_a_slack_that_hangs_is_not_waited_for(slack: FakeSlack) -> None:
    slack.script("usergroups.list", Hang())
    async with asyncio.timeout(5):
        found = await Venues(groups(slack)).of(slack.team_id, slack.channel, slack.alice)
    assert found == Venue("slack:T0LIMNER", ("slack:T0LIMNER/C0GENERAL",), ())


async def test_without_the_scope_slack_is_asked_as_seldom_as_with_it(slack: FakeSlack) -> None:
    slack.tokens.scopes.discard("usergroups:read")
    slack.workspace.add_group("designers", [slack.alice])
    known = groups(slack)
    assert [await known.of(slack.alice) for _ in range(3)] == [(), (), ()]
    assert [call.error for call in slack.calls("usergroups.list")] == ["missing_scope"]
