"""A dear request is asked about before it is made, once, and only where it would be taken at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import ConfirmFirst, LimitReached, NotFound
from core.house import House
from core.policies import UNLIMITED
from tests.core.material import ADA, BOB, request
from tests.fakes.workshop import Workshop


def shop() -> Workshop:
    made = Workshop()
    made.house = House(catalogue=made.catalogue, confirm_above_micro=1000)
    return made


async def asked_about(workshop: Workshop, **changed: object) -> ConfirmFirst:
    with pytest.raises(ConfirmFirst) as question:
        await workshop.studio().requesting.submit(request(ADA, **changed))
    return question.value


async def test_nothing_is_stored_before_the_answer_and_one_request_after_it() -> None:
    workshop = shop()
    question = await asked_about(workshop)
    assert "$0.0" in str(question)
    assert workshop.store.generations == {}
    requesting = workshop.studio().requesting
    first = await requesting.confirm(question.proposal_id, ADA, None)
    again = await requesting.confirm(question.proposal_id, ADA, None)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert len(workshop.store.generations) == 1


async def test_a_stranger_cannot_confirm() -> None:
    workshop = shop()
    question = await asked_about(workshop)
    with pytest.raises(NotFound):
        await workshop.studio().requesting.confirm(question.proposal_id, BOB, None)
    assert workshop.store.generations == {}


async def test_who_has_no_room_is_told_so_instead_of_being_asked() -> None:
    workshop = shop()
    workshop.store.policies = [replace(UNLIMITED, per_day=0)]
    with pytest.raises(LimitReached):
        await workshop.studio().requesting.submit(request(ADA))
    assert workshop.store.proposals == {}


async def test_what_was_confirmed_is_not_asked_about_again_when_it_is_told_twice() -> None:
    workshop = shop()
    one = request(ADA)
    accepted = await workshop.studio().requesting.submit(one, confirmed=True)
    again = await workshop.studio().requesting.submit(one)
    assert again.duplicate
    assert again.generation.id == accepted.generation.id
