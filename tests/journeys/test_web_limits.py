"""Limits, money and the operator's word, over REST and in the page, against processes as an operator starts them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from core.accounts import Accounts
from core.policies import FREE, Policy
from core.storage.accounting import PostgresLedger
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from core.storage.governing import PostgresPolicies
from tests.eventually import until
from tests.fakes.mail import FakeMail
from tests.fakes.openai import FakeOpenAI
from tests.journeys import browser
from tests.journeys.on_rest import Rest, caller
from tests.journeys.processes import Limner, limner, run, token
from tests.journeys.provider import calls, reached

pytestmark = pytest.mark.asyncio(loop_scope="module")

DEAR = {"count": 4, "quality": "high"}
PATIENCE = 30_000.0
"""Milliseconds for what the page shows on a busy machine."""


@pytest.fixture(scope="module")
def free(base: dict[str, str]) -> dict[str, str]:
    """Everybody is in the free tier, what costs over ten cents is asked about, and there is one easel for all."""
    return {
        **base,
        "DEFAULT_TIER": "free",
        "CONFIRM_ABOVE_USD": "0.1",
        "UPGRADE_URL": "https://example.org/more",
        "WORKER_CONCURRENCY": "1",
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(free: dict[str, str], logs: Path) -> AsyncIterator[Limner]:
    async with limner(free, logs) as processes:
        yield processes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(running: Limner, database: Database) -> AsyncIterator[Rest]:
    made = await Accounts(PostgresAccounts(database)).new_token("root", admin=True)
    async with aiohttp.ClientSession() as session:
        yield Rest(session, running.address, made)


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def no_pause(database: Database) -> AsyncIterator[None]:
    """No pause between two requests, unless a test lays one down; the free tier is as it was afterwards."""
    await lay_down(database, FREE, cooldown_seconds=None)
    yield
    await lay_down(database, FREE)


async def lay_down(database: Database, policy: Policy, **changes: Any) -> None:
    await PostgresPolicies(database).lay_down(replace(policy, **changes), "test")


@asynccontextmanager
async def asking(running: Limner, database_url: str, user: str) -> AsyncIterator[Rest]:
    async with caller(running.address, database_url, user) as rest:
        yield rest


async def test_the_second_request_has_to_wait_and_is_told_how_long(
    running: Limner, database: Database, database_url: str, openai: FakeOpenAI
) -> None:
    await lay_down(database, FREE)
    async with asking(running, database_url, "hasty") as rest:
        task = await rest.ask("one at a time")
        answer = await rest.send("POST", "/images/generate", {"prompt": "too soon"})
        assert (answer.status, answer.body["error"]["limit"]) == (429, "cooldown")
        assert re.fullmatch(r"Please wait \d+ seconds?\.", answer.sentence)
        ended = await rest.over(task)
    assert ended["left"]["message"] == "9 of 10 left this hour"
    assert calls(openai, "too soon") == []


async def test_a_quota_is_used_up_and_a_grant_gives_more(
    running: Limner, admin: Rest, database_url: str, openai: FakeOpenAI
) -> None:
    async with asking(running, database_url, "eager") as rest:
        limited = await admin.send("PUT", "/admin/limits/user/web/eager", {"per_day": 2})
        assert limited.status == 200, limited.text
        for number in range(2):
            await rest.over(await rest.ask(f"number {number}"))
        full = await rest.send("POST", "/images/generate", {"prompt": "number 2"})
        assert (full.status, full.body["error"]["limit"]) == (429, "pictures_day")
        assert full.sentence == "You have used 2 of 2 pictures today."
        assert "example.org/more" in full.body["error"]["next_step"]
        await admin.send("POST", "/admin/grants", {"user": "web/eager", "pictures": 1, "span": "day"})
        await rest.over(await rest.ask("number 2"))
        usage = (await rest.send("GET", "/usage")).body
    assert {one["limit"]: one["value"] for one in usage["meters"]}["pictures_day"] == "3 of 3"
    assert len(calls(openai, "number 2")) == 1


async def test_what_is_dear_is_asked_about_and_then_made_once(
    running: Limner, database_url: str, openai: FakeOpenAI
) -> None:
    async with asking(running, database_url, "rich") as rest:
        body = {"prompt": "dear", **DEAR}
        asked = await rest.send("POST", "/images/generate", body)
        assert (asked.status, asked.body["error"]["code"]) == (402, "confirmation_required")
        assert asked.body["error"]["estimated_cost"] > 0.1
        assert (await rest.send("GET", "/usage")).body["reserved"] == 0
        confirmed = {**body, "confirm": True}
        answers = [
            await rest.send("POST", "/images/generate", confirmed, **{"Idempotency-Key": "dear"}) for _ in range(3)
        ]
        assert {one.status for one in answers} == {202}
        [task] = {one.body["task_id"] for one in answers}
        assert (await rest.over(task))["status"] == "completed"
    assert len(calls(openai, "dear")) == 4


async def test_an_admins_pause_lets_running_work_finish(
    running: Limner, admin: Rest, database_url: str, openai: FakeOpenAI
) -> None:
    async with asking(running, database_url, "patient") as rest:
        assert (await rest.send("POST", "/admin/pause", {})).status == 403
        hold = openai.hold("completed")
        task = await rest.ask("under way")
        await reached(hold)
        paused = await admin.send("POST", "/admin/pause", {"reason": "Back at noon."})
        assert paused.body["paused"] is True
        refused = await rest.send("POST", "/images/generate", {"prompt": "during the pause"})
        assert (refused.status, refused.body["error"]["code"]) == (503, "switched_off")
        assert "Back at noon." in refused.sentence
        hold.release()
        assert (await rest.over(task))["status"] == "completed"
        assert (await admin.send("DELETE", "/admin/pause")).body["paused"] is False
        assert (await rest.over(await rest.ask("after the pause")))["status"] == "completed"
    assert calls(openai, "during the pause") == []


async def test_all_of_ones_own_is_cancelled_and_nothing_stays_reserved(
    running: Limner, database_url: str, openai: FakeOpenAI
) -> None:
    async with asking(running, database_url, "fickle") as rest:
        hold = openai.hold("completed")
        tasks = [await rest.ask(f"never mind {number}") for number in range(3)]
        await reached(hold)
        queue = (await rest.send("GET", "/queue")).body["tasks"]
        assert [one["task_id"] for one in queue] == tasks
        await rest.send("DELETE", "/images/tasks")
        assert [(await rest.over(task))["status"] for task in tasks] == ["cancelled"] * 3
        usage = (await rest.send("GET", "/usage")).body
    assert (usage["spent"], usage["waiting"], usage["under_way"]) == (0, 0, 0)


async def test_a_session_ends_with_its_token(running: Limner, free: dict[str, str], logs: Path) -> None:
    made = await token(free, logs, "leaving")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        entered = {"Sec-Fetch-Site": "same-origin"}
        async with session.post(f"{running.address}/sign-in", data={"token": made}, headers=entered) as answer:
            assert answer.status == 200
        async with session.get(f"{running.address}/queue") as answer:
            assert answer.status == 200
        await run(free, logs, "token", "--user", "leaving", "--revoke")
        async with session.get(f"{running.address}/queue") as answer:
            assert answer.status == 401


@pytest_asyncio.fixture(loop_scope="module")
async def page(running: Limner, free: dict[str, str], logs: Path) -> AsyncIterator[Page]:
    async with browser.opened() as chromium:
        context = await chromium.new_context(base_url=running.address)
        one = await context.new_page()
        faults: list[str] = []
        one.on("pageerror", lambda error: faults.append(str(error)))
        await one.clock.install()
        await one.goto("/")
        await one.get_by_label("API token").fill(await token(free, logs, "paula"))
        await one.get_by_role("button", name="Sign in").click()
        await expect(one.get_by_label("Describe your picture")).to_be_visible()
        yield one
        assert faults == []


async def type_in(page: Page, text: str) -> None:
    prompt = page.get_by_label("Describe your picture")
    await page.wait_for_load_state("networkidle")
    await prompt.fill(text)
    await prompt.press("Enter")


async def test_the_page_asks_counts_down_and_shows_what_is_left(
    page: Page, database: Database, openai: FakeOpenAI
) -> None:
    newest = page.locator("#turns .turn").last
    await type_in(page, "four dear ones --count 4 --quality high")
    await expect(newest).to_contain_text("This will cost about $0.25. Shall it be made?")
    await page.get_by_role("button", name="No, thanks").click()
    await expect(page.locator("#turns .turn")).to_have_count(0)
    await expect(page.get_by_label("Describe your picture")).to_have_value("four dear ones --count 4 --quality high")
    assert calls(openai, "four dear ones") == []

    await page.get_by_label("Describe your picture").press("Enter")
    await page.get_by_role("button", name="Make it for $0.25").click()
    await expect(newest).to_have_attribute("data-status", "completed", timeout=PATIENCE)
    await expect(newest.locator(".caption")).to_contain_text("6 of 10 left this hour")
    assert len(calls(openai, "four dear ones")) == 4

    await lay_down(database, FREE, cooldown_seconds=3600)
    await type_in(page, "too soon for the page")
    await expect(newest).to_contain_text("A short pause first")
    await expect(newest).to_contain_text(re.compile(r"You can ask again in (1 h|\d+ min)\."))
    await expect(newest.get_by_role("button", name="Try again")).to_have_attribute("aria-disabled", "true")
    await lay_down(database, FREE, cooldown_seconds=None)
    await page.clock.fast_forward("01:00:01")
    await expect(newest).to_contain_text("You can ask again now.")
    await newest.get_by_role("button", name="Try again").click()
    await expect(newest).to_have_attribute("data-status", "completed", timeout=PATIENCE)

    await page.get_by_role("button", name="Usage").click()
    panel = page.get_by_role("dialog", name="Your usage")
    await expect(panel).to_contain_text("Pictures this hour")
    await expect(panel).to_contain_text("5 of 10")
    assert await panel.get_by_role("progressbar").count() == 4
    await expect(panel.get_by_role("link", name="example.org/more")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()


async def test_the_place_in_the_page_moves_with_the_queue(page: Page, admin: Rest, openai: FakeOpenAI) -> None:
    await admin.send("PUT", "/admin/limits/user/web/paula", {"max_running": 5})
    hold = openai.hold("completed")
    await type_in(page, "held up")
    await reached(hold)
    for text in ("waits first", "waits second"):
        await type_in(page, text)
        await expect(page.locator(".turn[data-status=pending]", has_text=text)).to_have_count(1)
    second = page.locator(".turn", has_text="waits second")
    await expect(second).to_contain_text("2nd in line")
    await page.locator(".turn", has_text="waits first").get_by_role("button", name="Cancel").click()
    await expect(second).to_contain_text("Next in line", ignore_case=True, timeout=PATIENCE)
    hold.release()
    await expect(second).to_have_attribute("data-status", "completed", timeout=PATIENCE)


async def test_what_was_spent_adds_up_to_what_the_provider_was_asked_for(
    running: Limner, admin: Rest, database: Database
) -> None:
    """Runs last on this stage: all that happened before is in these books."""
    report = (await admin.send("GET", "/admin/spend?by=user")).body
    by_day = (await admin.send("GET", "/admin/spend?by=day")).body
    assert report["difference_micro_usd"] == 0
    spent = sum(one["spent_micro_usd"] for one in report["lines"])
    assert spent == sum(one["spent_micro_usd"] for one in by_day["lines"]) > 0
    assert sum(one["reserved_micro_usd"] for one in report["lines"]) == 0
    lines = {one["subject"]: one for one in report["lines"]}
    assert {"web/hasty", "web/eager", "web/rich", "web/patient", "web/fickle", "web/paula"} <= lines.keys()
    assert (lines["web/fickle"]["pictures"], lines["web/fickle"]["spent_micro_usd"]) == (0, 0)
    balance = await PostgresLedger(database).balance()
    assert (balance.spent_micro, balance.reserved_micro, balance.difference_micro) == (spent, 0, 0)


async def test_the_operators_switch_lets_accepted_work_finish(
    running: Limner, free: dict[str, str], logs: Path, database_url: str, openai: FakeOpenAI
) -> None:
    apart = logs / "switched"
    apart.mkdir()
    async with asking(running, database_url, "switcher") as rest:
        hold = openai.hold("completed")
        task = await rest.ask("before the switch")
        await reached(hold)
        async with limner({**free, "IMAGE_GENERATION_ENABLED": "false"}, apart, workers=0) as switched:
            after = Rest(rest.session, switched.address, rest.token)
            refused = await after.send("POST", "/images/generate", {"prompt": "after the switch"})
            assert (refused.status, refused.body["error"]["code"]) == (503, "switched_off")
            hold.release()
            assert (await after.over(task))["status"] == "completed"
    assert calls(openai, "after the switch") == []


async def test_rest_itself_is_limited_by_token_over_all_processes(
    free: dict[str, str], logs: Path, database_url: str
) -> None:
    apart = logs / "paced"
    apart.mkdir()
    limited = {**free, "REST_PER_MINUTE": "5"}
    async with limner(limited, apart, bots=2, workers=0) as processes:
        async with asking(processes, database_url, "program") as rest:
            statuses = [
                (await Rest(rest.session, bot.address, rest.token).send("GET", "/queue")).status
                for _ in range(4)
                for bot in processes.bots
            ]
        async with asking(processes, database_url, "another") as rest:
            assert (await rest.send("GET", "/queue")).status == 200
    assert statuses == [200] * 5 + [429] * 3


async def test_a_budget_that_runs_out_is_told_by_mail_and_stops_what_does_not_fit(
    free: dict[str, str], logs: Path, database: Database, database_url: str
) -> None:
    apart = logs / "alerted"
    apart.mkdir()
    balance = await PostgresLedger(database).balance()
    room = (balance.spent_micro + balance.lost_micro + 40_000) / 1_000_000
    async with FakeMail() as mail:
        alerted = {"BUDGET_DAY_USD": f"{room:.6f}", "ALERT_EMAIL": "ops@example.org", "SMTP_URL": mail.url}
        async with limner({**free, **alerted}, apart, workers=0) as processes:
            async with asking(processes, database_url, "last") as rest:
                await rest.ask("the last that fits")
                full = await rest.send("POST", "/images/generate", {"prompt": "no room"})

            async def told() -> bool:
                return bool(mail.mails)

            await until(told, 20)
    assert (full.status, full.body["error"]["limit"]) == (402, "pool_day")
    assert full.sentence == "The budget of this bot today has no room for this request."
    [one] = mail.mails
    assert one.recipients == ["ops@example.org"]
    assert "of the shared budget of this bot" in " ".join(one.message.get_content().split())
