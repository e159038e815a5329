"""Makes LIMITS.md: every screen about limits, money and queues, as each platform got it.

Run it with the tests' environment: `.venv/bin/python -m docs.make_limits`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from docs import limits_on_discord, limits_on_slack, limits_on_web
from docs.limits_book import Book
from docs.limits_stage import opened

DOCS = Path(__file__).parent
UNWANTED = ("127.0.0.1", "localhost", "xoxb-", "xapp-", "Bearer", "/home/", "/root/", "Traceback", "went wrong")
"""Secrets, addresses and defects have no place in these pages."""

INTRODUCTION = """
# Limits, money and queues, as people see them

Made by `python -m docs.make_limits`, which walks through all of it against a bot, a worker, PostgreSQL and Valkey, and
prints the messages from the logs of the fake Discord and Slack; nothing here is written by hand. Buttons are in
brackets, lines of small print begin with a dot. Times, dates, durations and ids are replaced by fixed ones, as if it
were always the same Wednesday at 14:36; a reset that is not at the end of an hour, a day or a month stops the script.
"""


async def made() -> None:
    book = Book()
    with TemporaryDirectory(prefix="limner-docs-", ignore_cleanup_errors=True) as data:
        async with opened(Path(data)) as stage:
            limits_on_slack.people(stage.slack)
            async with stage.running() as processes:
                await limits_on_web.walk(stage, processes.address, book, DOCS)
                await limits_on_slack.walk(stage, book)
                await limits_on_discord.walk(stage, book)
            async with stage.running(workers=0, IMAGE_GENERATION_ENABLED="false") as processes:
                await limits_on_discord.switched_off(stage, book)
                await limits_on_slack.switched_off(stage, book)
                await limits_on_web.switched_off(stage, processes.address, book)
            unwanted = (*UNWANTED, stage.openai.api_key, stage.discord.token, data)
    page = book.text(INTRODUCTION)
    assert [one for one in unwanted if one in page] == []
    (DOCS / "LIMITS.md").write_text(page, "utf-8")


if __name__ == "__main__":
    asyncio.run(made())
