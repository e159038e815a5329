"""Limits over REST: what a refusal carries, what is left, and what was used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.clock import now
from core.generation import Left
from core.limits import Tally
from core.periods import Span
from core.policies import FREE, Policy, Scope
from core.wording import money
from tests.bot.web.site import Answer, Site, serving
from tests.bot.web.test_pages import page
from tests.bot.web.test_sessions import signed_in
from tests.fakes.workshop import Workshop

ASK = {"prompt": "a fox"}


async def refused(site: Site, **fields: Any) -> Answer:
    return await site.rest("POST", "/images/generate", json={**ASK, **fields})


def used(span: Span, **amounts: int) -> Tally:
    return Tally(scope=Scope.USER, subject="", span=span, **amounts)


async def test_a_pause_is_429_with_when_it_is_over(site: Site, workshop: Workshop) -> None:
    workshop.store.policies = [FREE]
    workshop.store.last_accepted_at = now() - timedelta(seconds=2)
    answer = await refused(site)
    error = answer.json()["error"]
    assert (answer.status, error["code"], error["limit"]) == (429, "limit_reached", "cooldown")
    assert error["message"].startswith("Please wait 2")
    assert 0 < int(answer.headers["Retry-After"]) <= 28
    assert datetime.fromisoformat(error["resets_at"]) > now()
    assert workshop.store.generations == {}


@pytest.mark.parametrize(
    ("tally", "status", "limit"),
    [
        (used(Span.HOUR, pictures=10), 429, "pictures_hour"),
        (used(Span.DAY, pictures=50), 429, "pictures_day"),
        (used(Span.MONTH, pictures=200), 429, "pictures_month"),
        (used(Span.MONTH, spent_micro=4_999_000), 402, "spend_month"),
    ],
    ids=lambda value: str(value),
)
async def test_counts_are_429_and_money_is_402(tally: Tally, status: int, limit: str) -> None:
    workshop = Workshop()
    workshop.house = replace(workshop.house, upgrade_url="https://example.org/more")
    workshop.store.policies, workshop.store.tallies = [FREE], [tally]
    async with serving(workshop) as site:
        answer = await refused(site)
    error = answer.json()["error"]
    assert (answer.status, error["limit"]) == (status, limit)
    assert "example.org/more" in error["next_step"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert workshop.store.generations == {}


async def test_a_queue_that_is_full_names_no_time(site: Site, workshop: Workshop) -> None:
    workshop.store.policies = [replace(FREE, cooldown_seconds=None, max_waiting=1)]
    await site.generate()
    answer = await refused(site)
    assert (answer.status, answer.json()["error"]["limit"]) == (429, "waiting")
    assert answer.json()["error"]["resets_at"] is None
    assert "Retry-After" not in answer.headers


async def test_who_is_shut_out_is_told_so_and_a_pause_is_503(site: Site, workshop: Workshop) -> None:
    workshop.store.policies = [FREE, Policy(scope=Scope.USER, subject="", allowed=False, reason="Ask Ada.")]
    barred = await refused(site)
    assert (barred.status, barred.json()["error"]["code"]) == (403, "not_allowed")
    assert "Ask Ada." in barred.json()["error"]["message"]
    workshop.store.policies = [FREE, Policy(scope=Scope.INSTALLATION, subject="", paused=True, reason="Back at noon.")]
    paused = await refused(site)
    assert (paused.status, paused.json()["error"]["code"]) == (503, "switched_off")
    assert "Back at noon." in paused.json()["error"]["message"]


async def test_a_dear_request_is_asked_about_and_made_once_when_confirmed() -> None:
    workshop = Workshop()
    workshop.house = replace(workshop.house, confirm_above_micro=100_000)
    async with serving(workshop) as site:
        asked = await refused(site, count=4, quality="high")
        error = asked.json()["error"]
        assert (asked.status, error["code"]) == (402, "confirmation_required")
        assert error["estimated_cost"] == pytest.approx(0.247, abs=0.001)
        assert workshop.store.generations == {}
        headers = {"Idempotency-Key": "one"}
        body = {**ASK, "count": 4, "quality": "high", "confirm": True}
        taken = [await site.rest("POST", "/images/generate", json=body, headers=headers) for _ in range(2)]
        assert {answer.status for answer in taken} == {202}
        task = taken[0].json()["task_id"]
        again = await site.rest("POST", f"/images/tasks/{task}/again", json={})
        confirmed = await site.rest("POST", f"/images/tasks/{task}/again", json={"confirm": True})
    assert (again.status, confirmed.status) == (402, 202)
    assert len(workshop.store.generations) == 2


async def test_what_it_should_cost_and_what_is_left_are_told_to_the_end(site: Site, workshop: Workshop) -> None:
    workshop.store.policies = [replace(FREE, cooldown_seconds=None)]
    taken = (await site.rest("POST", "/images/generate", json=ASK)).json()
    left = {"pictures": 9, "of": 10, "span": "hour", "message": "9 of 10 left this hour"}
    assert taken["left"] == left
    reserved = workshop.store.generations[UUID(taken["task_id"])].reserved_micro
    assert taken["estimated_cost"] == reserved / 1_000_000 > 0
    assert f"about {money(reserved)}" in await page(site)
    await workshop.finish(UUID(taken["task_id"]))
    status = (await site.rest("GET", f"/images/tasks/{taken['task_id']}/status")).json()
    assert (status["left"], status["estimated_cost"]) == (left, taken["estimated_cost"])
    assert "9 of 10 left this hour" in await page(site)


async def test_what_was_left_yesterday_is_not_shown_today(site: Site, workshop: Workshop) -> None:
    task = UUID(await site.generate())
    await workshop.finish(task)
    workshop.store.change(task, left=Left(3, 10, "day"), created_at=now() - timedelta(days=1))
    assert "3 of 10 left" not in await page(site)


async def test_usage_has_a_meter_for_each_limit(site: Site, workshop: Workshop) -> None:
    workshop.store.policies = [FREE]
    workshop.store.tallies = [used(Span.DAY, pictures=7), used(Span.MONTH, pictures=7, spent_micro=1_200_000)]
    usage = (await site.rest("GET", "/usage")).json()
    values = {one["limit"]: (one["value"], one["percent"]) for one in usage["meters"]}
    assert values == {
        "pictures_hour": ("0 of 10", 0),
        "pictures_day": ("7 of 50", 14),
        "pictures_month": ("7 of 200", 3),
        "spend_month": ("$1.20 of $5.00", 24),
    }
    assert (usage["tier"], usage["spent"], usage["max_waiting"], usage["message"]) == ("free", 1.2, 10, "")
    workshop.store.last_accepted_at = now()
    paused = (await site.rest("GET", "/usage")).json()
    assert datetime.fromisoformat(paused["free_at"]) > datetime.now(UTC)
    assert paused["message"].startswith("Please wait")


async def test_the_queue_lists_ones_own_and_all_of_it_is_cancelled_at_once(site: Site, workshop: Workshop) -> None:
    eve = await site.as_user("eve")
    theirs = await eve.generate("hers")
    running, waiting = await site.generate("one"), await site.generate("two")
    await workshop.progress(UUID(running), 61)
    queue = (await site.rest("GET", "/queue")).json()
    assert queue["total"] == 2
    assert [(one["prompt"], one["status"], one["position"]) for one in queue["tasks"]] == [
        ("one", "running", 0),
        ("two", "pending", 2),
    ]
    after = (await site.rest("DELETE", "/images/tasks")).json()["tasks"]
    assert [(one["task_id"], one["status"], one["cancelling"]) for one in after] == [
        (running, "running", True),
        (waiting, "cancelled", False),
    ]
    assert (await eve.rest("GET", f"/images/tasks/{theirs}/status")).json()["status"] == "pending"
    assert (await site.signed_in_with(None).rest("DELETE", "/images/tasks")).status == 401


async def test_another_site_cannot_cancel_everything(site: Site) -> None:
    task = await site.generate()
    headers = await signed_in(site) | {"Sec-Fetch-Site": "cross-site"}
    answer = await site.signed_in_with(None).rest("DELETE", "/images/tasks", headers=headers)
    assert answer.status == 403
    assert (await site.rest("GET", f"/images/tasks/{task}/status")).json()["status"] == "pending"
