"""One call, answered: painted, paced, held where the test says, and spoilt where the script says."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any, Protocol

from aiohttp import web

from tests.fakes.openai import answers, pictures
from tests.fakes.openai.faults import Cut, ErrorInStream, Fault, Garbage, Hang, Page, Refuse, Trickle, Unlike
from tests.fakes.openai.quota import Quota
from tests.fakes.openai.records import Call, Point


class Stage(Protocol):
    """Where a call is answered: the fake, as far as an answer needs it."""

    base_url: str
    pace: float
    heavy: bool
    files: dict[str, tuple[str, bytes]]
    quota: Quota

    async def stop_at(self, point: Point, call: Call) -> None: ...


class Performance:
    """Plays the answer to `call`."""

    def __init__(self, stage: Stage, request: web.Request, call: Call, fault: Fault | None) -> None:
        self._stage = stage
        self._request = request
        self._call = call
        self._fault = fault
        self._words = answers.Wording(call)
        self._headers = answers.headers(call.number, stage.quota)
        self._unlike = fault if isinstance(fault, Unlike) else Unlike()

    async def play(self) -> web.StreamResponse:
        await self._stage.stop_at("answer", self._call)
        match self._fault:
            case Refuse():
                return self._refused(self._fault)
            case Page():
                return web.Response(text=self._fault.text, content_type="text/html")
            case Hang(after_partials=None):
                await asyncio.Event().wait()
            case Cut(after_partials=None):
                await self._cut(self._fault)
        self._call.status = 200
        streams = self._call.body.get("stream") and not self._unlike.plain_json
        return await (self._stream() if streams else self._plain())

    def _refused(self, fault: Refuse) -> web.Response:
        self._call.status = fault.status
        headers = self._headers | dict(fault.headers)
        if isinstance(fault.error, str):
            return web.Response(text=fault.error, status=fault.status, headers=headers)
        return web.json_response({"error": dict(fault.error)}, status=fault.status, headers=headers)

    async def _cut(self, fault: Cut) -> None:
        self._call.cut = True
        transport = self._request.transport
        if transport is not None:
            transport.abort() if fault.reset else transport.close()
        await asyncio.Event().wait()  # until the server notices and cancels this handler

    # ---------------------------------------------------------------- plain JSON

    async def _plain(self) -> web.StreamResponse:
        await self._pause("completed")
        data = [await self._entry(index) for index in range(self._call.body.get("n", 1))]
        body = json.dumps(self._words.plain(data, usage=self._unlike.usage)).encode()
        response = web.StreamResponse(headers=self._headers | {"Content-Type": "application/json"})
        return await self._deliver(response, [body])

    async def _entry(self, index: int) -> dict[str, Any]:
        b64 = await self._finished(index)
        dall_e = self._call.body["model"].startswith("dall-e")
        extra = {"revised_prompt": f"In detail: {self._call.body['prompt']}"} if dall_e else {}
        as_url = self._unlike.url or (dall_e and self._call.body.get("response_format", "url") == "url")
        return extra | ({"url": self._publish(b64)} if as_url else {"b64_json": b64})

    # ---------------------------------------------------------------- the stream

    async def _stream(self) -> web.StreamResponse:
        response = web.StreamResponse(headers=self._headers | {"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(self._request)
        wanted = self._call.body.get("partial_images", 0) if self._unlike.partials is None else self._unlike.partials
        for index in range(wanted + 1):
            if await self._mishap(response, index):
                return response
            if index < wanted:
                await self._partial(response, index)
        await self._pause("completed")
        return await self._deliver(response, [await self._completed()])

    async def _mishap(self, response: web.StreamResponse, sent: int) -> bool:
        """What the script has for this point of the stream; True when the answer is over."""
        match self._fault:
            case ErrorInStream(error=error, after_partials=after) if after == sent:
                await response.write(answers.sse({"type": "error", "error": dict(error)}))
                await response.write_eof()
                self._call.answered.set()
                return True
            case Hang(after_partials=after) if after == sent:
                await asyncio.Event().wait()
            case Cut(after_partials=after) if after == sent:
                await self._cut(self._fault)
            case Unlike(strange_events=True):
                await response.write(b": keep-alive\n\n")
                await response.write(answers.sse({"type": "image_generation.musing", "thought": {"deep": [1, 2]}}))
        return False

    async def _partial(self, response: web.StreamResponse, index: int) -> None:
        await self._pause("partial")
        size, seed = self._words.size, self._seed(0)
        data = await asyncio.to_thread(pictures.paint_partial, *size, self._words.output_format, seed, index)
        self._call.partials.append(_b64(data))
        await response.write(answers.sse(self._words.event("partial_image", _b64(data), partial_image_index=index)))

    async def _completed(self) -> bytes:
        b64 = await self._finished(0)
        event = self._words.event("completed", b64)
        if self._unlike.url:
            del event["b64_json"]
            event["url"] = self._publish(b64)
        return answers.sse(event | ({"usage": self._words.usage} if self._unlike.usage else {}))

    # ---------------------------------------------------------------- both

    async def _pause(self, point: Point) -> None:
        await self._stage.stop_at(point, self._call)
        if self._stage.pace:
            await asyncio.sleep(self._stage.pace)

    async def _finished(self, index: int) -> str:
        if isinstance(self._fault, Garbage):
            return self._fault.b64_json
        look = {"transparent": self._words.transparent, "heavy": self._stage.heavy}
        size, kind = self._words.size, self._words.output_format
        b64 = _b64(await asyncio.to_thread(pictures.paint, *size, kind, self._seed(index), **look))
        self._call.pictures.append(b64)
        return b64

    def _seed(self, index: int) -> str:
        return f"{self._call.number}/{index}/{self._call.body['prompt']}"

    def _publish(self, b64: str) -> str:
        name = f"{self._call.number}-{len(self._stage.files)}.{self._words.output_format}"
        self._stage.files[name] = (f"image/{self._words.output_format}", base64.b64decode(b64))
        return f"{self._stage.base_url.removesuffix('/v1')}/files/{name}"

    async def _deliver(self, response: web.StreamResponse, parts: list[bytes]) -> web.StreamResponse:
        if not response.prepared:
            await response.prepare(self._request)
        for part in parts:
            if isinstance(self._fault, Trickle):
                for start in range(0, len(part), self._fault.chunk):
                    await response.write(part[start : start + self._fault.chunk])
                    await asyncio.sleep(self._fault.delay)
            else:
                await response.write(part)
        if self._unlike.lingers:
            await asyncio.Event().wait()
        await response.write_eof()
        self._call.answered.set()
        return response


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
