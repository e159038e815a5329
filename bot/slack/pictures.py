"""Finished pictures become files in Slack: each uploaded once, and shown only when Slack is done with it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from uuid import UUID

from bot.slack.foreign import FileGone
from bot.slack.place import Place
from bot.slack.upload import SHOWABLE, NewFile, Uploads
from core import imaging, wording
from core.views import Finished, FinishedImage

REMEMBERED = 256


class Pictures:
    """Remembers what was uploaded and not yet shown, so that a second try does not upload it again.

    What was shown stands in the message's address; a process that ends in between leaves a file that nobody sees.
    """

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._uploaded: OrderedDict[UUID, str] = OrderedDict()

    async def files(self, view: Finished, place: Place) -> tuple[str, ...]:
        """The ids of the pictures' files, in order and ready to be shown."""
        known = dict(zip((image.picture.id for image in view.images), place.files, strict=False))
        found = [known.get(i.picture.id) or await self._upload(view, i) for i in view.images]
        return tuple([await self._ready(view, *pair) for pair in zip(view.images, found, strict=True)])

    def shown(self, view: Finished) -> None:
        for image in view.images:
            self._uploaded.pop(image.picture.id, None)

    async def _ready(self, view: Finished, image: FinishedImage, file_id: str) -> str:
        try:
            await self._uploads.wait(file_id)
        except FileGone:  # somebody deleted it: the picture is ours, the file was only a copy
            self._uploaded.pop(image.picture.id, None)
            file_id = await self._upload(view, image)
            await self._uploads.wait(file_id)
        return file_id

    async def _upload(self, view: Finished, image: FinishedImage) -> str:
        before = self._uploaded.get(image.picture.id)
        if before is not None:
            return before
        file_id = await self._uploads.keep(await _as_file(view, image))
        self._uploaded[image.picture.id] = file_id
        while len(self._uploaded) > REMEMBERED:
            self._uploaded.popitem(last=False)
        return file_id


async def _as_file(view: Finished, image: FinishedImage) -> NewFile:
    """The provider's bytes exactly, but where Slack cannot show their kind."""
    data, media_type = image.data, image.picture.media_type
    if media_type not in SHOWABLE:
        data, media_type = await asyncio.to_thread(imaging.convert, data, "png", 100), "image/png"
    name = f"limner-{image.picture.id.hex[:12]}.{media_type.removeprefix('image/')}"
    return NewFile(name, data, wording.alt_text(view.generation.prompt, 1000))
