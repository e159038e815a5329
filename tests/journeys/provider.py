"""What the provider was asked in the course of a journey."""

from __future__ import annotations

import asyncio

from tests.fakes.openai import Call, FakeOpenAI, Hold

PATIENCE = 20.0


def calls(openai: FakeOpenAI, prompt: str) -> list[Call]:
    return [call for call in openai.calls if call.body["prompt"] == prompt]


def only_call(openai: FakeOpenAI, prompt: str) -> Call:
    [call] = calls(openai, prompt)
    return call


async def reached(hold: Hold) -> None:
    """Waits until the calls that were expected stand at this point."""
    async with asyncio.timeout(PATIENCE):
        await hold.reached.wait()


async def dropped(call: Call) -> None:
    """Waits until the client has hung up before its answer was complete."""
    async with asyncio.timeout(PATIENCE):
        await call.dropped.wait()
