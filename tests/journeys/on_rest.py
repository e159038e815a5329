"""What a program does over REST."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from core.accounts import Accounts
from core.storage.accounts import PostgresAccounts
from core.storage.database import Database
from tests.eventually import until

PATIENCE = 20.0
"""Seconds for a whole request on a busy machine."""

OVER = ("completed", "failed", "cancelled")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `body` is empty where there was no JSON."""

    status: int
    body: Json
    text: str = field(repr=False)

    @property
    def sentence(self) -> str:
        """What went wrong, in words."""
        return str(self.body.get("error", {}).get("message", ""))


@dataclass(frozen=True, slots=True)
class Rest:
    """One caller, with one token."""

    session: aiohttp.ClientSession
    address: str
    token: str = field(repr=False)

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        return await self.send_raw(method, path, None if body is None else aiohttp.JsonPayload(body), **headers)

    async def send_raw(self, method: str, path: str, data: Any, **headers: str) -> Answer:
        """The body as it is, called JSON."""
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        async with self.session.request(method, self.address + path, data=data, headers=given) as answer:
            text = await answer.text()
            is_json = answer.content_type == "application/json" and text
            return Answer(answer.status, await answer.json() if is_json else {}, text)

    async def ask(self, prompt: str, **options: object) -> str:
        """The task's id."""
        answer = await self.send("POST", "/images/generate", {"prompt": prompt, **options})
        assert answer.status == 202, answer.text
        return str(answer.body["task_id"])

    async def status(self, task: str) -> Json:
        return (await self.send("GET", f"/images/tasks/{task}/status")).body

    async def over(self, task: str, patience: float = PATIENCE) -> Json:
        """How the task ended."""

        async def has_ended() -> bool:
            return (await self.status(task))["status"] in OVER

        await until(has_ended, patience)
        return await self.status(task)


@asynccontextmanager
async def caller(address: str, database_url: str, user: str) -> AsyncIterator[Rest]:
    """With a new token for this user; a process of its own for each, as `limner token` is, would take a second."""
    database = Database(database_url)
    token = await Accounts(PostgresAccounts(database)).new_token(user)
    await database.close()
    async with aiohttp.ClientSession() as session:
        yield Rest(session, address, token)
