"""Files in Slack: uploaded to nobody, waited for, sent to one person, taken away again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.foreign import FileGone, FileNotReady, translated

PAUSES = (0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 2.0, 3.0, 3.5)
"""Seconds between looks at a file that Slack is processing; about fifteen in all."""

ALT_TEXT = 1000
SHOWABLE = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What an image block can show (docs.slack.dev, image block): no WebP."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file on its way to Slack."""

    name: str
    data: bytes = field(repr=False)
    alt_text: str = ""


class Uploads:
    """Raises only LimnerErrors."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def keep(self, file: NewFile) -> str:
        """Uploads without sharing: only the bot sees the file, until a message of its shows it. Its id."""
        return await self._upload(file, channel=None)

    async def send(self, file: NewFile, channel: str) -> None:
        """Uploads into a conversation, as a message of its own."""
        await self._upload(file, channel)

    async def _upload(self, file: NewFile, channel: str | None) -> str:
        with translated():
            answer = await self._client.files_upload_v2(
                file=file.data,
                filename=file.name,
                title=file.name,
                alt_txt=file.alt_text[:ALT_TEXT] or None,
                channel=channel,
            )
        return str(answer["file"]["id"])

    async def wait(self, file_id: str) -> None:
        """Until it can be shown. Raises FileNotReady when Slack takes too long and FileGone for a deleted one."""
        for pause in PAUSES:
            if await self._processed(file_id):
                return
            await asyncio.sleep(pause)
        raise FileNotReady(retry_after=10.0)

    async def _processed(self, file_id: str) -> bool:
        with translated():
            answer = await self._client.files_info(file=file_id)
        found = answer["file"] or {}
        if found.get("mode") == "tombstone":
            raise FileGone
        return bool(found.get("mimetype"))

    async def delete(self, file_id: str) -> None:
        with translated():
            await self._client.files_delete(file=file_id)
