"""The same limits as programs are answered over REST, and as the web page shows them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from playwright.async_api import Page, ViewportSize, async_playwright, expect

from core.accounts import Accounts
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from docs import stand_ins
from docs.limits_book import LOOKS, Book
from docs.limits_stage import Stage
from docs.make_screenshots import FLAGS
from tests.journeys.browser import executable
from tests.journeys.house_rules import lay_down
from tests.journeys.on_rest import Rest
from tests.journeys.provider import reached

GENERATE = "/images/generate"
DEAR = {"quality": "high", "count": 4}
DESK, PHONE = ViewportSize(width=1000, height=720), ViewportSize(width=390, height=720)
STILL = """() => Promise.allSettled(document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity).map(one => one.finished))"""
"""Resolves once nothing moves any more."""

REFUSED = {
    "hour": {"per_hour": 1},
    "day": {"per_day": 1},
    "month": {"per_month": 1},
    "money": {"spend_month_micro": 25_000},
}
SHOWN_HEADERS = ("Retry-After",)


@dataclass(slots=True)
class Walk:
    """Each method brings about some answers and puts them into the book."""

    stage: Stage
    address: str
    book: Book
    session: aiohttp.ClientSession
    database: Database
    tokens: dict[str, str] = field(default_factory=dict)

    async def rest(self, name: str, *, admin: bool = False) -> Rest:
        """Somebody, with a token of their own."""
        if name not in self.tokens:
            self.tokens[name] = await Accounts(PostgresAccounts(self.database)).new_token(name, admin=admin)
        return Rest(self.session, self.address, self.tokens[name])

    async def put(self, screen: str, name: str, method: str, path: str, body: object = None) -> None:
        """Sends it, and shows what was sent and what came back."""
        who = await self.rest(name)
        headers = {"Authorization": f"Bearer {who.token}"}
        async with self.session.request(method, self.address + path, json=body, headers=headers) as answer:
            told = await answer.json()
            seen, status = datetime.now(UTC), f"HTTP/1.1 {answer.status} {answer.reason}"
            extra = [
                f"{one}: {self.header(one, answer.headers[one])}" for one in SHOWN_HEADERS if one in answer.headers
            ]
        asked = [stand_ins.text(f"{method} {path}", seen), *([] if body is None else [json.dumps(body)])]
        shown = stand_ins.text(json.dumps(told, indent=2, ensure_ascii=False), seen)
        self.book.answer(screen, "\n".join([*asked, "", status, *extra, shown]))

    @staticmethod
    def header(name: str, value: str) -> str:
        """Seconds until the reset, as at the moment that stands in for now."""
        seen = datetime.now(UTC)
        ends = stand_ins.moment(stand_ins.soon(seen, int(value)), seen)
        return str(int((ends - stand_ins.NOW).total_seconds()))

    async def somebody_free(self) -> None:
        zoe = await self.rest("zoe")
        await zoe.over(await zoe.ask("a lighthouse at dusk"))
        await self.put("cooldown", "zoe", "POST", GENERATE, {"prompt": "a lighthouse at dawn"})
        await self.put("usage", "zoe", "GET", "/usage")

    async def an_admin(self) -> None:
        ben = await self.rest("ben")
        await ben.send("GET", "/usage")
        await self.put("admin_limits", "root", "PUT", "/admin/limits/user/web/ben", {"per_day": 20})
        await self.put("admin_limits", "root", "GET", "/admin/limits")
        await self.put("admin_tier", "root", "PUT", "/admin/tiers/user:web:ben", {"tier": "premium"})
        await self.put("admin_pause", "root", "POST", "/admin/pause", {"reason": "Back on Monday."})
        await self.put("paused", "ben", "POST", GENERATE, {"prompt": "a heron"})
        await (await self.rest("root")).send("DELETE", "/admin/pause")
        blocked = {"allowed": False, "reason": "Three warnings."}
        await self.put("admin_block", "root", "PUT", "/admin/access/user/web/ben", blocked)
        await self.put("blocked", "ben", "POST", GENERATE, {"prompt": "a heron"})
        await self.put(
            "admin_grant", "root", "POST", "/admin/grants", {"user": "web/ben", "pictures": 20, "span": "month"}
        )
        await self.put("admin_spend", "root", "GET", "/admin/spend?by=day")
        await self.stage.tidy()

    async def used_up(self) -> None:
        root = await self.rest("root")
        for screen, limit in REFUSED.items():
            who = await self.rest(screen)
            await self.no_pause()
            await who.over(await who.ask("a picture"))
            await root.send("PUT", f"/admin/limits/user/web/{screen}", limit)
            await self.put(screen, screen, "POST", GENERATE, {"prompt": "one more"})
        await lay_down(self.stage.archive, "tier", "free", pool_day_micro=25_000)
        await self.put("pool", "una", "POST", GENERATE, {"prompt": "one more"})
        await lay_down(self.stage.archive, "tier", "free", pool_day_micro=None)

    async def the_queue(self) -> None:
        await self.no_pause()
        pia, hold = await self.rest("pia"), self.stage.hold()
        first = await pia.ask("a snail")
        await reached(hold)
        second = await pia.ask("a second snail")
        await self.put("queue", "pia", "GET", "/queue")
        await (await self.rest("root")).send("PUT", "/admin/limits/user/web/pia", {"max_waiting": 1})
        await self.put("waiting", "pia", "POST", GENERATE, {"prompt": "a third snail"})
        await self.put("cancel_waiting", "pia", "DELETE", f"/images/tasks/{second}")
        await self.put("cancel_running", "pia", "DELETE", f"/images/tasks/{first}")
        await pia.over(first)
        hold.release()
        await self.put("confirm", "eve", "POST", GENERATE, {"prompt": "a palace of ice", **DEAR})
        await self.put("confirm", "eve", "POST", GENERATE, {"prompt": "a palace of ice", **DEAR, "confirm": True})

    async def no_pause(self) -> None:
        await lay_down(self.stage.archive, "tier", "free", cooldown_seconds=None)

    async def page(self, folder: Path) -> None:
        """The web page: the question, the refusal and the panel, on a desk and on a phone."""
        await lay_down(self.stage.archive, "tier", "free", cooldown_seconds=30)
        async with self._signed_in("paula") as page:
            await _type(page, "a palace of ice --count 4 --quality high")
            await expect(page.locator("#turns .turn").last).to_contain_text("Shall it be made?")
            await self._taken(page, folder, "confirm", "The page asks before a dear request.")
            await page.get_by_role("button", name="No, thanks").click()
            await _type(page, "a lighthouse at dusk")
            newest = page.locator("#turns .turn").last
            await expect(newest).to_have_attribute("data-status", "completed", timeout=30_000)
            await _type(page, "a lighthouse at dawn")
            await expect(newest).to_contain_text("You can ask again in")
            await self._taken(page, folder, "cooldown", "The page counts down until the next request.")
            await page.get_by_role("button", name="Usage").click()
            await expect(page.get_by_role("dialog", name="Your usage")).to_contain_text("Pictures this hour")
            await self._taken(page, folder, "usage", "The page shows a bar for each limit.")

    async def _taken(self, page: Page, folder: Path, screen: str, alt: str) -> None:
        self.book.pictures[screen] = alt
        for look, size in zip(LOOKS, (DESK, PHONE), strict=True):
            await page.set_viewport_size(size)
            await page.evaluate(STILL)
            await page.screenshot(path=folder / f"limits-web-{screen}{look}.png")
        await page.set_viewport_size(DESK)

    @asynccontextmanager
    async def _signed_in(self, name: str) -> AsyncIterator[Page]:
        token = (await self.rest(name)).token
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable(), args=FLAGS)
            context = await browser.new_context(base_url=self.address, viewport=DESK)
            page = await context.new_page()
            await page.goto("/")
            await page.get_by_label("API token").fill(token)
            await page.get_by_role("button", name="Sign in").click()
            await expect(page.get_by_label("Describe your picture")).to_be_visible()
            yield page
            await browser.close()


async def _type(page: Page, text: str) -> None:
    prompt = page.get_by_label("Describe your picture")
    await page.wait_for_load_state("networkidle")
    await prompt.fill(text)
    await prompt.press("Enter")


@asynccontextmanager
async def _walking(stage: Stage, address: str, book: Book) -> AsyncIterator[Walk]:
    database = Database(stage.settings["DATABASE_URL"])
    try:
        async with aiohttp.ClientSession() as session:
            yield Walk(stage, address, book, session, database)
    finally:
        await database.close()


async def walk(stage: Stage, address: str, book: Book, folder: Path) -> None:
    async with _walking(stage, address, book) as one:
        await one.rest("root", admin=True)
        await one.somebody_free()
        await one.an_admin()
        await one.used_up()
        await one.the_queue()
        await one.page(folder)


async def switched_off(stage: Stage, address: str, book: Book) -> None:
    async with _walking(stage, address, book) as one:
        await one.put("off", "gus", "POST", GENERATE, {"prompt": "a heron"})
