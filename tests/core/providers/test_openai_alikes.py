"""Servers that speak like OpenAI, but not quite: their pictures arrive all the same."""

from __future__ import annotations

import asyncio
import json

import httpx2
import pytest

from core.catalogue import load_catalogue
from core.errors import Fault, ProviderError
from core.generation import Reference
from core.ports import Made
from core.providers.openai import OpenAIProvider, pictures, requests
from core.providers.openai.stream import Event
from tests.core.providers.calls import MODEL, call, events_of, one_picture, previews
from tests.fakes.openai import FakeOpenAI, faults


@pytest.mark.parametrize(
    "answer",
    [
        faults.Unlike(plain_json=True),
        faults.Unlike(plain_json=True, url=True, usage=False),
        faults.Unlike(usage=False),
        faults.Unlike(url=True),
        faults.Unlike(strange_events=True),
        faults.Unlike(partials=0),
    ],
    ids=repr,
)
async def test_an_answer_in_another_manner_gives_the_same_picture(
    fake: FakeOpenAI, provider: OpenAIProvider, answer: faults.Unlike
) -> None:
    fake.script(answer)
    events = await events_of(provider, call())
    made = events[-1]
    assert isinstance(made, Made)
    assert made.data == fake.calls[0].data
    assert made.base64 == fake.calls[0].pictures[0]
    assert (made.usage is not None) == answer.usage
    assert len(previews(events)) == (0 if answer.plain_json or answer.partials == 0 else 3)
    assert fake.violations == []  # above all: the key was not sent to the picture's address


async def test_a_server_that_does_not_hang_up_delays_nothing(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.script(faults.Unlike(lingers=True))
    async with asyncio.timeout(5):
        made = await one_picture(provider, call())
    assert made.data == fake.calls[0].data


async def test_an_edit_may_be_answered_in_another_manner_too(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    first = await one_picture(provider, call())
    fake.script(faults.Unlike(plain_json=True))
    second = await one_picture(provider, call(references=(Reference(first.data, "image/png"),)))
    assert second.data == fake.calls[1].data


async def test_more_previews_than_asked_for_are_counted_as_they_come(
    fake: FakeOpenAI, provider: OpenAIProvider
) -> None:
    fake.script(faults.Unlike(partials=5))
    partials = previews(await events_of(provider, call()))
    assert [(partial.k, partial.of) for partial in partials] == [(1, 3), (2, 3), (3, 3), (4, 4), (5, 5)]


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/picture.png",
        "file:///etc/passwd",
        "https://user:password@example.invalid/picture.png",
        "ftp://example.invalid/picture.png",
        "/picture.png",
        "http://[",
        "",
    ],
)
async def test_an_address_that_is_neither_the_servers_own_nor_https_is_not_fetched(
    fake: FakeOpenAI, address: str
) -> None:
    downloads = pictures.Downloads(fake.base_url)
    with pytest.raises(ProviderError) as caught:
        await downloads.fetch(address)
    await downloads.close()
    assert caught.value.fault is Fault.BAD_IMAGE


async def test_a_missing_picture_behind_an_address_is_no_picture(fake: FakeOpenAI) -> None:
    downloads = pictures.Downloads(fake.base_url)
    with pytest.raises(ProviderError) as caught:
        await downloads.fetch(str(httpx2.URL(fake.base_url).join("/files/no-such.png")))
    await downloads.close()
    assert caught.value.fault is Fault.BAD_IMAGE


async def test_a_redirect_is_not_followed(fake: FakeOpenAI) -> None:
    fake.files["elsewhere"] = ("redirect", b"http://127.0.0.1:1/picture.png")
    downloads = pictures.Downloads(fake.base_url)
    with pytest.raises(ProviderError) as caught:
        await downloads.fetch(str(httpx2.URL(fake.base_url).join("/files/elsewhere")))
    await downloads.close()
    assert caught.value.detail == "the picture's address answered HTTP 302"


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"output_tokens": 7, "input_tokens": 3}, (3, 0, 7)),
        ({"output_tokens": 7, "input_tokens_details": {"text_tokens": 2, "image_tokens": 5}}, (2, 5, 7)),
        ({"prompt_tokens": 3}, None),
        ("seven", None),
        (None, None),
    ],
)
async def test_usage_is_counted_only_where_the_server_counts_in_our_way(
    fake: FakeOpenAI, usage: object, counted: tuple[int, int, int] | None
) -> None:
    event = Event(b64_json="iVBORw0KGgo=", usage=usage)
    downloads = pictures.Downloads(fake.base_url)
    made = await pictures.made(event, 0, downloads, {})
    await downloads.close()
    assert (made.usage and (made.usage.text_in, made.usage.image_in, made.usage.out)) == counted


def test_a_seed_goes_only_to_a_model_that_takes_one() -> None:
    catalogue = load_catalogue("my-own-flux")
    assert requests.generation(call(seed=7), catalogue.get(MODEL)).get("extra_body") is None
    assert requests.generation(call(seed=7), catalogue.get("my-own-flux"))["extra_body"] == {"seed": 7}


async def test_what_is_kept_about_a_picture_can_be_stored_as_json(provider: OpenAIProvider) -> None:
    made = await one_picture(provider, call())
    assert json.loads(json.dumps(made.metadata)) == made.metadata
