"""A picture as a file. Slack's files cannot be ephemeral, so it goes into the asker's direct conversation."""

from __future__ import annotations

from uuid import UUID

from bot.slack import answers
from bot.slack.origin import Origin
from bot.slack.upload import NewFile, Uploads
from bot.slack.web_api import WebApi
from core.studio import Studio


class Downloads:
    def __init__(self, studio: Studio, web_api: WebApi, uploads: Uploads) -> None:
        self._studio = studio
        self._web_api = web_api
        self._uploads = uploads

    async def offer(self, origin: Origin, image_id: UUID) -> None:
        """Asks, for nobody else to see, which format it shall be. Raises NotFound before, not after, the choice."""
        await self._studio.gallery.picture(image_id, None)
        await self._web_api.respond(origin.respond, answers.formats(image_id.hex), thread=origin.thread)

    async def send(self, origin: Origin, image_id: UUID, file_format: str) -> None:
        """Slack shows a picture only to those in its conversation, so whoever could press may have the file."""
        await self._web_api.respond(origin.respond, answers.preparing(), replace=True)
        file = await self._studio.gallery.download(image_id, file_format, None)
        direct = await self._web_api.direct(origin.user)
        await self._uploads.send(NewFile(file.filename, file.data), direct)
        done = answers.sent(file.filename, here=direct == origin.channel)
        await self._web_api.respond(origin.respond, done, replace=True)
