"""A browser for the journeys: whatever Chromium the machine has, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

TASK = re.compile("[0-9a-f-]{36}")

WATCH = """
new MutationObserver(() => {
  const turn = [...document.querySelectorAll("#turns .turn")].at(-1);
  const message = turn?.querySelector("[data-message]");
  if (!message) return;
  const preview = turn.querySelector(".preview");
  const seen = JSON.stringify({
    task: turn.dataset.task ?? "",
    message: message.textContent,
    percent: turn.querySelector("progress")?.value ?? 0,
    preview: preview && !preview.hidden ? preview.src.length : 0,
  });
  window.seen = window.seen ?? [];
  if (window.seen.at(-1) !== seen) window.seen.push(seen);
}).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
"""
"""Writes down every look of the newest turn while it waits and runs."""


def executable() -> str | None:
    """Where a Chromium is: named by CHROMIUM, or on the path."""
    named = (os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES))
    return next((path for path in named if path), None)


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """Skips the test, and says so, where there is no browser."""
    path = executable()
    if path is None:
        pytest.skip(f"No Chromium here: set CHROMIUM or install one of {', '.join(NAMES)}.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()
