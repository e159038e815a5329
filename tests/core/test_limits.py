"""The decision whether a request may be taken: every refusal's sentence, and what tightens what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Limit, LimitReached, NotAllowed
from core.generation import Left
from core.limits import ALERT_PERCENT, Facts, Meter, Price, Tally, decide, personal_meters, pool_meters, tight
from core.periods import Periods, Span
from core.policies import FREE, UNLIMITED, Policy, Scope

NOON = datetime(2026, 11, 20, 12, 20, tzinfo=UTC)
TODAY = Periods(NOON, ZoneInfo("UTC"))
ONE = Price(pictures=1, micro=13_000)

INSTALLATION = Policy(scope=Scope.INSTALLATION, subject="")
WORKSPACE = Policy(scope=Scope.WORKSPACE, subject="discord:81")
CHANNEL = Policy(scope=Scope.CHANNEL, subject="discord:81/42")
USER = Policy(scope=Scope.USER, subject="ada")


def used(span: Span, scope: Scope = Scope.USER, **how: int) -> Tally:
    return Tally(scope=scope, subject="", span=span, **how)


def facts(*policies: Policy, tallies: Sequence[Tally] = (), **more: Any) -> Facts:
    return Facts(tier="unlimited", policies=[UNLIMITED, *policies], tallies=tallies, **more)


def refused(found: Facts, price: Price = ONE, upgrade: str = "") -> LimitReached:
    with pytest.raises(LimitReached) as refusal:
        decide(found, price, TODAY, upgrade)
    return refusal.value


def test_whoever_has_no_limits_is_let_through_at_once() -> None:
    verdict = decide(facts(), ONE, TODAY)
    assert (verdict.parked, verdict.max_running, verdict.left, verdict.alerts) == (False, None, None, ())


@pytest.mark.parametrize(
    ("policy", "tally", "limit", "words", "resets_at"),
    [
        (
            replace(USER, per_hour=10),
            used(Span.HOUR, pictures=10),
            Limit.PICTURES_HOUR,
            "You have used 10 of 10 pictures this hour.",
            datetime(2026, 11, 20, 13, tzinfo=UTC),
        ),
        (
            replace(USER, per_day=50),
            used(Span.DAY, pictures=50),
            Limit.PICTURES_DAY,
            "You have used 50 of 50 pictures today.",
            datetime(2026, 11, 21, tzinfo=UTC),
        ),
        (
            replace(USER, per_month=1_200),
            used(Span.MONTH, pictures=1_200),
            Limit.PICTURES_MONTH,
            "You have used 1,200 of 1,200 pictures this month.",
            datetime(2026, 12, 1, tzinfo=UTC),
        ),
        (
            replace(USER, spend_day_micro=100_000),
            used(Span.DAY, reserved_micro=40_000, spent_micro=50_000),
            Limit.SPEND_DAY,
            "This would cost about $0.013, and you have $0.010 of your $0.10 left today.",
            datetime(2026, 11, 21, tzinfo=UTC),
        ),
        (
            replace(USER, spend_month_micro=5_000_000),
            used(Span.MONTH, spent_micro=5_000_000),
            Limit.SPEND_MONTH,
            "This would cost about $0.013, and you have $0 of your $5.00 left this month.",
            datetime(2026, 12, 1, tzinfo=UTC),
        ),
        (
            replace(INSTALLATION, pool_day_micro=1_000_000),
            used(Span.DAY, Scope.INSTALLATION, spent_micro=999_000),
            Limit.POOL_DAY,
            "The budget of this bot today has no room for this request.",
            datetime(2026, 11, 21, tzinfo=UTC),
        ),
        (
            replace(WORKSPACE, pool_month_micro=1_000_000),
            used(Span.MONTH, Scope.WORKSPACE, spent_micro=999_000),
            Limit.POOL_MONTH,
            "The budget that everybody here shares this month has no room for this request.",
            datetime(2026, 12, 1, tzinfo=UTC),
        ),
    ],
)
def test_a_refusal_says_which_limit_with_its_figures_and_when_it_resets(
    policy: Policy, tally: Tally, limit: Limit, words: str, resets_at: datetime
) -> None:
    refusal = refused(facts(policy, tallies=[tally]), upgrade="To get more: https://example.org/more")
    assert (refusal.limit, refusal.args[0], refusal.resets_at) == (limit, words, resets_at)
    own = policy.scope is Scope.USER
    assert refusal.next_step == ("To get more: https://example.org/more" if own else "Ask an admin.")


def test_a_tier_s_budget_is_told_as_one_shared_with_others() -> None:
    found = Facts(tier="free", policies=[replace(FREE, pool_day_micro=10_000)], tallies=[])
    assert refused(found).args[0] == "The budget that you share with others today has no room for this request."


def test_fewer_left_than_were_asked_for_is_said_so() -> None:
    found = facts(replace(USER, per_day=10), tallies=[used(Span.DAY, pictures=8)])
    refusal = refused(found, Price(pictures=4, micro=52_000))
    assert refusal.args[0] == "You have 2 of 10 pictures left today, which is fewer than you asked for."
    assert decide(found, Price(pictures=2, micro=26_000), TODAY).left == Left(0, 10, "day")


def test_a_cooldown_says_how_long_to_wait() -> None:
    found = facts(replace(USER, cooldown_seconds=30), last_accepted_at=NOON - timedelta(seconds=2))
    refusal = refused(found)
    assert (refusal.limit, str(refusal)) == (Limit.COOLDOWN, "Please wait 28 seconds.")
    assert refusal.resets_at == NOON + timedelta(seconds=28)
    assert str(refused(replace(found, last_accepted_at=NOON - timedelta(seconds=29.5)))) == "Please wait 1 second."


def test_a_cooldown_ends_to_the_second_and_a_clock_put_back_locks_nobody_out() -> None:
    found = facts(replace(USER, cooldown_seconds=30))
    for last in (NOON - timedelta(seconds=30), NOON + timedelta(hours=2), None):
        assert decide(replace(found, last_accepted_at=last), ONE, TODAY).parked is False


def test_a_full_queue_of_one_s_own_says_what_to_do() -> None:
    refusal = refused(facts(replace(USER, max_waiting=10), waiting=10))
    assert refusal.limit is Limit.WAITING
    assert str(refusal) == (
        "You already have 10 requests waiting, which is the most you may have. "
        "Wait for one of them to end, or cancel one: /queue lists them."
    )
    assert refusal.resets_at is None


@pytest.mark.parametrize(("running", "parked"), [(0, False), (2, False), (3, True), (9, True)])
def test_more_than_may_run_are_taken_and_wait(running: int, parked: bool) -> None:
    verdict = decide(facts(replace(USER, max_running=3), open_at_once=running), ONE, TODAY)
    assert (verdict.parked, verdict.max_running) == (parked, 3)


def test_of_several_full_limits_the_one_that_lasts_longest_is_told_and_one_s_own_first() -> None:
    own = replace(USER, per_hour=1, per_day=1)
    both = [used(Span.HOUR, pictures=1), used(Span.DAY, pictures=1)]
    assert refused(facts(own, tallies=both)).limit is Limit.PICTURES_DAY
    shared = replace(INSTALLATION, pool_day_micro=1)
    assert refused(facts(own, shared, tallies=both)).limit is Limit.PICTURES_DAY
    longer = replace(INSTALLATION, pool_month_micro=1)
    assert refused(facts(own, longer, tallies=both)).limit is Limit.POOL_MONTH


def test_demo_and_test_pictures_use_nothing_up_but_no_one_draws_where_it_is_forbidden() -> None:
    free = Price(pictures=4, micro=0, counted=False)
    spent = facts(replace(USER, per_day=0, cooldown_seconds=30, max_waiting=0), last_accepted_at=NOON, waiting=9)
    verdict = decide(spent, free, TODAY)
    assert (verdict.parked, verdict.left, verdict.alerts) == (False, None, ())
    with pytest.raises(NotAllowed):
        decide(facts(replace(USER, allowed=False)), free, TODAY)


@pytest.mark.parametrize(("spent", "alerted"), [(786_999, False), (787_000, True), (980_000, True)])
def test_budgets_are_told_of_from_eighty_percent_on(spent: int, alerted: bool) -> None:
    assert ALERT_PERCENT == 80
    tallies = [used(Span.DAY, Scope.INSTALLATION, spent_micro=spent), used(Span.DAY, spent_micro=spent)]
    found = facts(
        replace(INSTALLATION, pool_day_micro=1_000_000), replace(USER, spend_day_micro=1_000_000), tallies=tallies
    )
    alerts = decide(found, ONE, TODAY).alerts
    assert {one.limit for one in alerts} == ({Limit.SPEND_DAY, Limit.POOL_DAY} if alerted else set())


def test_counts_of_pictures_are_not_alerted() -> None:
    found = facts(replace(USER, per_day=10), tallies=[used(Span.DAY, pictures=9)])
    assert decide(found, ONE, TODAY).alerts == ()


def test_what_was_lost_is_the_operator_s_money_and_no_person_s() -> None:
    lost = [used(Span.DAY, scope, lost_micro=1_000_000) for scope in (Scope.USER, Scope.INSTALLATION)]
    assert decide(facts(replace(USER, spend_day_micro=900_000), tallies=lost), ONE, TODAY).alerts == ()
    assert refused(facts(replace(INSTALLATION, pool_day_micro=900_000), tallies=lost)).limit is Limit.POOL_DAY


def test_what_an_admin_granted_comes_on_top() -> None:
    policy, spent = replace(USER, per_day=10), used(Span.DAY, pictures=10, granted=5)
    assert decide(facts(policy, tallies=[spent]), ONE, TODAY).left == Left(4, 15, "day")
    assert refused(facts(policy, tallies=[replace(spent, granted=-5)])).limit is Limit.PICTURES_DAY


def test_what_is_left_is_that_of_the_tightest_count() -> None:
    policy = replace(USER, per_hour=10, per_day=50, per_month=200)
    tallies = [used(Span.HOUR, pictures=2), used(Span.DAY, pictures=46), used(Span.MONTH, pictures=100)]
    assert decide(facts(policy, tallies=tallies), ONE, TODAY).left == Left(3, 50, "day")


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 4))
def test_no_verdict_lets_a_limit_be_passed(spent: int, of: int, asked: int) -> None:
    found = facts(replace(USER, per_day=of), tallies=[used(Span.DAY, pictures=spent)])
    price = Price(pictures=asked, micro=asked)
    if spent + asked > of:
        assert refused(found, price).limit is Limit.PICTURES_DAY
    else:
        assert decide(found, price, TODAY).left == Left(of - spent - asked, of, "day")


def test_a_budget_with_little_room_is_decided_by_one_after_another() -> None:
    found = facts(
        replace(INSTALLATION, pool_day_micro=1_000),
        replace(WORKSPACE, pool_day_micro=1_000_000),
        tallies=[used(Span.DAY, Scope.INSTALLATION, spent_micro=500)],
    )
    assert tight(found, TODAY, slack_micro=500) == {Scope.INSTALLATION}
    assert tight(found, TODAY, slack_micro=499) == frozenset()


def test_meters_tell_used_and_left_of_each_limit_for_the_bars() -> None:
    found = Facts(
        tier="free",
        policies=[FREE, replace(WORKSPACE, pool_month_micro=20_000_000)],
        tallies=[used(Span.DAY, pictures=60), used(Span.MONTH, Scope.WORKSPACE, spent_micro=1)],
    )
    own, pools = personal_meters(found, TODAY), pool_meters(found, TODAY)
    counts = [Limit.PICTURES_HOUR, Limit.PICTURES_DAY, Limit.PICTURES_MONTH]
    assert [one.limit for one in own] == [*counts, Limit.SPEND_MONTH]
    day = own[1]
    assert (day.used, day.of, day.left, day.money) == (60, 50, 0, False)
    assert pools == (
        Meter(
            limit=Limit.POOL_MONTH,
            scope=Scope.WORKSPACE,
            subject="discord:81",
            span=Span.MONTH,
            used=1,
            of=20_000_000,
            resets_at=datetime(2026, 12, 1, tzinfo=UTC),
        ),
    )
