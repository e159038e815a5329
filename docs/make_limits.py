"""Makes LIMITS.md: every screen about limits, money and queues, as each platform got it.

Run it with the tests' environment: `.venv/bin/python -m docs.make_limits`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docs import limits_on_discord
from docs.limits_book import Book
from docs.limits_stage import opened

PAGE = Path(__file__).with_name("LIMITS.md")
INTRODUCTION = """
# Limits, money and queues, as people see them

Made by `python -m docs.make_limits`, which walks through all of it against a bot, a worker, PostgreSQL and Valkey, and
prints the messages from the logs of the fake Discord and Slack; nothing here is written by hand. Buttons are in
brackets, lines of small print begin with a dot. Times, dates, durations and ids are replaced by fixed ones.
"""


async def made() -> None:
    book = Book()
    with TemporaryDirectory(prefix="limner-docs-", ignore_cleanup_errors=True) as data:
        async with opened(Path(data)) as stage:
            async with stage.running() as processes:
                await limits_on_discord.walk(stage, book)
    PAGE.write_text(book.text(INTRODUCTION), "utf-8")


if __name__ == "__main__":
    sys.exit(asyncio.run(made()))
