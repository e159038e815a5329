"""The fake OpenAI refuses, streams and fails as the real one does, and its answers fit the official description."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from openai import AsyncOpenAI, RateLimitError
from PIL import Image

from tests.fakes.openai import FakeOpenAI, faults
from tests.fakes.openai.intake import load_spec
from tests.fakes.openai.pictures import paint

Answer = tuple[int, dict[str, str], bytes]
GOOD: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a fox", "size": "1024x1024", "quality": "low"}
STREAM = {"stream": True, "partial_images": 2}


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


async def ask(fake: FakeOpenAI, body: dict[str, Any], key: str | None = None) -> Answer:
    headers = {} if key == "" else {"Authorization": f"Bearer {key or fake.api_key}"}
    url = f"{fake.base_url}/images/generations"
    async with aiohttp.ClientSession() as client, client.post(url, json=body, headers=headers) as response:
        return response.status, {name.lower(): value for name, value in response.headers.items()}, await response.read()


def parsed(stream: bytes) -> list[dict[str, Any]]:
    """The events of a stream, each with its name checked against its type."""
    events = []
    for block in stream.decode().strip().split("\n\n"):
        name, data = block.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        events.append(event)
    return events


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "gpt-image-99"}, 404, "model_not_found"),
        ({"prompt": "x" * 32_001}, 400, "string_above_max_length"),
        ({"prompt": ""}, 400, "missing_required_parameter"),
        ({"size": "1000x1000"}, 400, "invalid_value"),
        ({"size": "3840x1024"}, 400, "invalid_value"),
        ({"size": "512x512"}, 400, "invalid_value"),
        ({"n": 11}, 400, "integer_above_max_value"),
        ({"n": 0}, 400, "integer_below_min_value"),
        ({"quality": "hd"}, 400, "invalid_value"),
        ({"response_format": "b64_json"}, 400, "unknown_parameter"),
        ({"style": "vivid"}, 400, "unknown_parameter"),
        ({"seed": 7}, 400, "unknown_parameter"),
        ({"background": "transparent", "output_format": "jpeg"}, 400, "invalid_value"),
        ({"partial_images": 2}, 400, "invalid_value"),
        ({"stream": True, "partial_images": 4}, 400, "invalid_value"),
        ({"model": "dall-e-3", "quality": "hd", "size": "1536x1024"}, 400, "invalid_value"),
        ({"model": "dall-e-3", "quality": "hd", "n": 2}, 400, "integer_above_max_value"),
        ({"model": "dall-e-3", "stream": True}, 400, "unknown_parameter"),
    ],
    ids=str,
)
async def test_it_refuses_what_the_real_one_refuses(
    fake: FakeOpenAI, change: dict[str, Any], status: int, code: str
) -> None:
    answered, _, body = await ask(fake, GOOD | change)
    assert (answered, json.loads(body)["error"]["code"]) == (status, code)
    assert load_spec().component_violations("ErrorResponse", json.loads(body)) == []


async def test_it_wants_its_key(fake: FakeOpenAI) -> None:
    assert (await ask(fake, GOOD, key=""))[0] == 401
    status, _, body = await ask(fake, GOOD, key="sk-wrong-key-000000")
    assert (status, json.loads(body)["error"]["code"]) == (401, "invalid_api_key")
    assert fake.calls == []


async def test_its_events_fit_the_official_description(fake: FakeOpenAI) -> None:
    _, headers, body = await ask(fake, GOOD | STREAM)
    first, second, last = parsed(body)
    spec = load_spec()
    assert headers["content-type"].startswith("text/event-stream")
    assert spec.component_violations("ImageGenPartialImageEvent", first) == []
    assert spec.component_violations("ImageGenCompletedEvent", last) == []
    assert [first["partial_image_index"], second["partial_image_index"]] == [0, 1]
    assert last["usage"]["output_tokens"] == 196 + 2 * 100
    assert fake.violations == []


async def test_its_plain_answer_fits_the_official_description(fake: FakeOpenAI) -> None:
    _, headers, body = await ask(fake, GOOD | {"n": 2})
    answer = json.loads(body)
    assert load_spec().response_violations("POST", "/images/generations", 200, answer) == []
    assert [entry["b64_json"] for entry in answer["data"]] == fake.calls[0].pictures
    assert len(set(fake.calls[0].pictures)) == 2
    assert {"x-request-id", "x-ratelimit-remaining-requests"} <= set(headers)


async def test_a_request_against_the_description_is_noted(fake: FakeOpenAI) -> None:
    await ask(fake, GOOD | {"n": "two", "frobnicate": 1})
    assert any("frobnicate" in violation for violation in fake.violations)
    assert any("two" in violation for violation in fake.violations)


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
@pytest.mark.parametrize("size", [(1024, 1024), (1536, 864)])
def test_its_pictures_are_real_and_each_its_own(kind: str, size: tuple[int, int]) -> None:
    first, second = (paint(*size, kind, seed) for seed in ("1", "2"))
    image = Image.open(BytesIO(first))
    image.load()
    assert (image.format, image.size) == (kind.upper(), size)
    assert first != second


async def test_dall_e_3_answers_with_an_address_that_works(fake: FakeOpenAI) -> None:
    _, _, body = await ask(fake, {"model": "dall-e-3", "prompt": "a fox"})
    (entry,) = json.loads(body)["data"]
    async with aiohttp.ClientSession() as client, client.get(entry["url"]) as response:
        assert await response.read() == base64.b64decode(fake.calls[0].pictures[0])
        assert response.content_type == "image/png"
    assert entry["revised_prompt"] == "In detail: a fox"


async def test_the_real_client_edits_lists_and_sees_the_last_day(fake: FakeOpenAI) -> None:
    async with AsyncOpenAI(api_key=fake.api_key, base_url=fake.base_url, max_retries=0) as client:
        image = ("fox.png", paint(1024, 1024, "png", "x"), "image/png")
        stream = await client.images.edit(
            model="gpt-image-2", prompt="bluer", image=image, stream=True, partial_images=1
        )
        assert [event.type async for event in stream] == ["image_edit.partial_image", "image_edit.completed"]
        assert fake.calls[0].files[0].data == image[1]
        assert "gpt-image-2" in [model.id async for model in client.models.list()]
        card = await client.models.retrieve("gpt-image-1.5")
        assert str(card.shutdown_date) == "2026-12-01"
    assert fake.violations == []


async def test_an_upload_that_is_no_picture_is_refused(fake: FakeOpenAI) -> None:
    form = aiohttp.FormData({"model": "gpt-image-2", "prompt": "bluer"})
    form.add_field("image", b"<svg/>", filename="fox.svg", content_type="image/svg+xml")
    headers = {"Authorization": f"Bearer {fake.api_key}"}
    url = f"{fake.base_url}/images/edits"
    async with aiohttp.ClientSession() as client, client.post(url, data=form, headers=headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (400, "unsupported_file")


async def test_a_script_is_played_once_and_in_order(fake: FakeOpenAI) -> None:
    fake.script(faults.server_error(), faults.rate_limit())
    statuses = [(await ask(fake, GOOD))[0] for _ in range(3)]
    assert statuses == [500, 429, 200]
    fake.script(faults.insufficient_quota(), times=2)
    async with AsyncOpenAI(api_key=fake.api_key, base_url=fake.base_url, max_retries=1) as client:
        with pytest.raises(RateLimitError) as caught:
            await client.images.generate(model="gpt-image-2", prompt="a fox")
    assert caught.value.code == "insufficient_quota"
    assert len(fake.calls) == 5  # the client's own repetition was counted, too


async def test_an_error_in_the_stream_follows_its_previews(fake: FakeOpenAI) -> None:
    fake.script(faults.moderation_in_stream("violence", after_partials=1))
    partial, error = parsed((await ask(fake, GOOD | STREAM))[2])
    assert partial["type"] == "image_generation.partial_image"
    assert error["error"]["code"] == "moderation_blocked"


async def test_a_call_can_be_held_and_released(fake: FakeOpenAI) -> None:
    gate = fake.hold("completed")
    asking = asyncio.create_task(ask(fake, GOOD | STREAM))
    async with asyncio.timeout(5):
        await gate.reached.wait()
    assert len(gate.calls[0].partials) == 2
    assert not gate.calls[0].answered.is_set()
    gate.release()
    assert (await asking)[0] == 200
    assert gate.calls[0].answered.is_set()


async def test_the_log_tells_who_hung_up(fake: FakeOpenAI) -> None:
    fake.script(faults.Cut())
    with pytest.raises(aiohttp.ClientError):
        await ask(fake, GOOD)
    fake.hold("answer")
    asking = asyncio.create_task(ask(fake, GOOD))
    await fake.arrived(2)
    asking.cancel()
    async with asyncio.timeout(5):
        await fake.calls[1].dropped.wait()
    assert fake.calls[0].cut
    assert not fake.calls[0].dropped.is_set()
