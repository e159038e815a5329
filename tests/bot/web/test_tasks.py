"""How a task stands over REST, and stopping it."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from core.errors import Fault, Outage
from core.generation import Generation, Status
from tests.bot.web.site import Site, serving
from tests.fakes.ports import MemoryRequests
from tests.fakes.records import COST_MICRO
from tests.fakes.workshop import Workshop


async def test_a_waiting_task_tells_its_place(site: Site, workshop: Workshop) -> None:
    workshop.store.seconds = 14.2
    await site.generate("first")
    status = (await site.rest("GET", f"/images/tasks/{await site.generate('second')}/status")).json()
    assert (status["status"], status["stage"], status["progress"]) == ("pending", "queued", 10)
    assert (status["position"], status["eta_seconds"]) == (2, 28)  # its own turn, after one round
    assert "2nd in line" in status["message"]


async def test_a_running_task_tells_its_latest_progress(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    await workshop.progress(UUID(task), percent=71, sequence=4, eta_seconds=8)
    status = (await site.rest("GET", f"/images/tasks/{task}/status")).json()
    assert (status["status"], status["stage"], status["progress"]) == ("running", "generating", 71)
    assert (status["position"], status["eta_seconds"]) == (0, 8)
    assert "image_data" not in status


async def test_a_completed_task_carries_the_picture_and_its_price(site: Site, workshop: Workshop) -> None:
    task = await site.generate("a fox")
    picture = (await workshop.finish(UUID(task), revised_prompt="a red fox"))[0]
    status = (await site.rest("GET", f"/images/tasks/{task}/status")).json()
    image = status["image_data"]
    assert (status["status"], status["progress"]) == ("completed", 100)
    assert b64decode(image["image_data"]) == workshop.images.files[picture.id]
    assert (image["original_prompt"], image["revised_prompt"]) == ("a fox", "a red fox")
    assert (image["size"], image["cost_micro_usd"]) == ("1024x1024", COST_MICRO)
    assert image["generation_cost"] == pytest.approx(0.01317)
    assert "images" not in status


async def test_several_pictures_come_in_their_order(site: Site, workshop: Workshop) -> None:
    task = await site.generate(count=3)
    pictures = await workshop.finish(UUID(task))
    status = (await site.rest("GET", f"/images/tasks/{task}/status")).json()
    assert [one["id"] for one in status["images"]] == [str(one.id) for one in pictures]
    assert status["image_data"] == status["images"][0]


@pytest.mark.parametrize("fault", list(Fault))
async def test_each_failure_has_its_code_a_sentence_and_a_next_step(
    site: Site, workshop: Workshop, fault: Fault
) -> None:
    task = await site.generate()
    await workshop.fail(UUID(task), fault)
    status = (await site.rest("GET", f"/images/tasks/{task}/status")).json()
    assert status["status"] == "failed"
    assert status["error"]["code"] == fault
    assert status["error"]["message"]
    assert status["error"]["next_step"]


async def test_a_waiting_task_is_cancelled_at_once_and_only_once(site: Site) -> None:
    task = await site.generate()
    first = await site.rest("DELETE", f"/images/tasks/{task}")
    assert (first.status, first.json()["status"]) == (200, "cancelled")
    second = await site.rest("DELETE", f"/images/tasks/{task}")
    assert second.status == 409
    assert second.json()["error"]["code"] == "already_over"


async def test_a_running_task_is_told_to_stop(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    await workshop.progress(UUID(task), percent=61, sequence=1)
    answer = (await site.rest("DELETE", f"/images/tasks/{task}")).json()
    assert (answer["status"], answer["cancelling"]) == ("running", True)
    assert workshop.signals.cancels == [UUID(task)]


async def test_a_finished_task_stays_finished(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    await workshop.finish(UUID(task))
    assert (await site.rest("DELETE", f"/images/tasks/{task}")).status == 409
    assert workshop.store.generations[UUID(task)].status is Status.FINISHED


async def test_a_strangers_task_looks_like_one_that_never_was(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    eve = await site.as_user("eve")
    for method, end in (("GET", "/status"), ("GET", "/stream"), ("DELETE", "")):
        theirs = await eve.rest(method, f"/images/tasks/{task}{end}")
        unknown = await eve.rest(method, f"/images/tasks/{uuid4()}{end}")
        malformed = await eve.rest(method, f"/images/tasks/1%27--{end}")
        assert theirs.status == unknown.status == malformed.status == 404
        assert theirs.body == unknown.body == malformed.body
    assert workshop.store.generations[UUID(task)].status is Status.QUEUED


@dataclass(slots=True)
class AwayRequests(MemoryRequests):
    """A database that does not answer."""

    async def generation(self, generation_id: UUID) -> Generation | None:
        raise Outage("connection refused at 10.0.0.7:5432", retry_after=6.2)


@dataclass(slots=True)
class BrokenRequests(MemoryRequests):
    """A database adapter with a mistake in it."""

    async def generation(self, generation_id: UUID) -> Generation | None:
        raise ZeroDivisionError("the secret inside")


async def test_an_outage_says_when_to_come_back_and_nothing_of_the_inside() -> None:
    async with serving(Workshop(AwayRequests())) as site:
        answer = await site.rest("GET", f"/images/tasks/{uuid4()}/status")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "7")
    assert "10.0.0.7" not in answer.text


async def test_a_fault_of_ours_is_a_plain_sentence_with_a_number_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(Workshop(BrokenRequests())) as site:
        answer = await site.rest("GET", f"/images/tasks/{uuid4()}/status")
    assert answer.status == 500
    assert "secret" not in answer.text
    incidents = [record.__dict__["incident"] for record in caplog.records if record.message == "request_failed"]
    assert len(incidents) == 1
    assert incidents[0] in answer.json()["error"]["next_step"]
