"""What follows for one person from all that was laid down: a tier, a word about them, and places that only tighten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Span
from core.policies import FREE, PERSONAL, PREMIUM, UNLIMITED, Policy, Scope, allowance, tightened

INSTALLATION = Policy(scope=Scope.INSTALLATION, subject="")
WORKSPACE = Policy(scope=Scope.WORKSPACE, subject="discord:81")
CHANNEL = Policy(scope=Scope.CHANNEL, subject="discord:81/42")
USER = Policy(scope=Scope.USER, subject="ada")


def test_a_tier_is_what_its_members_may_do() -> None:
    assert allowance([FREE]).pictures == {Span.HOUR: 10, Span.DAY: 50, Span.MONTH: 200}
    assert (allowance([FREE]).cooldown_seconds, allowance([FREE]).max_running, allowance([FREE]).max_waiting) == (
        30,
        1,
        10,
    )
    assert allowance([FREE]).spend_micro[Span.MONTH] == 5_000_000
    assert allowance([PREMIUM]).weight > allowance([FREE]).weight
    assert set(allowance([UNLIMITED]).pictures.values()) == {None}
    assert allowance([]) == allowance([FREE])


def test_a_word_about_a_person_replaces_their_tier_s_field_by_field() -> None:
    may = allowance([FREE, replace(USER, per_day=500, cooldown_seconds=0)])
    assert (may.pictures[Span.DAY], may.pictures[Span.HOUR], may.cooldown_seconds) == (500, 10, None)


@pytest.mark.parametrize("around", [INSTALLATION, WORKSPACE, CHANNEL])
def test_a_place_can_only_tighten(around: Policy) -> None:
    assert allowance([FREE, replace(around, per_day=3)]).pictures[Span.DAY] == 3
    assert allowance([FREE, replace(around, per_day=3_000)]).pictures[Span.DAY] == 50
    assert allowance([FREE, replace(USER, per_day=500), replace(around, per_day=3)]).pictures[Span.DAY] == 3
    assert allowance([FREE, replace(around, cooldown_seconds=90)]).cooldown_seconds == 90
    assert allowance([FREE, replace(around, cooldown_seconds=3)]).cooldown_seconds == 30
    assert allowance([UNLIMITED, replace(around, max_running=2)]).max_running == 2


limits = st.none() | st.integers(0, 100)
said = st.fixed_dictionaries(dict.fromkeys(PERSONAL, limits))


@given(said, said)
def test_no_place_ever_allows_more_than_the_tier_and_the_person(mine: dict[str, Any], around: dict[str, Any]) -> None:
    base = [FREE, replace(USER, **mine)]
    alone, within = allowance(base), allowance([*base, replace(CHANNEL, **around), replace(WORKSPACE, **around)])
    for span in Span:
        assert _at_most(within.pictures[span], alone.pictures[span])
    for name in ("max_running", "max_waiting"):
        assert _at_most(getattr(within, name), getattr(alone, name))
    assert (within.cooldown_seconds or 0) >= (alone.cooldown_seconds or 0)


def _at_most(one: int | None, other: int | None) -> bool:
    return other is None or (one is not None and one <= other)


def test_what_the_settings_say_of_the_installation_cannot_be_loosened_by_the_table() -> None:
    table = replace(INSTALLATION, pool_day_micro=9_000_000, per_day=5)
    both = tightened(table, replace(INSTALLATION, pool_day_micro=1_000_000, per_day=50))
    assert (both.pool_day_micro, both.per_day) == (1_000_000, 5)
    assert tightened(None, table) == table
