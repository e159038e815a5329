"""What must be so before a request is taken: that the answer may be shown here, and that an attachment is a picture."""

from __future__ import annotations

import asyncio

import discord

from bot.discord.replying import Interaction
from core import imaging
from core.errors import BadRequest, NotAllowed, ProviderError
from core.generation import Reference

TYPES = ("image/png", "image/jpeg", "image/webp")

_MIB = 1024 * 1024
_NEEDED = {"embed_links": "Embed Links", "attach_files": "Attach Files"}


def check_may_show(interaction: Interaction) -> None:
    """Raises NotAllowed where the picture could not be posted, naming each permission that is missing."""
    if interaction.guild_id is None:
        return
    thread = isinstance(interaction.channel, discord.Thread)
    sending = ("send_messages_in_threads", "Send Messages in Threads") if thread else ("send_messages", "Send Messages")
    granted = interaction.app_permissions
    # Where only the user installed the app, Discord answers for it and sending needs no permission of its own.
    posting = {"view_channel": "View Channel", **dict([sending])}
    needed = _NEEDED | (posting if interaction.is_guild_integration() else {})
    missing = [name for flag, name in needed.items() if not getattr(granted, flag)]
    if missing:
        raise NotAllowed(
            f"I may not post pictures here: I lack {', '.join(missing)}.",
            "Nothing was charged. Ask an admin to allow it in this channel's permissions, or ask me elsewhere.",
        )


async def bring(attachment: discord.Attachment, max_bytes: int) -> Reference:
    """The attached picture. Type and size are checked before anything is fetched. Raises BadRequest."""
    named = (attachment.content_type or "").split(";")[0].strip().lower()
    if named not in TYPES:
        raise BadRequest(["The attached file is not a picture that can be used. Attach a PNG, JPEG or WebP."])
    if attachment.size > max_bytes:
        sizes = f"has {attachment.size / _MIB:.1f} MiB and the limit is {max_bytes / _MIB:.1f} MiB"
        raise BadRequest([f"The attached picture {sizes}. Make it smaller and attach it again."])
    return await _checked(await attachment.read(), max_bytes)


async def _checked(data: bytes, max_bytes: int) -> Reference:
    """What the bytes are, not what the upload said they were."""
    try:
        facts = await asyncio.to_thread(imaging.inspect, data, max_bytes=max_bytes)
    except ProviderError as error:
        raise BadRequest(["The attached picture cannot be read. Save it anew and attach it again."]) from error
    if facts.media_type not in TYPES:
        raise BadRequest(["The attached picture is a GIF. Attach a PNG, JPEG or WebP."])
    return Reference(data, facts.media_type)
