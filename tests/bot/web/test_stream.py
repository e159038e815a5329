"""Progress as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp

from core.errors import Fault
from tests.bot.web.site import OPENAPI, Site, serving, until, validate
from tests.fakes.pictures import drawn
from tests.fakes.workshop import Workshop

SCHEMAS = OPENAPI["components"]["schemas"]


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: Any
    id: str | None


@dataclass(slots=True)
class Stream:
    """Reads events off the wire; each is one that the document promises."""

    content: aiohttp.StreamReader

    async def next(self) -> Event | None:
        """None at the end of the stream."""
        fields: dict[str, str] = {}
        while line := (await self.content.readline()).decode():
            if line.strip() == "" and "event" in fields:
                event = Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
                validate(SCHEMAS["ProgressEvent" if event.name == "progress" else "TaskEnd"], event.data)
                return event
            name, _, value = line.rstrip("\r\n").partition(": ")
            fields[name] = value
        return None

    async def rest(self) -> list[Event]:
        found = []
        while event := await self.next():
            found.append(event)
        return found


@asynccontextmanager
async def streaming(site: Site, task: str, last: str | None = None) -> AsyncIterator[Stream]:
    headers = {"Authorization": f"Bearer {site.token}"} | ({"Last-Event-ID": last} if last else {})
    async with site.session.get(f"{site.url}/images/tasks/{task}/stream", headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        yield Stream(response.content)


async def test_a_listener_hears_the_place_then_progress_then_the_end(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    async with streaming(site, task) as stream:
        waiting = await stream.next()
        assert waiting is not None
        assert (waiting.data["status"], waiting.data["position"]) == ("pending", 1)
        for sequence, percent in ((1, 60), (2, 66), (3, 72)):
            await workshop.progress(UUID(task), percent, sequence)
            event = await stream.next()
            assert event is not None
            assert (event.id, event.data["progress"], event.data["status"]) == (str(sequence), percent, "running")
        picture = (await workshop.finish(UUID(task)))[0]
        (end,) = await stream.rest()
    assert end.name == "completed"
    assert [one["download_url"] for one in end.data["images"]] == [f"/images/{picture.id}/download"]
    assert "image_data" not in end.data["images"][0]


async def test_the_place_moves_with_the_queue(site: Site) -> None:
    first, second = await site.generate("first"), await site.generate("second")
    async with streaming(site, second) as stream:
        places = [await stream.next()]
        await site.rest("DELETE", f"/images/tasks/{first}")
        places.append(await stream.next())
    assert [one and (one.data["position"], one.data["message"]) for one in places] == [
        (2, "2nd in line"),
        (1, "next in line"),
    ]


async def test_a_preview_is_sent_once_for_as_long_as_it_is_the_newest(site: Site, workshop: Workshop) -> None:
    task, jpeg = await site.generate(), drawn("JPEG")
    async with streaming(site, task) as stream:
        await stream.next()
        previews = []
        for sequence, index in ((1, 1), (2, 1), (3, 2)):
            await workshop.progress(UUID(task), 60 + sequence, sequence, preview=jpeg, preview_index=index)
            event = await stream.next()
            assert event is not None
            previews.append("preview" in event.data)
    assert previews == [True, False, True]


async def test_a_listener_that_comes_back_hears_only_what_is_newer(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    await workshop.progress(UUID(task), 70, sequence=5)
    async with streaming(site, task, last="5") as stream:
        await until(lambda: len(workshop.signals.watches[UUID(task)]) == 1)
        await workshop.progress(UUID(task), 75, sequence=6)
        event = await stream.next()
    assert event is not None
    assert event.id == "6"


async def test_a_listener_that_missed_progress_hears_the_latest_at_once(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    await workshop.progress(UUID(task), 70, sequence=5)
    async with streaming(site, task, last="3") as stream:
        event = await stream.next()
    assert event is not None
    assert (event.id, event.data["progress"]) == ("5", 70)


async def test_the_end_is_told_however_late_one_comes(site: Site, workshop: Workshop) -> None:
    for fault, last in ((Fault.MODERATED, None), (Fault.QUOTA, "900"), (Fault.TIMEOUT, "nonsense")):
        task = await site.generate()
        await workshop.fail(UUID(task), fault)
        async with streaming(site, task, last) as stream:
            events = await stream.rest()
        assert [(event.name, event.data["error"]["code"]) for event in events] == [("failed", fault)]


async def test_a_cancelled_task_ends_the_stream(site: Site) -> None:
    task = await site.generate()
    async with streaming(site, task) as stream:
        await stream.next()
        await site.rest("DELETE", f"/images/tasks/{task}")
        events = await stream.rest()
    assert [event.name for event in events] == ["cancelled"]


async def test_a_task_that_went_back_to_the_queue_is_followed_further(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    async with streaming(site, task) as stream:
        await stream.next()
        await workshop.progress(UUID(task), 65, sequence=1)
        await stream.next()
        await workshop.hand_back(UUID(task))
        await workshop.progress(UUID(task), 61, sequence=2)
        await workshop.finish(UUID(task))
        names = [event.name for event in await stream.rest()]
    assert names[-1] == "completed"


async def test_a_listener_that_left_is_forgotten(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    async with streaming(site, task) as stream:
        await stream.next()
        assert len(workshop.signals.watches[UUID(task)]) == 1
    await until(lambda: not workshop.signals.watches[UUID(task)])
    assert workshop.signals.watches[UUID(task)] == []


async def test_stopping_the_server_ends_open_streams_at_once() -> None:
    workshop = Workshop()
    loop = asyncio.get_running_loop()
    async with serving(workshop) as site:
        task = await site.generate()
        response = await site.session.get(
            f"{site.url}/images/tasks/{task}/stream", headers={"Authorization": f"Bearer {site.token}"}
        )
        await until(lambda: len(workshop.signals.watches[UUID(task)]) == 1)
        begun = loop.time()
    assert loop.time() - begun < 2
    assert workshop.signals.watches[UUID(task)] == []
    response.close()
