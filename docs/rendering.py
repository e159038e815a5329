"""Messages as the fakes keep them, turned into the lines that a reader has before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from docs import stand_ins
from docs.limits_book import Shown
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage

Json = dict[str, Any]
PRIVATE = "only you see this"
SMALL = "· "
"""Before each line of small print."""
NOTHING = "\u200b"


def discord_names(fake: FakeDiscord) -> dict[str, str]:
    """Mentions by what clients show for them."""
    names = {f"@{user.id}": f"@{user.name.title()}" for user in fake.state.users.values()}
    names |= {f"#{channel.id}": f"#{channel.name}" for channel in fake.state.channels.values()}
    return names | {f"@&{role.id}": f"@{role.name}" for role in fake.guild.roles.values()}


def on_discord(fake: FakeDiscord, message: DiscordMessage, note: str = "", state: int = -1) -> Shown:
    view = message.states[state]
    seen = datetime.fromtimestamp(view.at, UTC)
    lines = [*_discord_lines(view.json, seen, discord_names(fake))]
    return Shown(lines, " · ".join(filter(None, [note, PRIVATE if message.ephemeral else ""])))


def _discord_lines(body: Json, seen: datetime, names: Mapping[str, str]) -> Iterator[str]:
    def read(text: str) -> list[str]:
        return [_discord_text(line, seen, names) for line in text.replace(NOTHING, "").split("\n") if line]

    yield from read(body["content"])
    for file in body["attachments"]:
        yield f"[picture: {file.get('description') or file['filename']}]"
    for embed in body["embeds"]:
        yield from read(embed.get("author", {}).get("name", ""))
        yield from read(embed.get("title", ""))
        yield from read(embed.get("description", ""))
        beside: list[str] = []
        for field in embed.get("fields", ()):
            name, value = read(field["name"]), read(field["value"])
            if field["inline"]:
                beside.append(f"{' '.join(name)}: {' '.join(value)}")
                continue
            yield from _row(beside)
            yield from name
            yield from value
        yield from _row(beside)
        if "image" in embed:
            yield "[picture]"
        yield from (SMALL + line for line in read(embed.get("footer", {}).get("text", "")))
    for row in body["components"]:
        yield " ".join(f"[{button['label']}]" for button in row["components"])


def _row(beside: list[str]) -> Iterator[str]:
    """The fields that stand side by side, which are then told."""
    if beside:
        yield "   ".join(beside)
        beside.clear()


def _discord_text(line: str, seen: datetime, names: Mapping[str, str]) -> str:
    line = re.sub(r"<t:(\d+):R>", lambda found: stand_ins.relative(_at(found[1]), seen), line)
    line = re.sub(r"<([@#]&?\d+)>", lambda found: names[found[1]], line)
    line = re.sub(r"(?<!\\)(\*\*|`)", "", line)
    return stand_ins.text(re.sub(r"\\(.)", r"\1", line), seen)


def on_slack(fake: FakeSlack, message: SlackMessage, note: str = "", state: int = -1) -> Shown:
    shown = message.states[state]
    seen = datetime.fromtimestamp(shown.at, UTC)
    names = {f"@{one.id}": f"@{one.name}" for one in fake.workspace.users.values()}
    names |= {f"#{one.id}": f"#{one.name}" for one in fake.workspace.channels.values()}
    blocks = shown.blocks or [{"type": "section", "text": {"type": "mrkdwn", "text": shown.text}}]
    lines = [line for block in blocks for line in _slack_lines(block, seen, names)]
    return Shown(lines, " · ".join(filter(None, [note, PRIVATE if message.ephemeral_to else ""])))


def _slack_lines(block: Json, seen: datetime, names: Mapping[str, str]) -> Iterator[str]:
    def read(text: Json) -> list[str]:
        if text["type"] == "plain_text":
            return [stand_ins.text(line, seen) for line in text["text"].split("\n")]
        return [_slack_text(line, seen, names) for line in text["text"].split("\n")]

    match block["type"]:
        case "header":
            yield from read(block["text"])
        case "section":
            lines = read(block["text"])
            accessory = [f"[{block['accessory']['text']['text']}]"] if "accessory" in block else []
            yield from lines[:-1]
            yield "  ".join([lines[-1], *accessory])
        case "context":
            yield from (SMALL + line for element in block["elements"] for line in read(element))
        case "actions":
            yield " ".join(f"[{button['text']['text']}]" for button in block["elements"])
        case "image":
            yield f"[picture: {block['alt_text']}]"
        case "divider":
            yield "─" * 20
        case kind:
            raise AssertionError(f"no reader of these pages knows the block {kind}")


def _slack_text(line: str, seen: datetime, names: Mapping[str, str]) -> str:
    def moment(found: re.Match[str]) -> str:
        return stand_ins.clock(found[2], _at(found[1]), seen)

    line = re.sub(r"<!date\^(\d+)\^([^|>]*)\|[^>]*>", moment, line)
    line = re.sub(r"<([@#]\w+)(?:\|[^>]*)?>", lambda found: names[found[1]], line)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        line = line.replace(entity, sign)
    return stand_ins.text(line, seen)


def _at(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)
