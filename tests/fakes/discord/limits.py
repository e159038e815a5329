"""The limits of a message's text, embeds, files and nonce; breaking one is a 50035 that names the place."""

from __future__ import annotations

from collections.abc import Sequence

from . import errors
from .component_limits import check_components
from .jsontypes import Json
from .request_log import Upload
from .stored import COMPONENTS_V2, Message
from .world import Channel

REQUEST_BYTES = 25 * 1024 * 1024
CONTENT, EMBEDS, EMBED_TOTAL, FILES, NONCE, ALT_TEXT = 2000, 10, 6000, 10, 25, 1024
_EMBED_TEXT = {"title": 256, "description": 4096}


def check_files(channel: Channel, files: Sequence[Upload], body: Json, kept: int) -> None:
    """At most ten files of the channel's size, and only uploads that ``attachments`` can name."""
    if len(files) + kept > FILES:
        raise errors.invalid_form("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    if any(len(file.data) > channel.upload_limit for file in files):
        raise errors.entity_too_large()
    for place, entry in enumerate(body.get("attachments") or ()):
        length(f"attachments.{place}.description", entry.get("description") or "", ALT_TEXT)


def check_message(body: Json, before: Message | None, filenames: Sequence[str]) -> None:
    """Judges what the message will be: ``body`` laid over ``before``."""
    flags = body.get("flags") or 0
    was_v2 = bool(before and before.flags & COMPONENTS_V2)
    if was_v2 and "flags" in body and not flags & COMPONENTS_V2:
        raise errors.invalid_form("flags", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", "The flag cannot be removed.")
    v2 = was_v2 or bool(flags & COMPONENTS_V2)
    if v2:
        _check_no_legacy(body, before)
    length("content", body.get("content") or "", CONTENT)
    _check_embeds(body.get("embeds") or [])
    if body.get("components"):
        check_components(body["components"], v2=v2, filenames=filenames)
    if len(str(body.get("nonce") or "")) > NONCE:
        raise errors.invalid_form("nonce", "NONCE_TYPE_TOO_LONG", "Nonce too long.")
    if not _shows_anything(body, before, filenames):
        raise errors.empty_message()


def length(path: str, text: str, most: int, least: int = 0) -> None:
    """A text between ``least`` and ``most`` characters, as Discord counts them: code points."""
    if len(text) > most:
        raise errors.invalid_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    if len(text) < least:
        raise errors.invalid_form(path, "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length.")


def _check_no_legacy(body: Json, before: Message | None) -> None:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        inherited = getattr(before, key, None) if before and key not in body else None
        if body.get(key) or inherited:
            problem = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise errors.invalid_form(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", problem)


def _check_embeds(embeds: list[Json]) -> None:
    if len(embeds) > EMBEDS:
        raise errors.invalid_form("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    for place, embed in enumerate(embeds):
        _check_embed(f"embeds.{place}", embed)
    if sum(_embed_size(embed) for embed in embeds) > EMBED_TOTAL:
        problem = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        raise errors.invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", problem)


def _check_embed(path: str, embed: Json) -> None:
    fields = embed.get("fields") or []
    if len(fields) > 25:
        raise errors.invalid_form(f"{path}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for key, most in _EMBED_TEXT.items():
        length(f"{path}.{key}", embed.get(key) or "", most)
    length(f"{path}.footer.text", (embed.get("footer") or {}).get("text") or "", 2048)
    length(f"{path}.author.name", (embed.get("author") or {}).get("name") or "", 256)
    for place, field in enumerate(fields):
        length(f"{path}.fields.{place}.name", field.get("name") or "", 256, 1)
        length(f"{path}.fields.{place}.value", field.get("value") or "", 1024, 1)


def _embed_size(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts.append((embed.get("author") or {}).get("name"))
    texts += [field.get(key) for field in embed.get("fields") or () for key in ("name", "value")]
    return sum(len(text or "") for text in texts)


def _shows_anything(body: Json, before: Message | None, filenames: Sequence[str]) -> bool:
    def left(key: str) -> bool:
        value = body[key] if key in body else getattr(before, key, None)
        return bool(value.strip() if isinstance(value, str) else value)

    return left("content") or left("embeds") or left("components") or bool(filenames) or bool(body.get("poll"))
