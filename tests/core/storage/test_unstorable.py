"""Characters that PostgreSQL cannot hold: refused in a sentence, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from core.accounts import Accounts
from core.errors import BadRequest, Outage
from core.generation import ReplyTo, Requester
from tests.core.material import request, terms
from tests.core.stores import Stores

PLACES: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "prompt": lambda bad: {"prompt": bad},
    "name": lambda bad: {"requester": Requester("discord", "1", bad)},
    "user": lambda bad: {"requester": Requester("discord", bad, "Ada")},
    "thread": lambda bad: {"thread": bad},
    "key": lambda bad: {"idempotency_key": bad},
    "address": lambda bad: {"reply_to": ReplyTo("discord", {"notes": bad})},
}


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("place", PLACES)
async def test_a_request_with_characters_that_cannot_be_stored_is_refused(stores: Stores, place: str, bad: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await stores.requests.accept(replace(request(), **PLACES[place](bad)), terms(None))
    assert refused.value.__cause__ is None
    assert "a" + bad[1:] not in str(refused.value)


@pytest.mark.parametrize("token", ["limner_\udcff", "limner_\u00e9", "limner_\0"])
async def test_a_token_of_impossible_characters_is_unknown(stores: Stores, token: str) -> None:
    assert await Accounts(stores.accounts).by_token(token) is None


async def test_a_deadlock_is_an_outage_because_trying_again_is_right(stores: Stores) -> None:
    with pytest.raises(Outage):
        async with stores.database.single() as connection:
            await connection.execute(text("DO $$ BEGIN RAISE deadlock_detected; END $$"))


async def test_an_error_of_the_database_does_not_quote_what_was_typed(stores: Stores) -> None:
    with pytest.raises(Exception, match="division by zero") as failed:
        async with stores.database.single() as connection:
            await connection.execute(text("SELECT CAST(:typed AS text), 1/0"), {"typed": "a private prompt"})
    assert "private" not in str(failed.value)
