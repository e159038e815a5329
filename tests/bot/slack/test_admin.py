"""/limner-admin: for admins of the workspace alone, about their workspace alone, and seen by them alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from core.clock import now
from core.generation import Requester
from core.limits import Tally
from core.periods import Span
from core.policies import Policy, Scope
from core.ports import LostCall, Spend
from tests.bot.slack.bot import Bot, text_of, whispers
from tests.fakes.slack import Answer, FakeSlack, Message

HERE = "slack:T0LIMNER"
GENERAL = f"{HERE}/C0GENERAL"

Order = Callable[[str], Awaitable[Message]]


@pytest.fixture
def carol(slack: FakeSlack) -> str:
    """An admin of the workspace."""
    admin = slack.workspace.add_user("carol", admin=True)
    slack.workspace.channels[slack.channel].members.add(admin)
    return admin


@pytest.fixture
def order(bot: Bot, slack: FakeSlack, carol: str) -> Order:
    async def typed(text: str, user: str = carol) -> Message:
        before = len(whispers(slack))
        await slack.slash(user, "/limner-admin", text, channel=slack.channel)
        return (await slack.wait_for(lambda: whispers(slack)[before:]))[0]

    return typed


async def member(bot: Bot, user: str) -> str:
    return str(await bot.workshop.store.accounts.user_id(Requester("slack", f"T0LIMNER/{user}", "")))


async def test_who_is_no_admin_is_refused_and_nothing_changes(bot: Bot, slack: FakeSlack, carol: str) -> None:
    before = dict(bot.workshop.policies.rows)
    await slack.slash(slack.alice, "/limner-admin", "pause", channel=slack.channel)
    said = (await slack.wait_for(lambda: whispers(slack)))[0]
    assert "Only admins and owners" in text_of(said)
    assert said.ephemeral_to == slack.alice
    assert bot.workshop.policies.rows == before


async def test_admins_are_asked_for_afresh_each_time(bot: Bot, slack: FakeSlack, order: Order, carol: str) -> None:
    assert "limits" in text_of(await order(""))
    slack.workspace.users[carol] = replace(slack.workspace.users[carol], is_admin=False)
    assert "Only admins" in text_of(await order("limits"))
    slack.workspace.users[carol] = replace(slack.workspace.users[carol], is_owner=True)
    assert "laid down" in text_of(await order("limits"))
    assert len(slack.calls("users.info")) == 3


async def test_an_admin_of_another_workspace_is_none_here(bot: Bot, slack: FakeSlack, order: Order) -> None:
    stranger = {"id": "U0X", "team_id": "T0OTHER", "is_admin": True, "is_owner": True, "deleted": False}
    slack.script("users.info", Answer(200, {"ok": True, "user": stranger}))
    assert "Only admins" in text_of(await order("pause"))
    assert (Scope.WORKSPACE, HERE) not in bot.workshop.policies.rows


async def test_without_the_scope_nobody_is_an_admin_and_the_remedy_is_named(
    bot: Bot, slack: FakeSlack, order: Order
) -> None:
    slack.tokens.scopes.discard("users:read")
    assert "users:read" in text_of(await order("pause"))
    assert (Scope.WORKSPACE, HERE) not in bot.workshop.policies.rows


async def test_limits_are_set_for_the_workspace_and_for_a_channel_and_shown(
    bot: Bot, slack: FakeSlack, order: Order
) -> None:
    assert "Pictures a day: 20" in text_of(await order("limits set per_day 20"))
    assert "Laid down for <#C0GENERAL>:\nSeconds" in text_of(await order("limits set cooldown 60 here"))
    slack.workspace.add_channel("art")
    await order("limits set pool_month $50")
    assert "There is no" not in text_of(await order("limits set per_hour 3 #art"))
    rows = bot.workshop.policies.rows
    assert rows[Scope.WORKSPACE, HERE].per_day == 20
    assert rows[Scope.WORKSPACE, HERE].pool_month_micro == 50_000_000
    assert rows[Scope.CHANNEL, GENERAL].cooldown_seconds == 60
    assert rows[Scope.CHANNEL, f"{HERE}/C0ART"].per_hour == 3
    shown = text_of(await order("limits"))
    assert "This workspace\nPictures a day: 20\nShared budget a month: $50.00" in shown
    assert "<#C0GENERAL>" in shown
    assert "Tier premium\n" in shown
    taken_back = text_of(await order("limits set per_day none"))
    assert taken_back == "Pictures a day: no limit of this workspace any more.\nShared budget a month: $50.00"
    assert text_of(await order("limits set per_hour none #art")) == "Pictures an hour: no limit of <#C0ART> any more."
    assert rows[Scope.WORKSPACE, HERE].per_day is None


async def test_a_shared_budget_of_a_channel_is_refused_with_its_reason(order: Order) -> None:
    assert "A shared budget is set for a workspace" in text_of(await order("limits set pool_day 5 here"))


async def test_limits_of_another_workspace_are_not_shown(bot: Bot, order: Order) -> None:
    other = Policy(scope=Scope.WORKSPACE, subject="slack:T0OTHER", per_day=77)
    bot.workshop.policies.rows[other.scope, other.subject] = other
    assert "77" not in text_of(await order("limits"))


async def test_people_and_groups_are_put_into_tiers(bot: Bot, slack: FakeSlack, order: Order) -> None:
    slack.workspace.add_group("designers", [slack.alice])
    assert text_of(await order("tier @designers premium")) == "@designers is in the tier premium now."
    assert text_of(await order("tier @bob premium")) == "bob is in the tier premium now."
    bob = await member(bot, slack.bob)
    assert bot.workshop.policies.tiers == {
        (HERE, "role:S0DESIGNERS"): "premium",
        (HERE, f"user:{bob}"): "premium",
    }
    assert "@designers: premium" in text_of(await order("limits"))
    assert "bob: premium" in text_of(await order("limits"))
    assert "Only the operator" in text_of(await order("tier @bob unlimited"))
    assert "no tier called 'gold'" in text_of(await order("tier @bob gold"))
    await order("tier @bob none")
    assert (HERE, f"user:{bob}") not in bot.workshop.policies.tiers


async def test_a_pause_has_a_reason_and_an_end(bot: Bot, order: Order) -> None:
    assert "They read: Back on Monday <3" in text_of(await order("pause Back on Monday <3"))
    paused = bot.workshop.policies.rows[Scope.WORKSPACE, HERE]
    assert (paused.paused, paused.reason) == (True, "Back on Monday <3")
    await order("resume")
    assert not bot.workshop.policies.rows[Scope.WORKSPACE, HERE].paused


async def test_members_and_channels_are_shut_out_and_let_in(bot: Bot, slack: FakeSlack, order: Order) -> None:
    rows = bot.workshop.policies.rows
    assert text_of(await order("block @bob spam")).endswith("this workspace. They read: spam")
    bob = Scope.MEMBER, f"{HERE}|{await member(bot, slack.bob)}"
    assert (rows[bob].allowed, rows[bob].reason) == (False, "spam")
    assert "bob\nShut out. spam" in text_of(await order("limits"))
    await order("unblock @bob")
    assert rows[bob].allowed is None
    said = text_of(await order("block here <!here> is for work"))
    assert said.startswith("Pictures may not be asked for in <#C0GENERAL> any more.\nThey read: ")
    assert rows[Scope.CHANNEL, GENERAL].allowed is False
    await order("allow here")
    assert rows[Scope.CHANNEL, GENERAL].allowed is True
    assert text_of(await order("unblock here")) == "<#C0GENERAL> is treated like the rest of the workspace."
    assert rows[Scope.CHANNEL, GENERAL].allowed is None


async def test_here_means_nothing_in_a_direct_message(bot: Bot, slack: FakeSlack, carol: str) -> None:
    direct = slack.workspace.direct_channel(carol).id
    await slack.slash(carol, "/limner-admin", "block here", channel=direct)
    said = (await slack.wait_for(lambda: whispers(slack)))[0]
    assert "A direct message has no limits" in text_of(said)


async def test_pictures_are_granted_for_today_or_the_month(bot: Bot, slack: FakeSlack, order: Order) -> None:
    assert "bob has 20 pictures on top today." in text_of(await order("grant @bob 20"))
    await order("grant @bob 5 month")
    granted = [(str(user), span, count) for user, span, count in bot.workshop.policies.granted]
    bob = await member(bot, slack.bob)
    assert granted == [(bob, Span.DAY, 20), (bob, Span.MONTH, 5)]
    assert "Grant between 1 and 100 pictures" in text_of(await order("grant @bob 20000"))


async def test_spending_is_listed_with_shared_budgets_and_lost_calls(bot: Bot, order: Order) -> None:
    bot.workshop.ledger.lines = [
        Spend(subject="u", name="<!channel> *Bob*", pictures=3, reserved_micro=0, spent_micro=1_230_000, lost_micro=0),
        Spend(subject="v", name="Al", pictures=1, reserved_micro=40_000, spent_micro=10_000, lost_micro=20_000),
    ]
    call = LostCall(generation_id=uuid4(), attempt=1, user_name="Al", lost_micro=20_000, at=now())
    bot.workshop.ledger.calls = [call]
    pool = Policy(scope=Scope.WORKSPACE, subject=HERE, pool_month_micro=5_000_000)
    bot.workshop.policies.rows[pool.scope, pool.subject] = pool
    tally = Tally(scope=Scope.WORKSPACE, subject=HERE, span=Span.MONTH, spent_micro=1_240_000, reserved_micro=40_000)
    bot.workshop.ledger.used = [tally]
    said = await order("spend")
    shown = text_of(said)
    assert "<!channel> *Bob* · 3 pictures · $1.23" in shown
    assert "Al · 1 picture · $0.010 · $0.040 reserved · $0.020 lost" in shown
    assert "█████░░░░░░░░░░░░░░░ $1.28 of $5.00" in shown
    assert "UTC · Al · $0.020" in shown
    assert "Together $1.24" in shown
    assert "<!channel>" not in said.text


async def test_what_cannot_be_read_says_how_it_is_written(order: Order) -> None:
    assert "I do not know who '@nobody' is" in text_of(await order("block @nobody"))
    assert "/limner-admin alone" in text_of(await order("frobnicate <!channel>"))
