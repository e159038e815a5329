"""What is to be said is said once, later where it must, and never where it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.catalogue import load_catalogue
from core.clock import now
from core.errors import Outage, Undeliverable
from core.generation import Requester
from core.house import House
from core.limits import Facts, pool_meters
from core.notifying import LEASE, LONGEST, MOST_TRIES, Notifying
from core.policies import UNLIMITED, Policy, Scope
from core.ports import Notice, NoticeStore, OpenNotice
from core.storage.governing import PostgresPolicies
from core.storage.notices import PostgresNotices
from tests.core.material import request
from tests.core.stores import Stores
from tests.eventually import until
from tests.fakes.ports import MemoryNotices

PATIENCE = 20.0
"""Seconds for a second look on a busy machine."""

OPS = Notice(key="k", platform="mail", address="ops@example.org", title="Nearly used", body="More than 80 %.")


@dataclass(slots=True)
class Listener:
    """A messenger that keeps what it was told, or raises what the test says."""

    platform: str
    heard: list[Notice] = field(default_factory=list)
    fault: Exception | None = None

    async def tell(self, notice: Notice) -> None:
        if self.fault is not None:
            raise self.fault
        self.heard.append(notice)


@pytest.fixture
def notices() -> MemoryNotices:
    return MemoryNotices()


async def test_each_hears_what_is_for_its_platform_and_once(notices: MemoryNotices) -> None:
    mail, discord = Listener("mail"), Listener("discord")
    notices.add(OPS)
    notices.add(replace(OPS, platform="discord", address="user:1"))
    notices.add(replace(OPS, platform="slack", address="user:T1/U1"))
    notifying = Notifying(notices, [mail, discord])
    assert [await notifying.say_all(), await notifying.say_all()] == [2, 0]
    assert ([one.address for one in mail.heard], [one.address for one in discord.heard]) == (
        ["ops@example.org"],
        ["user:1"],
    )
    assert list(notices.outcomes.values()) == ["sent", "sent"]


@pytest.mark.parametrize(
    ("fault", "tries", "pause"),
    [
        (Outage("away", retry_after=7), 0, 7.0),
        (Outage("away"), 0, 30.0),
        (Outage("away"), 3, 240.0),
        (Outage("away"), 12, LONGEST),
        (RuntimeError("a defect"), 0, LONGEST),
    ],
)
async def test_what_cannot_be_said_now_is_said_later(
    notices: MemoryNotices, fault: Exception, tries: int, pause: float
) -> None:
    one = notices.add(OPS)
    notices.tries[one] = tries
    before = now()
    await Notifying(notices, [Listener("mail", fault=fault)]).say_all()
    assert notices.outcomes == {}
    assert timedelta(0) <= notices.due[one] - before - timedelta(seconds=pause) < LEASE


async def test_what_can_never_be_said_is_given_up_and_so_is_what_was_tried_too_often(notices: MemoryNotices) -> None:
    never, often = notices.add(OPS), notices.add(replace(OPS, platform="slack"))
    notices.tries[often] = MOST_TRIES - 1
    messengers = [Listener("mail", fault=Undeliverable("no such mailbox")), Listener("slack", fault=Outage("away"))]
    await Notifying(notices, messengers).say_all()
    assert notices.outcomes == {never: "no such mailbox", often: "away"}


async def test_one_that_stumbles_does_not_hold_up_the_others(notices: MemoryNotices) -> None:
    discord = Listener("discord")
    notices.add(OPS)
    notices.add(replace(OPS, platform="discord"))
    await Notifying(notices, [Listener("mail", fault=RuntimeError("a defect")), discord]).say_all()
    assert len(discord.heard) == 1


@dataclass(slots=True)
class AwayNotices(MemoryNotices):
    """Away at first."""

    looks: int = 0

    async def take(self, platforms: Sequence[str], lease: timedelta, limit: int) -> Sequence[OpenNotice]:
        self.looks += 1
        raise (Outage("the database is away") if self.looks == 1 else RuntimeError("a defect"))


async def test_a_look_that_fails_does_not_end_the_looking() -> None:
    away = AwayNotices()
    task = asyncio.create_task(Notifying(away, [Listener("mail")]).run())

    async def looked_twice() -> bool:
        return away.looks >= 2

    await until(looked_twice, PATIENCE)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def house(pool_day_micro: int | None = None) -> House:
    return House(
        catalogue=load_catalogue(),
        default_tier="unlimited",
        ceiling=Policy(scope=Scope.INSTALLATION, subject="", pool_day_micro=pool_day_micro),
        alert_to=(("mail", "ops@example.org"), ("slack", "channel:C7")),
    )


async def said(notices: NoticeStore, *platforms: str) -> list[Notice]:
    listeners = [Listener(one) for one in platforms]
    await Notifying(notices, listeners).say_all()
    return [notice for one in listeners for notice in one.heard]


async def asked(stores: Stores, rules: House, number: int, people: int = 20) -> int:
    """That many requests at once; returns how many were taken."""
    requests = [request(Requester("discord", str(n % people), "Ada")) for n in range(number)]
    answers = await asyncio.gather(
        *(stores.requests.accept(one, rules.terms(one, "bot-1")) for one in requests), return_exceptions=True
    )
    return sum(not isinstance(one, BaseException) for one in answers)


async def test_a_shared_budget_is_spoken_of_once_to_each_however_many_cross_it_at_once(stores: Stores) -> None:
    price = house().price(request().options, request().prompt).micro
    rules, notices = house(pool_day_micro=40 * price), PostgresNotices(stores.database)
    assert await asked(stores, rules, 20) == 20
    assert await said(notices, "mail", "slack") == []
    assert await asked(stores, rules, 40) == 20
    heard = await said(notices, "mail", "slack", "discord")
    assert [(one.platform, one.address) for one in heard] == [("mail", "ops@example.org"), ("slack", "channel:C7")]
    assert all("this bot" in one.body for one in heard)
    assert await said(notices, "mail", "slack", "discord") == []


async def test_ones_own_budget_is_spoken_of_to_oneself(stores: Stores) -> None:
    rules, notices = house(), PostgresNotices(stores.database)
    price = rules.price(request().options, request().prompt).micro
    await PostgresPolicies(stores.database).lay_down(replace(UNLIMITED, spend_month_micro=10 * price), "test")
    assert await asked(stores, rules, 10, people=1) == 10
    heard = await said(notices, "mail", "slack", "discord")
    assert [(one.platform, one.address) for one in heard] == [("discord", "user:0")]
    assert heard[0].title == "Your budget for pictures is nearly used"


async def test_an_alert_that_is_due_at_midnight_belongs_to_the_day_whose_budget_it_is_about() -> None:
    last, first = (datetime(2026, 11, day, *at, tzinfo=UTC) for day, at in ((20, (23, 59, 59)), (21, (0, 0, 1))))
    moments = iter([last])
    rules = replace(house(pool_day_micro=1), clock=lambda: next(moments, first))
    terms = rules.terms(request(), "bot-1")
    (meter,) = pool_meters(Facts(tier="", policies=[rules.ceiling], tallies=[]), terms.periods)
    assert {one.key for one in terms.notices([meter], uuid4())} == {"80/installation//pool_day/2026-11-20"}
