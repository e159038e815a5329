"""Looks at what a provider made: whether it is a picture at all, and all that is stored beside it."""

from __future__ import annotations

import asyncio
import hashlib

from core import imaging
from core.catalogue import Catalogue
from core.generation import Options
from core.ports import Made, StoredImage


async def checked(made: Made, *, max_bytes: int, cost_micro: int) -> StoredImage:
    """In threads, for both take milliseconds. Raises ProviderError (BAD_IMAGE)."""
    found, sha256 = await asyncio.gather(
        asyncio.to_thread(imaging.check, made.data, max_bytes=max_bytes), asyncio.to_thread(_sha256, made.data)
    )
    return StoredImage(
        made=made,
        media_type=found.facts.media_type,
        width=found.facts.width,
        height=found.facts.height,
        thumbnail_base64=imaging.encode(found.thumbnail),
        cost_micro=cost_micro,
        sha256=sha256,
    )


def cost_micro(made: Made, options: Options, catalogue: Catalogue) -> int:
    """From the provider's own count of tokens; the catalogue's figure where it does not count."""
    model = catalogue.find(options.model)
    if model is None:
        return 0
    if made.usage is None:
        return model.estimate_micro(options, "") // options.count
    return model.cost_micro(text_in=made.usage.text_in, image_in=made.usage.image_in, out=made.usage.out)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
