"""What the provider's rate-limit headers say, read from every answer and told to the pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import load_catalogue
from core.errors import Fault, ProviderError
from core.ports import Headroom
from core.providers.openai import OpenAIProvider
from core.providers.openai.headroom import headroom, seconds
from tests.core.providers.calls import call, events_of
from tests.fakes.openai import FakeOpenAI, Quota, faults


@dataclass(slots=True)
class Ear:
    """Implements the pace's port: lets everything through and remembers what it was told."""

    told: list[tuple[str, Headroom]] = field(default_factory=list)

    async def heard(self, provider: str, said: Headroom) -> None:
        self.told.append((provider, said))

    async def wait(self, provider: str, pictures: int) -> float:
        return 0.0

    async def give_back(self, provider: str, pictures: int) -> None:
        return None


@pytest.fixture
async def listening(fake: FakeOpenAI) -> AsyncIterator[tuple[OpenAIProvider, Ear]]:
    ear = Ear()
    provider = OpenAIProvider(
        api_key=fake.api_key, base_url=fake.base_url, catalogue=load_catalogue(), timeout_seconds=30, pace=ear
    )
    yield provider, ear
    await provider.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12s", 12.0),
        ("1m30s", 90.0),
        ("250ms", 0.25),
        ("6m0s", 360.0),
        ("1h2m3.5s", 3723.5),
        ("1d", 86_400.0),
        ("7", 7.0),
        ("0s", 0.0),
        ("", None),
        (None, None),
        ("soon", None),
        ("-3s", None),
        ("1x", None),
        ("nan", None),
    ],
)
def test_a_duration_is_read_as_it_is_written(text: str | None, expected: float | None) -> None:
    assert seconds(text) == expected


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_any_duration_adds_up(hours: int, minutes: int, whole: int, milliseconds: int) -> None:
    text = f"{hours}h{minutes}m{whole}s{milliseconds}ms"
    assert seconds(text) == pytest.approx(hours * 3600 + minutes * 60 + whole + milliseconds / 1000)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_in_the_headers_it_is_read_or_left(limit: str, remaining: str, reset: str) -> None:
    said = headroom(
        {
            "x-ratelimit-limit-images": limit,
            "x-ratelimit-remaining-images": remaining,
            "x-ratelimit-reset-images": reset,
        }
    )
    assert said is None or (said.limit or 0) > 0
    assert said is None or (said.reset_seconds >= 0 and (said.remaining is None or said.remaining >= 0))


IMAGES = {
    "x-ratelimit-limit-images": "5",
    "x-ratelimit-remaining-images": "2",
    "x-ratelimit-reset-images": "36s",
}
REQUESTS = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-reset-requests": "120ms",
}


def test_pictures_are_believed_before_requests() -> None:
    assert headroom(IMAGES | REQUESTS) == Headroom(limit=5, remaining=2, reset_seconds=36.0)
    assert headroom(REQUESTS) == Headroom(limit=500, remaining=499, reset_seconds=0.12)
    assert headroom({}) is None
    assert headroom({}, 7.0) == Headroom(retry_after=7.0)
    assert headroom({"x-ratelimit-limit-images": "5"}) == Headroom(limit=5)


async def test_a_good_answer_is_heard_with_what_is_left(
    fake: FakeOpenAI, listening: tuple[OpenAIProvider, Ear]
) -> None:
    provider, ear = listening
    fake.quota = Quota(limit=5)
    await events_of(provider, call())
    ((name, said),) = ear.told
    assert (name, said.limit, said.remaining, said.retry_after) == ("openai", 5, 4, None)
    assert 0 < said.reset_seconds <= 60


async def test_a_refusal_for_want_of_room_is_heard_with_its_pause(
    fake: FakeOpenAI, listening: tuple[OpenAIProvider, Ear]
) -> None:
    provider, ear = listening
    fake.quota = Quota(limit=1)
    await events_of(provider, call())
    with pytest.raises(ProviderError) as refused:
        await events_of(provider, call())
    assert refused.value.fault is Fault.RATE_LIMITED
    said = ear.told[-1][1]
    assert (said.limit, said.remaining, said.retry_after) == (1, 0, refused.value.retry_after)
    assert fake.calls[-1].status == 429


@pytest.mark.parametrize("fault", [faults.insufficient_quota(), faults.server_error(), faults.overloaded()])
async def test_no_other_refusal_keeps_everybody_away(
    fake: FakeOpenAI, listening: tuple[OpenAIProvider, Ear], fault: faults.Refuse
) -> None:
    provider, ear = listening
    fake.script(fault)
    with pytest.raises(ProviderError):
        await events_of(provider, call())
    assert [said.retry_after for _, said in ear.told] == [None]
