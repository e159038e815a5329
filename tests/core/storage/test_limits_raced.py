"""Two hundred simultaneous requests against a limit with room for three: three pass, whichever limit it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.errors import LimitReached
from core.generation import Accepted, Requester, Venue
from core.policies import FREE, UNLIMITED, Policy, Scope
from core.ports import Assignment
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from tests.core.material import LEASE, request, terms
from tests.core.stores import Stores

HERE = Venue(workspace="discord:81", channels=("discord:81/42",))
PRICE = 13_220
ROOM_FOR_THREE = 3 * PRICE + PRICE // 2

OWN: Mapping[str, Mapping[str, Any]] = {
    "per_hour": {"per_hour": 3},
    "per_day": {"per_day": 3},
    "per_month": {"per_month": 3},
    "waiting": {"max_waiting": 3},
    "spend_day": {"spend_day_micro": ROOM_FOR_THREE},
    "spend_month": {"spend_month_micro": ROOM_FOR_THREE},
}
SHARED = ((Scope.INSTALLATION, ""), (Scope.WORKSPACE, HERE.workspace), (Scope.TIER, "unlimited"))
POOLS = {
    **{f"{scope}_day": Policy(scope=scope, subject=name, pool_day_micro=ROOM_FOR_THREE) for scope, name in SHARED},
    **{f"{scope}_month": Policy(scope=scope, subject=name, pool_month_micro=ROOM_FOR_THREE) for scope, name in SHARED},
}


async def passed(stores: Stores, people: int, total: int = 200, **changed: Any) -> int:
    """How many of the requests, all at once, were taken; every other must have met a limit."""
    given = terms(slack_micro=10**9, **changed)
    answers = await asyncio.gather(
        *(
            stores.requests.accept(request(Requester("discord", str(n % people), "A"), venue=HERE), given)
            for n in range(total)
        ),
        return_exceptions=True,
    )
    refused = [one for one in answers if isinstance(one, LimitReached)]
    taken = [one for one in answers if not isinstance(one, BaseException)]
    assert len(refused) + len(taken) == total, [one for one in answers if one not in refused and one not in taken][:3]
    return len(taken)


@pytest.mark.parametrize("name", OWN)
async def test_three_of_two_hundred_pass_the_limit_of_one_person(stores: Stores, name: str) -> None:
    policies = PostgresPolicies(stores.database)
    await policies.lay_down(replace(UNLIMITED, **OWN[name]), "test")
    assert await passed(stores, people=1) == 3


@pytest.mark.parametrize("name", POOLS)
async def test_three_of_two_hundred_pass_a_budget_that_many_share(stores: Stores, name: str) -> None:
    await PostgresPolicies(stores.database).lay_down(POOLS[name], "test")
    assert await passed(stores, people=50) == 3
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.difference_micro) == (3 * PRICE, 0)


async def test_three_of_two_hundred_pass_a_budget_that_stands_in_the_settings(stores: Stores) -> None:
    budget = Policy(scope=Scope.INSTALLATION, subject="", pool_month_micro=ROOM_FOR_THREE)
    assert await passed(stores, people=50, ceiling=budget) == 3


async def test_a_cooldown_lets_one_of_two_hundred_through(stores: Stores) -> None:
    await PostgresPolicies(stores.database).lay_down(replace(FREE, max_waiting=None), "test")
    await PostgresPolicies(stores.database).assign(
        Assignment(workspace=HERE.workspace, subject="role:7", tier="free"), "test"
    )
    given = terms(default_tier="free")
    answers = await asyncio.gather(
        *(stores.requests.accept(request(venue=HERE), given) for _ in range(200)), return_exceptions=True
    )
    assert sum(not isinstance(one, BaseException) for one in answers) == 1
    assert {type(one) for one in answers if isinstance(one, BaseException)} == {LimitReached}


@pytest.mark.parametrize("room", [1, 3])
async def test_all_of_two_hundred_are_taken_but_only_so_many_may_run(stores: Stores, room: int) -> None:
    await PostgresPolicies(stores.database).lay_down(replace(UNLIMITED, max_running=room), "test")
    given = terms(None)
    taken = await asyncio.gather(*(stores.requests.accept(request(venue=HERE), given) for _ in range(200)))
    assert sum(not one.generation.parked for one in taken) == room
    claimed = await asyncio.gather(*(stores.work.claim(f"w{n}", LEASE) for n in range(2 * room + 4)))
    assert sum(one is not None for one in claimed) == room


@pytest.mark.parametrize("people", [1, 20])
async def test_requests_that_are_sent_again_in_the_middle_of_the_race_use_up_nothing(
    stores: Stores, people: int
) -> None:
    """Twenty requests, each sent ten times over: three pass, and every repetition of those is answered with them."""
    policies = PostgresPolicies(stores.database)
    await policies.lay_down(POOLS["installation_day"] if people > 1 else replace(UNLIMITED, per_day=3), "test")
    given = terms(None, slack_micro=10**9)
    asked = [request(Requester("web", str(n % people), "A"), idempotency_key=f"web:{n % 20}") for n in range(200)]
    answers = await asyncio.gather(*(stores.requests.accept(one, given) for one in asked), return_exceptions=True)
    passed: dict[str, list[Accepted]] = {}
    for one, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Accepted):
            passed.setdefault(one.idempotency_key, []).append(answer)
        else:
            assert isinstance(answer, LimitReached)
    assert len(passed) == 3
    for same in passed.values():
        assert len({one.generation.id for one in same}) == 1
        assert sum(not one.duplicate for one in same) == 1
    balance = await PostgresLedger(stores.database).balance()
    assert (balance.reserved_micro, balance.difference_micro) == (3 * PRICE, 0)
