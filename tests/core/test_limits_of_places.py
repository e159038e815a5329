"""Who is shut out, and where: told before any limit, and the most particular word about a place decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import LimitReached, NotAllowed, SwitchedOff
from core.limits import decide
from core.policies import Policy, Scope
from tests.core.test_limits import CHANNEL, INSTALLATION, NOON, ONE, TODAY, USER, WORKSPACE, facts

THREAD = Policy(scope=Scope.CHANNEL, subject="discord:81/43")
MEMBER = Policy(scope=Scope.MEMBER, subject="discord:81|ada")


def test_what_closes_the_place_is_told_before_any_limit() -> None:
    full = replace(USER, per_day=0, cooldown_seconds=60)
    found = facts(replace(INSTALLATION, paused=True, reason="Back at six."), full, last_accepted_at=NOON)
    with pytest.raises(SwitchedOff, match=r"^Making pictures is paused\. Back at six\."):
        decide(found, ONE, TODAY)
    with pytest.raises(SwitchedOff, match=r"^Making pictures is paused here\."):
        decide(facts(replace(WORKSPACE, paused=True), full), ONE, TODAY)
    with pytest.raises(LimitReached, match="Please wait"):
        decide(facts(full, last_accepted_at=NOON), ONE, TODAY)


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        ([replace(USER, allowed=False, reason="Spam.")], "You may not ask for pictures. Spam."),
        ([replace(MEMBER, allowed=False)], "You may not ask for pictures here."),
        (
            [replace(CHANNEL, allowed=False)],
            "Pictures may not be asked for in this place. Try another channel, or ask an admin.",
        ),
        (
            [replace(WORKSPACE, allowed=False)],
            "Pictures may not be asked for in this place. Try another channel, or ask an admin.",
        ),
    ],
)
def test_who_is_shut_out_is_told_so(policies: list[Policy], words: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        decide(facts(*policies), ONE, TODAY)
    assert " ".join(str(refusal.value).split()) == words


@pytest.mark.parametrize(
    "policies",
    [
        [replace(WORKSPACE, allowed=False), replace(CHANNEL, allowed=True)],
        [replace(THREAD, allowed=True), replace(CHANNEL, allowed=False)],
        [replace(WORKSPACE, allowed=True)],
        [replace(USER, allowed=True), replace(MEMBER, allowed=None)],
    ],
)
def test_the_most_particular_word_about_a_place_decides(policies: list[Policy]) -> None:
    assert decide(facts(*policies), ONE, TODAY).parked is False


@pytest.mark.parametrize(
    ("policies", "taken"),
    [
        ([WORKSPACE, replace(WORKSPACE, allowed=False, imposed=True)], False),
        ([replace(WORKSPACE, allowed=False, imposed=True), replace(WORKSPACE, allowed=True)], False),
        ([replace(WORKSPACE, allowed=False, imposed=True), replace(CHANNEL, allowed=True)], False),
        ([replace(WORKSPACE, allowed=False, imposed=True), replace(CHANNEL, allowed=True, imposed=True)], True),
        ([replace(WORKSPACE, allowed=True, imposed=True), replace(CHANNEL, allowed=False)], False),
    ],
)
def test_no_word_of_a_place_s_own_admins_lifts_the_operator_s(policies: list[Policy], taken: bool) -> None:
    try:
        decide(facts(*policies), ONE, TODAY)
    except NotAllowed:
        assert not taken
    else:
        assert taken


def test_a_word_for_a_channel_lets_nobody_in_who_is_shut_out_in_person() -> None:
    with pytest.raises(NotAllowed):
        decide(facts(replace(CHANNEL, allowed=True), replace(USER, allowed=False)), ONE, TODAY)
