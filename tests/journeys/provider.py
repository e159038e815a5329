"""What the provider was asked in the course of a journey."""

from __future__ import annotations

from tests.fakes.openai import Call, FakeOpenAI


def calls(openai: FakeOpenAI, prompt: str) -> list[Call]:
    return [call for call in openai.calls if call.body["prompt"] == prompt]


def only_call(openai: FakeOpenAI, prompt: str) -> Call:
    [call] = calls(openai, prompt)
    return call
