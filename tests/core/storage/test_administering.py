"""What admins of a workspace may do to the operator's word, to other workspaces, and to each other's changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.administering import MOST_BY_ADMINS, Administering, Authority
from core.catalogue import load_catalogue
from core.errors import BadRequest, LimitReached, NotAllowed, NotFound
from core.generation import Requester, Venue
from core.house import House
from core.periods import Span
from core.policies import Policy, Scope
from core.storage.accounting import PostgresLedger
from core.storage.governing import PostgresPolicies
from tests.core.material import ADA, request, terms
from tests.core.stores import Stores

HERE = Venue(workspace="discord:8", channels=("discord:8/42",))
ROOT, CAROL, MALLORY = Authority("", "root"), Authority("discord:8", "Carol"), Authority("discord:81", "Mallory")


@pytest.fixture
def administering(stores: Stores) -> Administering:
    database = stores.database
    return Administering(PostgresPolicies(database), PostgresLedger(database), House(catalogue=load_catalogue()))


async def test_a_budget_that_the_operator_gave_a_workspace_is_not_lifted_by_its_admins(
    stores: Stores, administering: Administering
) -> None:
    await administering.set_limits(ROOT, Scope.WORKSPACE, HERE.workspace, {"pool_month_micro": 20_000})
    await stores.requests.accept(request(venue=HERE), terms())
    for budget in (None, 10**12):
        await administering.set_limits(CAROL, Scope.WORKSPACE, HERE.workspace, {"pool_month_micro": budget})
        with pytest.raises(LimitReached, match="no room for this request"):
            await stores.requests.accept(request(venue=HERE), terms())
    pools = (await administering.spend(CAROL)).pools
    assert [one.of for one in pools] == [10**12, 20_000]


async def test_a_workspace_that_the_operator_shut_out_lets_nobody_in_by_its_admins_word(
    stores: Stores, administering: Administering
) -> None:
    await administering.allow(ROOT, Scope.WORKSPACE, HERE.workspace, False, "It was abused.")
    await administering.allow(CAROL, Scope.WORKSPACE, HERE.workspace, True)
    await administering.allow(CAROL, Scope.CHANNEL, HERE.channels[0], True)
    with pytest.raises(NotAllowed, match="It was abused"):
        await stores.requests.accept(request(venue=HERE), terms())
    await administering.allow(ROOT, Scope.CHANNEL, HERE.channels[0], True)
    assert (await stores.requests.accept(request(venue=HERE), terms())).position == 1
    assert {(one.scope, one.imposed) for one in await administering.laid_down(CAROL)} == {
        (scope, imposed) for scope in (Scope.WORKSPACE, Scope.CHANNEL) for imposed in (True, False)
    }


async def test_changes_at_the_same_time_undo_nothing_of_one_another(administering: Administering) -> None:
    for number in range(20):
        await asyncio.gather(
            administering.pause(CAROL, True, "Wait."),
            administering.set_limits(CAROL, Scope.WORKSPACE, HERE.workspace, {"per_day": number}),
        )
        (found,) = await administering.laid_down(CAROL)
        assert (found.paused, found.per_day) == (True, number)
        assert not (await administering.pause(CAROL, False)).paused


@pytest.mark.parametrize(
    ("scope", "subject"),
    [
        (Scope.WORKSPACE, "discord:81"),
        (Scope.WORKSPACE, ""),
        (Scope.CHANNEL, "discord:81/42"),
        (Scope.CHANNEL, "discord:8|/42"),
        (Scope.MEMBER, "discord:81|ada"),
        (Scope.MEMBER, "discord:8/|ada"),
        (Scope.USER, "ada"),
        (Scope.TIER, "free"),
        (Scope.INSTALLATION, ""),
    ],
)
async def test_nobody_reaches_beyond_the_own_workspace(
    administering: Administering, scope: Scope, subject: str
) -> None:
    with pytest.raises((NotFound, BadRequest)):
        await administering.allow(CAROL, scope, subject, True)
    with pytest.raises((NotFound, BadRequest)):
        await administering.set_limits(CAROL, scope, subject, {"per_day": 1})


async def test_names_that_begin_alike_or_hold_wildcards_show_nothing_of_others(administering: Administering) -> None:
    for scope, subject in (
        (Scope.WORKSPACE, "discord:81"),
        (Scope.CHANNEL, "discord:81/1"),
        (Scope.MEMBER, "discord:81|a"),
    ):
        await administering.allow(MALLORY, scope, subject, False)
    for workspace in ("discord:8", "discord:_1", "discord:%", "%", "\\", "discord:81/", "discord:81|"):
        assert await administering.laid_down(Authority(workspace, "Carol")) == []


@pytest.mark.parametrize("name", ["max_running", "max_waiting"])
async def test_nobody_is_left_waiting_for_a_place_that_there_is_not(
    stores: Stores, administering: Administering, name: str
) -> None:
    with pytest.raises(BadRequest, match="from 1 to"):
        await administering.set_limits(CAROL, Scope.WORKSPACE, HERE.workspace, {name: 0})
    none: dict[str, Any] = {name: 0}
    await PostgresPolicies(stores.database).lay_down(
        replace(Policy(scope=Scope.WORKSPACE, subject=HERE.workspace), **none), "by hand"
    )
    assert not (await stores.requests.accept(request(venue=HERE), terms())).generation.parked


async def test_what_admins_grant_is_bounded_and_the_operator_s_is_not(
    stores: Stores, administering: Administering
) -> None:
    user_id = await stores.accounts.user_id(ADA)
    other = await stores.accounts.user_id(Requester("discord", "2", "Bob"))
    with pytest.raises(BadRequest, match="between 1 and 100"):
        await administering.grant(CAROL, user_id, MOST_BY_ADMINS + 1, Span.DAY)
    tried = [administering.grant(one, user_id, 30, Span.HOUR) for one in (CAROL, MALLORY) for _ in range(5)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert [type(one) for one in answers if one is not None] == [NotAllowed] * 7
    await administering.grant(CAROL, other, MOST_BY_ADMINS, Span.MONTH)
    with pytest.raises(NotAllowed, match=r"^100 pictures .* this hour"):
        await administering.grant(CAROL, user_id, 11, Span.HOUR)
    await administering.grant(ROOT, user_id, 10_000, Span.HOUR)
    found = await PostgresLedger(stores.database).tallies([(Scope.USER, str(user_id))], administering.house.periods)
    assert {one.span: one.granted for one in found} == dict.fromkeys(Span, 10_090)
