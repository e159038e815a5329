"""Limits that leave no room at all, and requests that are larger than the whole of a limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import Limit, LimitReached
from core.limits import Price, decide
from core.policies import Policy
from tests.core.test_limits import INSTALLATION, ONE, TODAY, USER, WORKSPACE, facts


def refused(policy: Policy, price: Price) -> LimitReached:
    with pytest.raises(LimitReached) as refusal:
        decide(facts(policy), price, TODAY)
    return refusal.value


@pytest.mark.parametrize("policy", [replace(USER, per_day=3), replace(WORKSPACE, per_day=3)])
def test_more_pictures_than_the_whole_count_are_not_said_to_fit_at_midnight(policy: Policy) -> None:
    refusal = refused(policy, Price(pictures=4, micro=52_000))
    assert refusal.args[0] == "You have 3 of 3 pictures left today, which is fewer than you asked for."
    assert refusal.resets_at is None


def test_what_costs_more_than_the_whole_budget_is_not_said_to_fit_in_the_next_month() -> None:
    for policy in (replace(USER, spend_month_micro=10_000), replace(INSTALLATION, pool_month_micro=10_000)):
        assert refused(policy, ONE).resets_at is None


def test_a_count_of_none_is_not_told_as_one_that_was_used_up() -> None:
    refusal = refused(replace(USER, per_day=0), ONE)
    assert (refusal.limit, refusal.args[0]) == (Limit.PICTURES_DAY, "You may make no pictures today.")


def test_a_budget_of_nothing_refuses_what_costs_and_alerts_nobody_of_what_does_not() -> None:
    policy = replace(INSTALLATION, pool_day_micro=0)
    assert refused(policy, Price(pictures=1, micro=1)).limit is Limit.POOL_DAY
    assert decide(facts(policy), Price(pictures=1, micro=0), TODAY).alerts == ()
