"""The stream's decoder: events survive any cutting into chunks, and nothing endless is taken in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Fault, ProviderError
from core.providers.openai.stream import Event, events, sse_data

SSE = "text/event-stream; charset=utf-8"
WIRE = (
    b": hello\r\n\r\n"
    b'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image",\n'
    b'data: "b64_json":"QUJD","partial_image_index":0}\n\n'
    b"id: 7\nretry: 10\n\n"
    b'data:{"type":"image_generation.thinking","url":{"not":"an address"}}\r\n\r\n'
    b'data: {"type":"image_generation.completed","b64_json":"QUJD\\/w==","usage":null}\r\n\r\n'
    b"data: [DONE]\n\n"
)


async def chunked(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def gathered(chunks: Iterable[bytes], content_type: str = SSE) -> list[Event]:
    return [event async for event in events(chunked(chunks), content_type)]


async def gathered_or_refused(chunks: Iterable[bytes], content_type: str) -> list[Event] | Fault:
    try:
        return await gathered(chunks, content_type)
    except ProviderError as error:
        return error.fault


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    return [data[start:end] for start, end in pairwise([0, *sorted(cuts), len(data)])]


@given(st.lists(st.integers(0, len(WIRE)), max_size=40))
async def test_events_do_not_depend_on_where_the_chunks_end(cuts: list[int]) -> None:
    first, last = await gathered(pieces(WIRE, cuts))
    assert (first.partial, first.b64_json) == (True, "QUJD")
    assert (last.finished, last.b64_json) == (True, "QUJD/w==")


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
async def test_any_bytes_are_events_or_a_bad_image(data: bytes, cuts: list[int]) -> None:
    for content_type in (SSE, "application/json", ""):
        found = await gathered_or_refused(pieces(b"data: " + data, cuts), content_type)
        assert found is Fault.BAD_IMAGE or isinstance(found, list)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["data", "type", "b64_json", "error", "url"]), inner)
        ),
        max_leaves=8,
    )
)
async def test_any_json_is_one_event_or_a_bad_image(body: object) -> None:
    found = await gathered_or_refused([json.dumps(body).encode()], "application/json")
    assert found is Fault.BAD_IMAGE or (isinstance(found, list) and len(found) == 1)


async def test_an_event_without_its_closing_line_is_no_event() -> None:
    assert [data async for data in sse_data(chunked([b'data: {"type":"image_generation.compl']))] == []


@pytest.mark.parametrize("content_type", [SSE, "application/json"])
async def test_an_endless_answer_is_refused(content_type: str) -> None:
    chunk = bytes(8 * 1024 * 1024)
    with pytest.raises(ProviderError) as caught:
        await gathered((chunk for _ in range(1000)), content_type)
    assert caught.value.fault is Fault.BAD_IMAGE


async def test_many_events_together_may_be_longer_than_one_may() -> None:
    event = b"data: " + json.dumps({"type": "x.partial_image", "b64_json": "A" * 8_000_000}).encode() + b"\n\n"
    assert len(await gathered(event for _ in range(15))) == 15
