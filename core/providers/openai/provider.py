"""Pictures from OpenAI's Images API through its own client, one streamed call for each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from functools import partial
from typing import Any

import httpx2
from openai import APIStatusError, AsyncAPIResponse, AsyncOpenAI, Timeout

from core.catalogue import Catalogue, ImageModel
from core.errors import Fault, ProviderError
from core.ports import ImageProvider, Made, Pace, ProviderCall, ProviderEvent
from core.providers.openai import pictures, requests
from core.providers.openai.errors import told_in_stream, translate
from core.providers.openai.fan_in import Emit, merged
from core.providers.openai.headroom import headroom
from core.providers.openai.stream import Event, events

OFFICIAL = "https://api.openai.com/v1"
CONNECT_SECONDS = 10.0
CHECK_SECONDS = 20.0
READ_OUT_SECONDS = 0.1

Answer = AsyncAPIResponse[Any]


class OpenAIProvider(ImageProvider):
    """`timeout_seconds` overrides what the catalogue allows each model for one picture; `pace` hears every answer."""

    name = "openai"

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        catalogue: Catalogue,
        timeout_seconds: float | None,
        pace: Pace | None = None,
    ) -> None:
        address = base_url or OFFICIAL
        self._catalogue = catalogue
        self._timeout_seconds = timeout_seconds
        self._pace = pace
        # The client would repeat a failed call twice by itself, and each repetition may be paid for.
        self._client = AsyncOpenAI(api_key=api_key, base_url=address, max_retries=0)
        self._downloads = pictures.Downloads(address)

    def __repr__(self) -> str:
        return f"<OpenAIProvider at {self._client.base_url.host}>"

    async def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        model = self._catalogue.get(call.options.model)
        draws = [partial(self._draw, call, model, position) for position in range(call.options.count)]
        async with aclosing(merged(draws)) as news:
            async for event in news:
                yield event

    async def check(self, model: str) -> str:
        async with self._foreign_errors_end_here(CHECK_SECONDS):
            card = await self._client.models.retrieve(model)
        until = f", until {card.shutdown_date}" if card.shutdown_date else ""
        return f"{self._client.base_url.host} takes the key and has {card.id}{until}"

    async def close(self) -> None:
        await self._client.close()
        await self._downloads.close()

    async def _draw(self, call: ProviderCall, model: ImageModel, position: int, emit: Emit) -> None:
        """One picture: its previews and itself are emitted as they come."""
        seconds = self._timeout_seconds or model.timeout_seconds
        async with (
            self._foreign_errors_end_here(seconds) as deadline,
            self._asked(call, model, seconds) as response,
            aclosing(response.http_response.aiter_bytes()) as chunks,
            aclosing(events(chunks, response.headers.get("content-type", ""))) as news,
        ):
            emit(await self._picture(news, response.request_id, model, position, emit))
            deadline.reschedule(None)  # what was made in time is not lost to what follows
            await _read_out(news)

    async def _picture(
        self, news: AsyncIterator[Event], request_id: str | None, model: ImageModel, position: int, emit: Emit
    ) -> Made:
        metadata = {"model": model.id} | ({"request_id": request_id} if request_id else {})
        async for event in news:
            if event.error:
                raise told_in_stream(event.error, self._client.api_key)
            if event.finished:
                return await pictures.made(event, position, self._downloads, metadata)
            if event.partial and (preview := await pictures.preview(event, position, model.partial_images)):
                emit(preview)
        raise ProviderError(Fault.CUT_OFF, "the answer ended without a picture")

    @asynccontextmanager
    async def _asked(self, call: ProviderCall, model: ImageModel, seconds: float) -> AsyncIterator[Answer]:
        """The answer, of which the headers have come. What they say of the pace is heard, refused or not."""
        try:
            async with self._sent(call, model, seconds) as answer:
                await self._heard(answer.headers)
                yield answer
        except APIStatusError as refused:
            error = translate(refused, self._client.api_key)
            await self._heard(
                refused.response.headers, error.retry_after if error.fault is Fault.RATE_LIMITED else None
            )
            raise

    async def _heard(self, headers: Mapping[str, str], retry_after: float | None = None) -> None:
        if self._pace is not None and (said := headroom(headers, retry_after)) is not None:
            await self._pace.heard(self.name, said)

    def _sent(self, call: ProviderCall, model: ImageModel, seconds: float) -> AbstractAsyncContextManager[Answer]:
        images = self._client.images.with_streaming_response
        timeout = Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        answer: AbstractAsyncContextManager[Answer] = (
            images.edit(**requests.edit(call, model), timeout=timeout)
            if call.references
            else images.generate(**requests.generation(call, model), timeout=timeout)
        )
        return answer

    @asynccontextmanager
    async def _foreign_errors_end_here(self, seconds: float) -> AsyncIterator[asyncio.Timeout]:
        """Gives the body its total time, and lets nothing but ProviderError out."""
        try:
            async with asyncio.timeout(seconds) as deadline:
                yield deadline
        except Exception as error:  # noqa: BLE001 - the port promises ProviderError alone
            translated = translate(error, self._client.api_key)
            # A foreign error may quote the key or the prompt, so it is shown only where the mistake is our own.
            raise translated from (error if translated.fault is Fault.INTERNAL else None)


async def _read_out(news: AsyncIterator[Event]) -> None:
    """Reads what little is left, so that the connection can be used again."""
    # The picture is there: whatever still goes wrong with its connection is no matter.
    with suppress(ProviderError, httpx2.HTTPError, OSError):
        async with asyncio.timeout(READ_OUT_SECONDS):
            async for _ in news:
                pass
