"""Events -> pictures: the Base64 as it came and its bytes, or the bytes behind an address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx2
import msgspec

from core import imaging
from core.errors import Fault, ProviderError
from core.ports import Made, Partial, Usage
from core.providers.openai.stream import Event

MAX_DOWNLOAD_BYTES = 64 * 1024 * 1024
_OFF_LOOP = 4 * 1024 * 1024
"""Characters of Base64 from which decoding (1 ms here, releasing the GIL) is worth the way to a thread."""
_TOLD = ("size", "quality", "background", "output_format", "created_at")


class _TokenDetails(msgspec.Struct):
    text_tokens: int = 0
    image_tokens: int = 0


class _Usage(msgspec.Struct):
    output_tokens: int
    input_tokens: int = 0
    input_tokens_details: _TokenDetails | None = None


class Downloads:
    """Fetches a picture that came as an address: from the provider's own host, or from elsewhere by https."""

    def __init__(self, base_url: str) -> None:
        self._home = httpx2.URL(base_url)
        # A client of its own: the key is not for whoever serves files, and a redirect could lead anywhere.
        self._client = httpx2.AsyncClient(follow_redirects=False)

    async def fetch(self, address: str) -> bytes:
        """Raises BAD_IMAGE for an address that is not trusted, no picture behind it, or too large a one."""
        if not self._trusted(address):
            raise ProviderError(Fault.BAD_IMAGE, "the picture's address is neither the provider's own nor https")
        async with self._client.stream("GET", address) as response:
            if response.status_code != httpx2.codes.OK:
                raise ProviderError(Fault.BAD_IMAGE, f"the picture's address answered HTTP {response.status_code}")
            data = bytearray()
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > MAX_DOWNLOAD_BYTES:
                    raise ProviderError(Fault.BAD_IMAGE, f"the picture is over {MAX_DOWNLOAD_BYTES:,} bytes")
        return bytes(data)

    def _trusted(self, address: str) -> bool:
        try:
            url = httpx2.URL(address)
        except httpx2.InvalidURL:
            return False
        own = (url.scheme, url.host, url.port) == (self._home.scheme, self._home.host, self._home.port)
        return bool(url.host) and not url.userinfo and (own or url.scheme == "https")

    async def close(self) -> None:
        await self._client.aclose()


async def preview(event: Event, position: int, wanted: int) -> Partial | None:
    """The preview; None if it is unusable, for a picture does not fail by a preview."""
    try:
        data = await _decoded(event.b64_json or "")
    except ProviderError:
        return None
    k = event.partial_image_index + 1
    return Partial(position, k, max(k, wanted), data) if imaging.sniff(data) else None


async def made(event: Event, position: int, downloads: Downloads, metadata: Mapping[str, object]) -> Made:
    """The finished picture. Raises BAD_IMAGE unless its bytes begin like one; the whole is proved by `imaging`."""
    if event.b64_json:
        text, data = event.b64_json, await _decoded(event.b64_json)
    elif event.url:
        data = await downloads.fetch(event.url)
        text = await asyncio.to_thread(imaging.encode, data)
    else:
        raise ProviderError(Fault.BAD_IMAGE, "the answer holds no picture")
    if imaging.sniff(data) is None:
        raise ProviderError(Fault.BAD_IMAGE, "what came is not a picture")
    told = {name: value for name in _TOLD if (value := getattr(event, name)) is not None}
    return Made(
        position=position,
        data=data,
        base64=text,
        revised_prompt=event.revised_prompt,
        usage=_usage(event.usage),
        metadata={**metadata, **told},
    )


async def _decoded(text: str) -> bytes:
    if len(text) < _OFF_LOOP:
        return imaging.decode(text)
    return await asyncio.to_thread(imaging.decode, text)


def _usage(told: object) -> Usage | None:
    """None where the server does not count, or counts in another way."""
    try:
        usage = msgspec.convert(told, _Usage)
    except msgspec.ValidationError:
        return None
    details = usage.input_tokens_details or _TokenDetails(text_tokens=usage.input_tokens)
    return Usage(text_in=details.text_tokens, image_in=details.image_tokens, out=usage.output_tokens)
