"""What is asked of us, in the API's own words: the keyword arguments of the client's `generate` and `edit`."""

from __future__ import annotations

from typing import Any

from core.errors import Fault, ProviderError
from core.image_model import ImageModel
from core.ports import ProviderCall

_STYLES = {"vivid", "natural"}
"""The two words that the dall-e-3 shape knows; every other style is in the prompt already."""


def generation(call: ProviderCall, model: ImageModel) -> dict[str, Any]:
    """Arguments for one new picture."""
    if model.shape == "dall-e-3":
        return _dall_e(call, model)
    return _streamed(call, model) | {"moderation": "auto"}


def edit(call: ProviderCall, model: ImageModel) -> dict[str, Any]:
    """Arguments for one picture worked from the references. Raises REJECTED where the model cannot."""
    if not model.edits or len(call.references) > model.max_references:
        raise ProviderError(Fault.REJECTED, f"{model.id} works from at most {model.max_references} pictures")
    images = [
        (f"reference-{place}.{reference.media_type.partition('/')[2]}", reference.data, reference.media_type)
        for place, reference in enumerate(call.references, 1)
    ]
    return _streamed(call, model) | {"image": images}


def _streamed(call: ProviderCall, model: ImageModel) -> dict[str, Any]:
    options = call.options
    return (
        {
            "model": model.id,
            "prompt": call.prompt,
            "n": 1,
            "size": options.size,
            # Never left to the provider, whose "auto" can cost thirty times as much as "low".
            "quality": options.quality,
            "output_format": "png",
            "stream": True,
            "partial_images": model.partial_images,
        }
        | ({} if options.background == "auto" else {"background": options.background})
        | ({"safety_identifier": call.safety_identifier} if call.safety_identifier else {})
        | _seed(call, model)
    )


def _dall_e(call: ProviderCall, model: ImageModel) -> dict[str, Any]:
    options = call.options
    return (
        {
            "model": model.id,
            "prompt": call.prompt,
            "n": 1,
            "size": options.size,
            "quality": options.quality,
            "response_format": "b64_json",
        }
        | ({"style": options.style} if options.style in _STYLES else {})
        | ({"user": call.safety_identifier} if call.safety_identifier else {})
        | _seed(call, model)
    )


def _seed(call: ProviderCall, model: ImageModel) -> dict[str, Any]:
    # OpenAI has no such parameter, so the client has no such argument; servers of one's own take it.
    if not model.seeds or call.options.seed is None:
        return {}
    return {"extra_body": {"seed": call.options.seed}}
