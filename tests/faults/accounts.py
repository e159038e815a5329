"""The count at the end of a fault: what was accepted, what became of it, who saw it and who pays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from core.storage.accounting import PostgresLedger
from core.storage.database import Database
from tests.eventually import until
from tests.fakes.slack.payloads import interactive_elements
from tests.faults.stage import Stage

SETTLE = 30.0
"""Seconds until everything that was accepted must have ended and been shown."""

REQUESTS = "SELECT id, status, coalesce(reply_to ->> 'platform', '') AS platform FROM generations"

LEDGER = """
    SELECT coalesce(sum(reserved_micro), 0)::bigint AS reserved, coalesce(sum(spent_micro), 0)::bigint AS spent,
           coalesce((SELECT sum(cost_micro) FROM generations WHERE status = 'finished'), 0)::bigint AS cost,
           coalesce(sum(lost_micro), 0)::bigint AS lost
      FROM ledger
"""

# An answer that came after all takes what was booked as lost back.
LOST = """
    SELECT count(*) FROM (SELECT FROM ledger GROUP BY generation_id, attempt HAVING sum(lost_micro) > 0) AS entries
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """All that ever happened on one stage."""

    accepted: int
    finished: int
    failed: int
    cancelled: int
    shown: int
    """Requests on Discord and Slack whose end can be seen in exactly one message."""
    unseen: int
    """Those whose end cannot be seen anywhere."""
    doubled: int
    """Those that more than one message was posted for."""
    calls: int
    refused: int
    """Calls that the provider answered with an error, at no cost."""
    lost: int
    reserved_micro: int
    spent_micro: int
    cost_micro: int
    lost_micro: int
    difference_micro: int

    @property
    def open(self) -> int:
        return self.accepted - self.finished - self.failed - self.cancelled

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in asdict(self).items())


async def count(stage: Stage) -> Count:
    """As it stands now."""
    rows = await stage.archive.rows(REQUESTS)
    [money] = await stage.archive.rows(LEDGER)
    [(lost,)] = await stage.archive.rows(LOST)
    how = Counter(row["status"] for row in rows)
    messages = {row["id"]: _messages(stage, row["id"]) for row in rows if row["platform"] in {"discord", "slack"}}
    return Count(
        accepted=len(rows),
        finished=how["finished"],
        failed=how["failed"],
        cancelled=how["cancelled"],
        shown=sum(sum(over) == 1 for over in messages.values()),
        unseen=sum(not any(over) for over in messages.values()),
        doubled=sum(len(over) > 1 for over in messages.values()),
        calls=len(stage.openai.calls),
        refused=sum((call.status or 0) >= 400 for call in stage.openai.calls),
        lost=lost,
        reserved_micro=money["reserved"],
        spent_micro=money["spent"],
        cost_micro=money["cost"],
        lost_micro=money["lost"],
        difference_micro=await _difference(stage),
    )


async def balanced(stage: Stage, fault: str, *, seconds: float = SETTLE, unbilled: int = 0) -> Count:
    """Waits until all has ended and was shown, prints the count and checks it.

    `unbilled` counts calls that came to nothing without an error status, such as a connection cut at once.
    """
    now = await count(stage)

    async def quiet() -> bool:
        nonlocal now
        now = await count(stage)
        return now.open == 0 and now.unseen == 0

    try:
        await until(quiet, seconds)
    except TimeoutError:
        raise AssertionError(f"{fault}: not everything ended and was shown: {now}") from None
    print(f"{fault}: {now}")  # noqa: T201  the count is what these tests are for
    assert now.doubled == 0, now
    assert now.reserved_micro == 0, now
    assert now.spent_micro == now.cost_micro, now
    assert now.difference_micro == 0, now
    assert now.calls - now.refused - unbilled == now.finished + now.lost, now
    return now


async def _difference(stage: Stage) -> int:
    database = Database(stage.postgres.url, pool_size=1)
    try:
        return (await PostgresLedger(database).balance()).difference_micro
    finally:
        await database.close()


def _messages(stage: Stage, generation_id: UUID) -> list[bool]:
    """For each message that is there for this request: whether it shows the end."""
    return [
        any(verb != "cancel" for verb in verbs)
        for verbs in (*_on_discord(stage, generation_id.hex), *_on_slack(stage, generation_id.hex))
        if verbs
    ]


def _on_discord(stage: Stage, generation_id: str) -> Iterator[list[str]]:
    for message in stage.discord.message_list:
        if not message.ephemeral and not message.deleted:
            named = [name.split(":") for name in message.custom_ids if name.startswith("limner:")]
            yield [verb for _, verb, of in named if of == generation_id]


def _on_slack(stage: Stage, generation_id: str) -> Iterator[list[str]]:
    for message in stage.slack.bot_messages():
        if not message.ephemeral_to and not message.deleted:
            buttons = [part for _, part in interactive_elements(message.blocks)]
            yield [str(part["action_id"]).split(":")[1] for part in buttons if part.get("value") == generation_id]
