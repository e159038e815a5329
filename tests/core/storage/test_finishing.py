"""Pictures travel into the database while they are looked at; what is no picture, or comes too late, leaves nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import Fault, ProviderError
from core.generation import Generation, Status
from core.ports import Outcome, StoredImage
from tests.core.material import made, outcome, request, terms
from tests.core.stores import Stores

LEASE = timedelta(seconds=30)


async def _claimed(stores: Stores) -> Generation:
    await stores.requests.accept(request(), terms(None))
    running = await stores.work.claim("w", LEASE)
    assert running is not None
    return running


def _looked_at(given: Outcome, checked: Awaitable[Sequence[StoredImage]]) -> Outcome:
    return replace(given, checked=checked)


async def test_what_turns_out_to_be_no_picture_leaves_nothing_behind(stores: Stores) -> None:
    running = await _claimed(stores)

    async def checked() -> Sequence[StoredImage]:
        raise ProviderError(Fault.BAD_IMAGE)

    with pytest.raises(ProviderError):
        await stores.work.finish(running, "w", _looked_at(outcome(), checked()))
    assert await stores.images.pictures(running.id) == []
    found = await stores.requests.generation(running.id)
    assert found is not None
    assert found.status is Status.RUNNING


async def test_a_request_cancelled_while_its_pictures_are_looked_at_keeps_none_of_them(stores: Stores) -> None:
    running = await _claimed(stores)
    given = outcome()

    async def checked() -> Sequence[StoredImage]:
        await stores.work.hand_back(running, "w", None)
        await stores.requests.cancel(running.id)
        return await given.checked

    assert not await stores.work.finish(running, "w", _looked_at(given, checked()))
    assert await stores.images.pictures(running.id) == []
    found = await stores.requests.generation(running.id)
    assert found is not None
    assert found.status is Status.CANCELLED


async def test_nobody_begins_anew_while_pictures_are_on_their_way_into_the_database(stores: Stores) -> None:
    running = await _claimed(stores)
    given = outcome()

    async def checked() -> Sequence[StoredImage]:
        await stores.work.hand_back(running, "w", None)
        assert await stores.work.claim("other", LEASE) is None
        return await given.checked

    assert await stores.work.finish(running, "w", _looked_at(given, checked()))
    assert len(await stores.images.pictures(running.id)) == 1


async def test_nothing_is_seen_before_every_picture_was_looked_at(stores: Stores) -> None:
    running = await _claimed(stores)
    given = outcome(made(0), made(1))
    seen_meanwhile = []

    async def checked() -> Sequence[StoredImage]:
        seen_meanwhile.append(await stores.images.pictures(running.id))
        return await given.checked

    assert await stores.work.finish(running, "w", _looked_at(given, checked()))
    assert seen_meanwhile == [[]]
    pictures = await stores.images.pictures(running.id)
    assert [(one.position, one.width, one.media_type) for one in pictures] == [
        (0, 64, "image/png"),
        (1, 64, "image/png"),
    ]
