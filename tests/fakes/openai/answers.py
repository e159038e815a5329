"""Answers as OpenAI words them: the events of a stream, the plain body, the usage and the headers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.openai.quota import Quota
from tests.fakes.openai.records import Call

_OUTPUT_TOKENS = {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024, "auto": 1756}


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of an answer to one call that do not depend on the picture."""

    call: Call

    @property
    def size(self) -> tuple[int, int]:
        size = self.call.body.get("size", "auto")
        width, height = ("1024x1024" if size == "auto" else size).split("x")
        return int(width), int(height)

    @property
    def output_format(self) -> str:
        return str(self.call.body.get("output_format", "png"))

    @property
    def transparent(self) -> bool:
        return self.call.body.get("background") == "transparent"

    @property
    def rendering(self) -> dict[str, Any]:
        width, height = self.size
        return {
            "size": f"{width}x{height}",
            "quality": self.call.body.get("quality", "auto"),
            "background": "transparent" if self.transparent else "opaque",
            "output_format": self.output_format,
        }

    @property
    def usage(self) -> dict[str, Any]:
        text = 8 + len(self.call.body["prompt"]) // 4
        image = 323 * sum(file.name in {"image", "image[]"} for file in self.call.files)
        out = _OUTPUT_TOKENS[self.call.body.get("quality", "auto")] + 100 * len(self.call.partials)
        details = {"text_tokens": text, "image_tokens": image}
        return {
            "input_tokens": text + image,
            "input_tokens_details": details,
            "output_tokens": out,
            "total_tokens": text + image + out,
        }

    def event(self, suffix: str, b64_json: str, **extra: object) -> dict[str, Any]:
        kind = f"image_{self.call.kind}.{suffix}"
        return {"type": kind, "b64_json": b64_json, "created_at": int(time.time()), **self.rendering, **extra}

    def plain(self, data: list[dict[str, Any]], *, usage: bool) -> dict[str, Any]:
        body: dict[str, Any] = {"created": int(time.time()), "data": data}
        if not self.call.body["model"].startswith("dall-e"):
            body |= self.rendering | ({"usage": self.usage} if usage else {})
        return body


def sse(event: Mapping[str, Any]) -> bytes:
    """One event on the wire."""
    return f"event: {event['type']}\ndata: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def headers(number: int, quota: Quota) -> dict[str, str]:
    """What stands on every answer."""
    return {
        "x-request-id": f"req_fake{number:06d}",
        "openai-version": "2020-10-01",
        "openai-processing-ms": "12",
        **quota.headers(),
    }
