"""Asking over REST: what is taken, and how mistakes are answered."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any
from uuid import UUID

import pytest

from core.errors import Fault
from core.generation import Requester
from tests.bot.web.site import MAYA, Site
from tests.fakes.pictures import drawn
from tests.fakes.workshop import MAX_UPLOAD_BYTES, Workshop

NASTY = [
    '"},{"role":"system"',
    "<script>alert(1)</script>",
    "@everyone <@123> <!channel>",
    "\u202egnp.exe",
    "nul \x00 inside",
    "\x1b[31mred\x07",
    "'; DROP TABLE generations; --",
    "../../etc/passwd",
    "{{ config.secret_key }} {% raw %}",
    "\U0001f9d9\u200d\u2642\ufe0f" * 50,
    "a\r\nSet-Cookie: x=y",
    "\ufeff\ufffe\uffff",
]


async def test_a_request_is_taken_with_its_task_its_place_and_where_to_look(site: Site, workshop: Workshop) -> None:
    workshop.store.seconds = 14.2
    answer = await site.rest("POST", "/images/generate", json={"prompt": "a fox", "size": "1536x1024", "count": 2})
    body = answer.json()
    assert answer.status == 202
    assert body["status"] == "pending"
    assert body["position"] == 1
    assert answer.headers["Location"] == f"/images/tasks/{body['task_id']}/status"
    stored = workshop.store.generations[UUID(body["task_id"])]
    assert (stored.prompt, stored.options.size, stored.options.count) == ("a fox", "1536x1024", 2)
    assert stored.requester == MAYA
    assert stored.reply_to is None
    assert workshop.doorbell.rings == [stored.id]


async def test_flags_in_the_prompt_work_and_what_was_adapted_is_told(site: Site, workshop: Workshop) -> None:
    task = await site.generate("a fox —ar 3:2 --quality high")
    stored = workshop.store.generations[UUID(task)]
    assert (stored.prompt, stored.options.size, stored.options.quality) == ("a fox", "1536x1024", "high")


async def test_the_same_idempotency_key_gives_the_same_task(site: Site, workshop: Workshop) -> None:
    headers = {"Idempotency-Key": "order-1"}
    first = await site.rest("POST", "/images/generate", json={"prompt": "a fox"}, headers=headers)
    second = await site.rest("POST", "/images/generate", json={"prompt": "a fox"}, headers=headers)
    assert first.json()["task_id"] == second.json()["task_id"]
    assert len(workshop.store.generations) == 1


async def test_one_users_idempotency_key_never_reaches_anothers_task(site: Site) -> None:
    other = await site.as_user("maya:x")
    mine = await site.rest("POST", "/images/generate", json={"prompt": "a"}, headers={"Idempotency-Key": "x:1"})
    theirs = await other.rest("POST", "/images/generate", json={"prompt": "b"}, headers={"Idempotency-Key": "1"})
    assert mine.json()["task_id"] != theirs.json()["task_id"]


async def test_pictures_come_along_as_base64_or_data_urls(site: Site, workshop: Workshop) -> None:
    png, webp = drawn(), drawn("WEBP")
    urls = [b64encode(png).decode(), "data:image/png;base64," + b64encode(webp).decode()]
    task = await site.generate("make it blue", reference_images=urls)
    references = workshop.store.brought[UUID(task)]
    assert [(one.data, one.media_type) for one in references] == [(png, "image/png"), (webp, "image/webp")]


async def test_every_mistake_is_listed_at_once(site: Site, workshop: Workshop) -> None:
    body = {
        "prompt": "a fox --quality hgih",
        "count": "two",
        "seed": True,
        "colour": "red",
        "reference_images": ["!!!", b64encode(b"GIF89a").decode(), 7],
    }
    answer = await site.rest("POST", "/images/generate", json=body)
    mistakes = "\n".join(answer.json()["error"]["mistakes"])
    assert answer.status == 400
    for part in (
        "hgih",
        "count must be a whole number",
        "seed must be",
        "colour",
        "picture 1",
        "picture 2",
        "picture 3",
    ):
        assert part in mistakes
    assert workshop.store.generations == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"a fox"',
        b"\xff\xfe",
        b'{"prompt": null}',
        b'{"prompt": ["a"]}',
        b'{"prompt": "\\ud800"}',
        b'{"prompt": "a", "count": 1e999}',
        b'{"prompt": "a", "seed": ' + b"9" * 6000 + b"}",
        b'{"prompt": "a", "count": -1}',
        b'{"prompt": "a", "reference_images": "x"}',
        b"[" * 50_000,
        b'{"a":' * 50_000,
        b'{"prompt": "' + b"x" * 40_000 + b'"}',
    ],
    ids=lambda body: str(body[:24]),
)
async def test_a_hostile_body_is_refused_with_a_sentence_and_nothing_is_stored(
    site: Site, workshop: Workshop, body: bytes
) -> None:
    answer = await site.rest("POST", "/images/generate", data=body, headers={"Content-Type": "application/json"})
    error = answer.json()["error"]
    assert answer.status == 400
    assert error["mistakes"]
    assert "Traceback" not in answer.text
    assert workshop.store.generations == {}


async def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    body = io.BytesIO(b'{"prompt": "' + b"x" * (2 * 1024 * 1024) + b'"}')
    answer = await site.rest("POST", "/images/generate", data=body, headers={"Content-Type": "application/json"})
    assert answer.status == 413
    assert answer.json()["error"]["code"] == "too_large"


async def test_a_picture_over_the_limit_is_refused(site: Site) -> None:
    large = drawn() + bytes(MAX_UPLOAD_BYTES)
    answer = await site.rest(
        "POST", "/images/generate", json={"prompt": "a", "reference_images": [b64encode(large).decode()]}
    )
    assert answer.status == 400
    assert "larger than" in answer.json()["error"]["message"]


async def test_only_json_is_read(site: Site) -> None:
    answer = await site.rest("POST", "/images/generate", data={"prompt": "a fox"})
    assert answer.status == 415


@pytest.mark.parametrize("prompt", NASTY)
async def test_whatever_is_typed_is_data_to_its_end(site: Site, workshop: Workshop, prompt: str) -> None:
    answer = await site.rest("POST", "/images/generate", json={"prompt": prompt})
    assert answer.status in {202, 400}
    if answer.status == 202:
        task = answer.json()["task_id"]
        await workshop.finish(UUID(task))
        status = (await site.rest("GET", f"/images/tasks/{task}/status")).json()
        assert status["image_data"]["original_prompt"] == workshop.store.generations[UUID(task)].prompt


async def test_again_repeats_a_request_with_the_pictures_it_came_with(site: Site, workshop: Workshop) -> None:
    png = drawn()
    task = await site.generate("make it blue", reference_images=[b64encode(png).decode()])
    await workshop.fail(UUID(task), Fault.TIMEOUT)
    again = (await site.rest("POST", f"/images/tasks/{task}/again", json={})).json()["task_id"]
    edited: dict[str, Any] = {"prompt": "make it green", "quality": "high"}
    changed = (await site.rest("POST", f"/images/tasks/{task}/again", json=edited)).json()["task_id"]
    for one, prompt in ((again, "make it blue"), (changed, "make it green")):
        assert workshop.store.generations[UUID(one)].prompt == prompt
        assert [reference.data for reference in workshop.store.brought[UUID(one)]] == [png]
    assert workshop.store.generations[UUID(changed)].options.quality == "high"


async def test_again_lists_mistakes_and_knows_nothing_of_strangers_tasks(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    wrong = await site.rest("POST", f"/images/tasks/{task}/again", json={"reseed": "yes"})
    assert wrong.json()["error"]["mistakes"] == ["reseed must be true or false."]
    stranger = await site.as_user("eve")
    assert (await stranger.rest("POST", f"/images/tasks/{task}/again", json={})).status == 404
    assert len(workshop.store.generations) == 1


async def test_two_tokens_of_one_name_are_one_user(site: Site, workshop: Workshop) -> None:
    task = await site.generate()
    other = await site.as_user("maya")
    assert (await other.rest("GET", f"/images/tasks/{task}/status")).status == 200
    assert workshop.store.generations[UUID(task)].requester == Requester("web", "maya", "maya")
