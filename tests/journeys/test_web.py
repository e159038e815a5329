"""The web chat in a real browser: signed in, asked, watched, shown, kept."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.fakes.openai import FakeOpenAI, faults
from tests.journeys import browser
from tests.journeys.archive import Archive
from tests.journeys.processes import limner, token
from tests.journeys.provider import calls, dropped, only_call, reached

PACE = 0.8
PATIENCE = 20_000.0
"""Milliseconds for a whole request on a busy machine."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(base: dict[str, str], logs: Path) -> AsyncIterator[Page]:
    """The chat, with somebody signed in by a token of the operator's."""
    async with browser.opened() as chromium, limner(base, logs) as processes:
        context = await chromium.new_context(base_url=processes.address)
        await context.add_init_script(browser.WATCH)
        one = await context.new_page()
        faults_of_the_page: list[str] = []
        one.on("pageerror", lambda error: faults_of_the_page.append(str(error)))
        await one.goto("/")
        await one.get_by_label("API token").fill(await token(base, logs, "ada"))
        await one.get_by_role("button", name="Sign in").click()
        await expect(one.get_by_label("Describe your picture")).to_be_visible()
        yield one
        assert faults_of_the_page == []


async def test_a_picture_is_asked_for_watched_and_kept(page: Page, openai: FakeOpenAI, archive: Archive) -> None:
    openai.pace, openai.heavy = PACE, True
    begun = time.monotonic()
    turn = await _ask(page, "a lighthouse in a storm")
    await expect(turn).to_have_attribute("data-task", browser.TASK)
    assert time.monotonic() - begun < 3
    await _finished(turn)

    seen = [json.loads(one) for one in await page.evaluate("window.seen")]
    looks = [one for one in seen if one["task"]]
    assert len({one["percent"] for one in looks}) >= 3
    assert any(one["preview"] for one in looks), "no partial picture was shown"
    [kept] = await archive.pictures("a lighthouse in a storm")
    assert await _shown(page, turn) == [only_call(openai, "a lighthouse in a storm").data] == [kept.data]
    assert kept.row["original_prompt"] == "a lighthouse in a storm"
    assert kept.row["generation_time_ms"] > PACE * 3000
    alt = await turn.locator(".picture img").get_attribute("alt")
    assert alt == "Generated picture: a lighthouse in a storm"


async def test_four_pictures_come_in_one_turn(page: Page, openai: FakeOpenAI, archive: Archive) -> None:
    turn = await _ask(page, "four seasons --count 4")
    await _finished(turn)

    made = {call.data for call in calls(openai, "four seasons")}
    assert len(made) == 4
    assert set(await _shown(page, turn)) == made
    assert {kept.data for kept in await archive.pictures("four seasons")} == made


async def test_an_attached_picture_is_what_the_provider_works_from(page: Page, openai: FakeOpenAI) -> None:
    out = BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, "PNG")
    sketch = FilePayload(name="sketch.png", mimeType="image/png", buffer=out.getvalue())
    await page.locator("#files").set_input_files([sketch])
    await expect(page.locator("#attached li")).to_have_count(1)
    turn = await _ask(page, "the same in oil")
    await _finished(turn)

    call = only_call(openai, "the same in oil")
    assert call.kind == "edit"
    assert [file.data for file in call.files] == [out.getvalue()]


async def test_a_running_request_is_cancelled_and_nothing_is_kept(
    page: Page, openai: FakeOpenAI, archive: Archive
) -> None:
    hold = openai.hold("completed")
    turn = await _ask(page, "never to be")
    await reached(hold)
    await turn.get_by_role("button", name="Cancel").click()
    await expect(turn).to_have_attribute("data-status", "cancelled", timeout=PATIENCE)

    await expect(turn).to_contain_text("Cancelled. Nothing was charged.")
    await dropped(only_call(openai, "never to be"))
    assert await archive.pictures("never to be") == []


async def test_variations_and_an_edit_are_new_turns(page: Page, openai: FakeOpenAI) -> None:
    first = await _ask(page, "a blue door")
    await _finished(first)
    await first.get_by_role("button", name="Variations").click()
    second = _newest(page)
    await expect(second).to_have_attribute("data-task", browser.TASK)
    await _finished(second)
    await second.get_by_role("button", name="Edit").click()
    await expect(page.get_by_label("Describe your picture")).to_have_value("a blue door")
    third = await _ask(page, "a green door")
    await _finished(third)

    assert len(calls(openai, "a blue door")) == 2
    assert await _shown(page, third) == [only_call(openai, "a green door").data]


async def test_a_download_is_there_in_each_format(page: Page, openai: FakeOpenAI) -> None:
    turn = await _ask(page, "to be taken home")
    await _finished(turn)
    found: dict[str, bytes] = {}
    for name in ("PNG", "JPEG", "WebP"):
        await turn.locator("summary", has_text="Download").click()
        async with page.expect_download() as downloading:
            await turn.get_by_role("link", name=f"Download as {name}").click()
        found[name] = (await (await downloading.value).path()).read_bytes()
        await page.keyboard.press("Escape")

    assert found["PNG"] == only_call(openai, "to be taken home").data
    assert [Image.open(BytesIO(data)).format for data in found.values()] == ["PNG", "JPEG", "WEBP"]


async def test_after_a_failure_one_press_tries_again(page: Page, openai: FakeOpenAI) -> None:
    openai.script(faults.truncated_png())
    failed = await _ask(page, "second time lucky")
    await expect(failed).to_have_attribute("data-status", "failed", timeout=PATIENCE)
    await failed.get_by_role("button", name="Try again").click()
    again = _newest(page)
    await _finished(again)

    assert await _shown(page, again) == [calls(openai, "second time lucky")[1].data]


async def test_everything_is_there_after_a_reload(page: Page, openai: FakeOpenAI) -> None:
    await _finished(await _ask(page, "to be found again"))
    await page.reload()

    assert await _shown(page, _newest(page)) == [only_call(openai, "to be found again").data]


async def test_markup_in_a_prompt_is_words_in_the_browser_too(page: Page) -> None:
    prompt = '<img src=x onerror="window.taken=1"><script>window.taken=1</script><b>bold</b>'
    turn = await _ask(page, prompt)
    await _finished(turn)
    await page.reload()

    await expect(_newest(page).locator(".ask")).to_have_text(prompt)
    assert await page.locator(".ask *").count() == 0
    assert await page.evaluate("window.taken ?? null") is None


async def _ask(page: Page, text: str) -> Locator:
    prompt = page.get_by_label("Describe your picture")
    before = await page.locator("#turns .turn").count()
    await prompt.fill(text)
    await prompt.press("Enter")
    await expect(page.locator("#turns .turn")).to_have_count(before + 1)
    return page.locator("#turns .turn").nth(before)


def _newest(page: Page) -> Locator:
    return page.locator("#turns .turn").last


async def _finished(turn: Locator) -> None:
    await expect(turn).to_have_attribute("data-status", "completed", timeout=PATIENCE)


async def _shown(page: Page, turn: Locator) -> list[bytes]:
    """The bytes behind every picture that the turn shows, as this browser gets them."""
    sources: list[str] = []
    for one in await turn.locator(".picture img").all():
        await one.scroll_into_view_if_needed()
        await expect(one).not_to_have_js_property("naturalWidth", 0)
        sources.append(await one.get_attribute("src") or "")
    answers = [await page.request.get(source) for source in sources]
    return [await answer.body() for answer in answers]
