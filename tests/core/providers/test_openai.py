"""The OpenAI provider when all goes well: the real client against the fake, over the wire."""

from __future__ import annotations

import asyncio
import base64
from contextlib import aclosing
from io import BytesIO

import pytest
from PIL import Image

from core.errors import Fault, ProviderError
from core.generation import Reference
from core.ports import Made, Usage
from core.providers.openai import OpenAIProvider
from tests.core.providers.calls import MODEL, call, events_of, one_picture, previews, until_it_fails
from tests.core.providers.conftest import Connect
from tests.fakes.openai import FakeOpenAI, faults
from tests.fakes.openai.pictures import paint


async def test_previews_come_in_order_and_then_the_picture(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    events = await events_of(provider, call())
    partials = previews(events)
    assert [(partial.k, partial.of) for partial in partials] == [(1, 3), (2, 3), (3, 3)]
    assert [base64.b64encode(partial.data).decode() for partial in partials] == fake.calls[0].partials
    assert isinstance(events[-1], Made)
    assert Image.open(BytesIO(events[-1].data)).size == (1024, 1024)


async def test_the_base64_is_the_very_string_that_the_server_sent(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.heavy = True
    made = await one_picture(provider, call(size=(2048, 2048)))
    assert [made.base64] == fake.calls[0].pictures
    assert made.data == fake.calls[0].data
    assert len(made.base64) > 4 * 1024 * 1024  # large enough to be decoded in a thread


async def test_a_request_says_all_that_costs_money(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    await events_of(provider, call("a fox", size=(1536, 864), quality="max", background="transparent"))
    assert fake.calls[0].body == {
        "model": MODEL,
        "prompt": "a fox",
        "n": 1,
        "size": "1536x864",
        "quality": "max",
        "background": "transparent",
        "output_format": "png",
        "moderation": "auto",
        "stream": True,
        "partial_images": 3,
        "safety_identifier": "5d41402abc4b2a76",
    }
    assert fake.violations == []


async def test_usage_and_what_else_the_server_said_come_along(provider: OpenAIProvider) -> None:
    made = await one_picture(provider, call("a fox", quality="high"))
    assert made.usage == Usage(text_in=9, image_in=0, out=1756 + 3 * 100)
    assert made.metadata["model"] == MODEL
    assert made.metadata["quality"] == "high"
    assert made.metadata["size"] == "1024x1024"
    assert str(made.metadata["request_id"]).startswith("req_")


async def test_four_pictures_are_drawn_at_the_same_time(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    gate = fake.hold("answer", times=4)
    drawing = asyncio.create_task(events_of(provider, call(count=4)))
    async with asyncio.timeout(10):
        await gate.reached.wait()  # all four have asked, and none has been answered
    gate.release()
    made = [event for event in await drawing if isinstance(event, Made)]
    assert sorted(event.position for event in made) == [0, 1, 2, 3]
    assert {event.data for event in made} == {asked.data for asked in fake.calls}
    assert len({event.data for event in made}) == 4


async def test_an_edit_sends_the_very_bytes_of_its_references(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    pictures = [paint(1024, 1024, kind, kind) for kind in ("png", "webp", "jpeg")]
    references = tuple(
        Reference(data, f"image/{kind}") for data, kind in zip(pictures, ("png", "webp", "jpeg"), strict=True)
    )
    events = await events_of(provider, call("make it blue", references=references))
    (asked,) = fake.calls
    assert asked.kind == "edit"
    assert [file.data for file in asked.files] == pictures
    assert [file.media_type for file in asked.files] == ["image/png", "image/webp", "image/jpeg"]
    assert len(previews(events)) == 3
    assert isinstance(events[-1], Made)
    assert events[-1].data == asked.data
    assert events[-1].usage is not None
    assert events[-1].usage.image_in == 3 * 323
    assert fake.violations == []


async def test_too_many_references_are_refused_before_anything_is_sent(
    fake: FakeOpenAI, provider: OpenAIProvider
) -> None:
    references = (Reference(paint(1024, 1024, "jpeg", "x"), "image/jpeg"),) * 17
    with pytest.raises(ProviderError) as caught:
        await events_of(provider, call(references=references))
    assert caught.value.fault is Fault.REJECTED
    assert fake.calls == []


async def test_a_model_that_is_not_in_the_catalogue_is_refused(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    with pytest.raises(ProviderError) as caught:
        await events_of(provider, call(model="gpt-image-99"))
    assert caught.value.fault is Fault.UNKNOWN_MODEL
    assert fake.calls == []


async def test_dall_e_3_is_asked_in_its_own_shape(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    made = await one_picture(provider, call("a fox", model="dall-e-3", quality="hd", style="vivid"))
    assert fake.calls[0].body == {
        "model": "dall-e-3",
        "prompt": "a fox",
        "n": 1,
        "size": "1024x1024",
        "quality": "hd",
        "style": "vivid",
        "response_format": "b64_json",
        "user": "5d41402abc4b2a76",
    }
    assert made.revised_prompt == "In detail: a fox"
    assert made.base64 == fake.calls[0].pictures[0]
    assert made.usage is None
    assert fake.violations == []


async def test_one_connection_serves_picture_after_picture(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    for _ in range(3):
        await one_picture(provider, call())
    assert len({asked.connection for asked in fake.calls}) == 1


async def test_closing_the_events_drops_the_connection(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.hold("completed")
    async with asyncio.timeout(5):
        async with aclosing(provider.generate(call())) as events:
            await anext(events)
        await fake.calls[0].dropped.wait()
    assert not fake.calls[0].answered.is_set()


async def test_cancelling_drops_every_connection(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    gate = fake.hold("completed", times=3)
    drawing = asyncio.create_task(events_of(provider, call(count=3)))
    async with asyncio.timeout(5):
        await gate.reached.wait()
    drawing.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await drawing
        for asked in fake.calls:
            await asked.dropped.wait()
    assert not any(asked.answered.is_set() for asked in fake.calls)


async def test_those_made_come_before_the_error_of_another(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.script(faults.moderation("violence"))
    seen, error = await until_it_fails(provider, call(count=3))
    made = [event for event in seen if isinstance(event, Made)]
    assert error.fault is Fault.MODERATED
    assert {event.data for event in made} == {asked.data for asked in fake.calls[1:]}
    assert len(made) == 2


async def test_check_names_the_model_and_its_last_day(provider: OpenAIProvider) -> None:
    assert await provider.check("gpt-image-2") == "127.0.0.1 takes the key and has gpt-image-2"
    assert "until 2026-12-01" in await provider.check("gpt-image-1.5")


async def test_check_says_what_is_wrong(fake: FakeOpenAI, connect: Connect) -> None:
    with pytest.raises(ProviderError) as caught:
        await connect().check("gpt-image-99")
    assert caught.value.fault is Fault.UNKNOWN_MODEL
    with pytest.raises(ProviderError) as caught:
        await connect(api_key="sk-somebody-elses-0000").check("gpt-image-2")
    assert caught.value.fault is Fault.INVALID_KEY
    assert "elses" not in str(caught.value)
