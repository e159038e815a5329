"""Makes the pictures of this folder: starts the demo as a newcomer does and looks at it in Chromium.

Run it with the tests' environment: `.venv/bin/python docs/make_screenshots.py`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parent
PROMPTS = ("a lighthouse in a storm --ar 16:9", "a red fox in the snow, watercolor --count 2")
ON_THE_PHONE = "a sailing boat under northern lights"
LOOKS = {
    "web-chat-desktop.png": {"width": 1280, "height": 860, "scale": 1, "scheme": "light"},
    "web-chat-desktop-dark.png": {"width": 1280, "height": 860, "scale": 1, "scheme": "dark"},
    "web-chat-phone.png": {"width": 390, "height": 844, "scale": 2, "scheme": "light"},
}
DECODED = """() => Promise.all([...document.images].filter(image => {
    const place = image.getBoundingClientRect();
    return image.src && place.width && place.bottom > 0 && place.top < innerHeight;
}).map(image => image.decode()))"""
"""Resolves once every picture in sight is drawn."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("No Chromium was found. Install one (Debian: apt-get install chromium) or name it in CHROMIUM.")
    with tempfile.TemporaryDirectory() as data, demo(Path(data)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with page(browser, "web-chat-desktop.png") as wide:
            wide.goto(address)
            wide.screenshot(path=DOCS / "web-chat-welcome.png")
            ask(wide, PROMPTS[0])
            wide.locator("article.turn img.preview").wait_for()
            wide.screenshot(path=DOCS / "web-chat-progress.png")
            finished(wide, 1)
            ask(wide, PROMPTS[1])
            finished(wide, 2)
        for name in LOOKS:
            with page(browser, name) as seen:
                seen.goto(address)
                finished(seen, len(PROMPTS))
                if name == "web-chat-phone.png":
                    ask(seen, ON_THE_PHONE)
                    finished(seen, len(PROMPTS) + 1)
                seen.screenshot(path=DOCS / name)
        browser.close()


@contextmanager
def page(browser: Browser, name: str) -> Iterator[Page]:
    look = LOOKS[name]
    context = browser.new_context(
        viewport={"width": int(look["width"]), "height": int(look["height"])},
        device_scale_factor=float(look["scale"]),
        color_scheme="dark" if look["scheme"] == "dark" else "light",
    )
    yield context.new_page()
    context.close()


def ask(seen: Page, prompt: str) -> None:
    seen.get_by_label("Describe your picture").fill(prompt)
    seen.keyboard.press("Enter")


def finished(seen: Page, turns: int) -> None:
    """Every answer so far has its pictures, decoded."""
    seen.locator("article.turn[data-status=completed]").nth(turns - 1).wait_for(timeout=30_000)
    seen.evaluate(DECODED)


@contextmanager
def demo(data: Path) -> Iterator[str]:
    """`limner demo`, until it says where it is ready; stopped as with ^C."""
    command = [sys.executable, "-m", "limner", "demo", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"IMAGE_PROVIDER": "demo"})
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        yield ready.rpartition(" ")[2].strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


if __name__ == "__main__":
    main()
