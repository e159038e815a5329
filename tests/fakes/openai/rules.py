"""What the real API refuses, in its own words: each rule gives an error body or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.openai.records import Upload

_COMMON = {"prompt", "model", "n", "size", "quality", "background", "user", "safety_identifier", "output_format"}
_GPT_IMAGE = _COMMON | {"output_compression", "stream", "partial_images", "moderation", "complexity"}
_DALL_E = (_COMMON | {"response_format", "style"}) - {"background", "output_format", "safety_identifier"}
_QUALITIES = {"low", "medium", "high", "xhigh", "max", "auto"}
_DALL_E_SIZES = {"1024x1024", "1792x1024", "1024x1792"}
_MAX_UPLOAD = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as the API words it."""

    status: int
    message: str
    code: str | None
    param: str | None = None
    type: str = "invalid_request_error"

    @property
    def body(self) -> dict[str, Any]:
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}


def problem_with(
    body: Mapping[str, Any], files: Sequence[Upload], models: Mapping[str, str | None], *, edit: bool
) -> Problem | None:
    """The first rule that is broken, in the order in which the API looks."""
    model = body.get("model")
    if model not in models:
        return _wrong("model", f"The model '{model}' does not exist.", "model_not_found", status=404)
    dall_e = str(model).startswith("dall-e")
    rules: list[Callable[[], Problem | None]] = [
        lambda: _fields(body, (_DALL_E if dall_e else _GPT_IMAGE) | ({"input_fidelity"} if edit else set())),
        lambda: _prompt(body.get("prompt"), 4000 if dall_e else 32000),
        lambda: _count(body.get("n", 1), 1 if dall_e else 10),
        lambda: _dall_e_size(body.get("size", "1024x1024")) if dall_e else _size(body.get("size", "auto")),
        lambda: None if dall_e else _rendering(body),
        lambda: _uploads(files) if edit else None,
    ]
    return next((problem for rule in rules if (problem := rule()) is not None), None)


def _fields(body: Mapping[str, Any], known: set[str]) -> Problem | None:
    for name in body:
        if name not in known:
            return _wrong(name, f"Unknown parameter: '{name}'.", "unknown_parameter")
    return None


def _prompt(prompt: object, limit: int) -> Problem | None:
    if not isinstance(prompt, str) or not prompt:
        return _wrong("prompt", "Missing required parameter: 'prompt'.", "missing_required_parameter")
    if len(prompt) > limit:
        words = f"Invalid 'prompt': string too long. Expected at most {limit} characters, but got {len(prompt)}."
        return _wrong("prompt", words, "string_above_max_length")
    return None


def _count(n: object, most: int) -> Problem | None:
    if not isinstance(n, int) or n < 1:
        return _wrong("n", f"Invalid 'n': expected a value >= 1, but got {n}.", "integer_below_min_value")
    if n > most:
        return _wrong("n", f"Invalid 'n': expected a value <= {most}, but got {n}.", "integer_above_max_value")
    return None


def _size(size: object) -> Problem | None:
    wrong = _wrong("size", f"Invalid size '{size}'.")
    if size == "auto":
        return None
    match = re.fullmatch(r"(\d{2,4})x(\d{2,4})", str(size))
    if match is None:
        return wrong
    width, height = int(match[1]), int(match[2])
    whole = width % 16 == 0 and height % 16 == 0 and max(width, height) <= 3840
    slim = max(width, height) > 3 * min(width, height)
    return None if whole and not slim and 655_360 <= width * height <= 3840 * 2160 else wrong


def _dall_e_size(size: object) -> Problem | None:
    if size in _DALL_E_SIZES:
        return None
    return _wrong("size", f"Invalid value: '{size}'. Supported values are: {sorted(_DALL_E_SIZES)}.")


def _rendering(body: Mapping[str, Any]) -> Problem | None:
    if body.get("quality", "auto") not in _QUALITIES:
        return _wrong("quality", f"Invalid value: '{body['quality']}'.")
    if body.get("output_format", "png") not in {"png", "webp", "jpeg"}:
        return _wrong("output_format", f"Invalid value: '{body['output_format']}'.")
    if body.get("background") == "transparent" and body.get("output_format") == "jpeg":
        return _wrong("background", "Transparent background is not supported for JPEG.")
    if not 0 <= body.get("partial_images", 0) <= 3:
        return _wrong("partial_images", "Invalid 'partial_images': expected 0 to 3.")
    if body.get("partial_images") and not body.get("stream"):
        return _wrong("partial_images", "'partial_images' needs 'stream'.")
    return None


def _uploads(files: Sequence[Upload]) -> Problem | None:
    images = [file for file in files if file.name in {"image", "image[]"}]
    if not 1 <= len(images) <= 16:
        return _wrong("image", f"Expected 1 to 16 images, but got {len(images)}.")
    for file in images:
        if len(file.data) > _MAX_UPLOAD or file.media_type not in {"image/png", "image/webp", "image/jpeg"}:
            return _wrong("image", f"Invalid file: unsupported mimetype ('{file.media_type}').", "unsupported_file")
    return None


def _wrong(param: str, message: str, code: str = "invalid_value", *, status: int = 400) -> Problem:
    return Problem(status, message, code, param)
