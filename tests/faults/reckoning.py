"""What came of every act of the crowd: the rows, the messages, the provider's calls and the ledger, side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import wording
from core.catalogue import load_catalogue
from core.errors import Fault
from core.explaining import explain
from tests.fakes.openai import Call, FakeOpenAI, answers
from tests.faults.crowd import Act, Crowd, slack_messages, told_on_discord, told_on_slack
from tests.journeys import on_slack
from tests.journeys.archive import Archive

ROWS = """
    SELECT g.id, g.prompt, g.status, g.fault, g.fault_detail, g.cost_micro, g.attempts, g.cancel_requested,
           g.reserved_micro, d.state AS delivery, d.reason
      FROM generations g LEFT JOIN deliveries d ON d.generation_id = g.id
"""
LEDGER = """
    SELECT generation_id, sum(reserved_micro)::bigint AS reserved, sum(spent_micro)::bigint AS spent,
           sum(lost_micro)::bigint AS lost, count(DISTINCT attempt) FILTER (WHERE kind = 'lost') AS lost_calls,
           count(*) FILTER (WHERE kind = 'settle' AND lost_micro < 0) AS found_again
      FROM ledger GROUP BY generation_id
"""
TALLIES = """
    WITH kept AS (SELECT sum(reserved_micro) AS r, sum(spent_micro) AS s, sum(lost_micro) AS l
                    FROM tallies WHERE scope = 'installation' AND span = 'day'),
         booked AS (SELECT sum(reserved_micro) AS r, sum(spent_micro) AS s, sum(lost_micro) AS l FROM ledger)
    SELECT (abs(kept.r - booked.r) + abs(kept.s - booked.s) + abs(kept.l - booked.l))::bigint AS apart
      FROM kept, booked
"""
MODEL = "gpt-image-2.5-flare"


@dataclass(slots=True)
class Reckoning:
    """The counts at the end of a storm; money in millionths of a US dollar."""

    requests: int
    accepted: int = 0
    delivered: int = 0
    failed: int = 0
    """Explained: with their sentence."""
    cancelled: int = 0
    duplicated: int = 0
    lost: int = 0
    calls: int = 0
    charged: int = 0
    billed: int = 0
    """What the provider asks for the answers that it finished, by its own count."""
    lost_calls: int = 0
    lost_micro: int = 0
    unaccounted: int = 0
    """Calls that the provider may bill and that the ledger knows nothing of."""
    difference: int = 0
    """Of the ledger: what stays reserved, and where its sums and those of the pictures or tallies part."""
    seconds: float = 0.0
    remarks: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing twice, nothing paid in silence."""
        all_ended = self.delivered == self.accepted - self.failed - self.cancelled
        return all_ended and not (self.duplicated or self.lost or self.difference or self.unaccounted)


async def reckon(acts: Sequence[Act], crowd: Crowd, openai: FakeOpenAI, archive: Archive) -> Reckoning:
    """Counts. Nothing may be under way any more."""
    result = Reckoning(requests=len(acts), calls=len(openai.calls))
    rows = _by_prompt(await archive.rows(ROWS))
    pictures = {one.prompt: one.data for one in await archive.pictures()}
    for act in acts:
        await _judge(act, rows.get(act.prompt, []), crowd, pictures, result)
    await _account(rows, openai, archive, result)
    return result


async def _judge(act: Act, rows: Sequence[Any], crowd: Crowd, pictures: Mapping[str, bytes], result: Reckoning) -> None:
    told = act.told or _told(act, crowd)
    if not rows:
        if told:
            result.accepted += 1
            _lose(result, act, "it was taken, and there is no row")
        return
    result.accepted += 1
    row = rows[0]
    finals = await _finals(act, row, crowd, pictures)
    if len(rows) > 1 or len(finals) > 1:
        result.duplicated += 1
        result.remarks.append(f"{act.platform} {act.prompt!r}: {len(rows)} rows, {len(finals)} final messages")
    match row["status"], bool(finals):
        case "finished", True:
            result.delivered += 1
        case "failed", True:
            result.failed += 1
        case "cancelled", True if act.pressed_cancel:
            result.cancelled += 1
        case status, shown:
            _lose(result, act, f"{status}, shown: {shown}, delivery {row['delivery']} ({row['reason']})")


def _lose(result: Reckoning, act: Act, why: str) -> None:
    result.lost += 1
    result.remarks.append(f"{act.platform} {act.prompt!r} is lost: {why}")


def _told(act: Act, crowd: Crowd) -> bool:
    match act.platform:
        case "discord":
            return told_on_discord(crowd.discord, act.prompt)
        case "slack":
            return told_on_slack(crowd.slack, act.prompt)
        case "rest":
            return False


async def _finals(act: Act, row: Any, crowd: Crowd, pictures: Mapping[str, bytes]) -> list[str]:
    """Every place where the end that the row tells of is to be seen."""
    match act.platform:
        case "discord":
            return [str(words) for words in _finals_on_discord(act, row, crowd, pictures)]
        case "slack":
            return [str(words) for words in _finals_on_slack(act, row, crowd, pictures)]
        case "rest":
            return await _finals_over_rest(act, row, crowd)


def _finals_on_discord(act: Act, row: Any, crowd: Crowd, pictures: Mapping[str, bytes]) -> Iterable[int]:
    for message in crowd.discord.message_list:
        if message.deleted or message.ephemeral or act.prompt not in message.now.text:
            continue
        if row["status"] == "finished":
            if [file.data for file in message.files] == [pictures.get(act.prompt)]:
                yield message.id
        elif _sentence(row) in message.now.text:
            yield message.id


def _finals_on_slack(act: Act, row: Any, crowd: Crowd, pictures: Mapping[str, bytes]) -> Iterable[str]:
    for message in slack_messages(crowd.slack, act.prompt):
        if row["status"] == "finished":
            # A message that never got further may still show a preview that was deleted.
            if on_slack.has(message, "again"):
                shown = [file.content for file in on_slack.pictures(crowd.slack, message)]
                if shown == [pictures.get(act.prompt)]:
                    yield message.ts
        elif _sentence(row) in str(message.blocks):
            yield message.ts


async def _finals_over_rest(act: Act, row: Any, crowd: Crowd) -> list[str]:
    """A program that was never answered has nothing to ask by; its row has an end, and that is all there can be."""
    if not act.task:
        return [str(row["id"])]
    said = await crowd.standing(act)
    words = {"finished": "completed"}.get(row["status"], row["status"])
    error = said.get("error")
    told = row["status"] != "failed" or (isinstance(error, dict) and bool(error.get("message")))
    shown = row["status"] != "finished" or bool(said.get("image_data"))
    return [act.task] if said.get("status") == words and told and shown else []


def _sentence(row: Any) -> str:
    """What a message says when there is no picture."""
    if row["status"] == "cancelled":
        return wording.cancelled()
    model = load_catalogue(MODEL).find(MODEL)
    return explain(Fault(row["fault"] or Fault.INTERNAL), row["fault_detail"], model.title if model else MODEL).title


async def _account(rows: Mapping[str, Sequence[Any]], openai: FakeOpenAI, archive: Archive, result: Reckoning) -> None:
    booked = {row["generation_id"]: row for row in await archive.rows(LEDGER)}
    calls: defaultdict[str, list[Call]] = defaultdict(list)
    for call in openai.calls:
        calls[str(call.body["prompt"])].append(call)
    result.charged = sum(row["spent"] for row in booked.values())
    result.lost_micro = sum(row["lost"] for row in booked.values())
    result.lost_calls = sum(row["lost_calls"] - row["found_again"] for row in booked.values())
    result.billed = sum(billed_micro(call) for call in openai.calls)
    for prompt, of_prompt in rows.items():
        for row in of_prompt:
            entry = booked.get(row["id"])
            spent, reserved = (entry["spent"], entry["reserved"]) if entry else (0, 0)
            result.difference += abs(reserved) + abs(spent - (row["cost_micro"] or 0))
        known = sum(booked[row["id"]]["lost_calls"] - booked[row["id"]]["found_again"] for row in of_prompt)
        known += sum(row["status"] == "finished" for row in of_prompt)
        if (silent := sum(map(_may_be_billed, calls[prompt])) - known) > 0:
            result.unaccounted += silent
            seen = Counter("dropped" if call.dropped.is_set() else str(call.status) for call in calls[prompt])
            result.remarks.append(f"{prompt!r}: {silent} calls that the ledger does not know of; {dict(seen)}")
    result.difference += (await archive.rows(TALLIES))[0]["apart"] or 0


def _may_be_billed(call: Call) -> bool:
    """It was not refused, and nothing on the wire said that it failed."""
    return bool(call.pictures) or call.dropped.is_set() or call.cut


def billed_micro(call: Call) -> int:
    """By the usage that the provider counts and the catalogue's prices."""
    model = load_catalogue(MODEL).find(MODEL)
    if not call.pictures or model is None:
        return 0
    usage = answers.Wording(call).usage
    details = usage["input_tokens_details"]
    return model.cost_micro(
        text_in=details["text_tokens"], image_in=details["image_tokens"], out=usage["output_tokens"]
    )


def _by_prompt(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[str(row["prompt"])].append(row)
    return found
