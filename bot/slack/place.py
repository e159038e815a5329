"""Where in Slack a request is shown: the address that a courier finds again after a restart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from core.generation import ReplyTo, Requester

PLATFORM = "slack"


def requester(team: str, user: str, name: str) -> Requester:
    """Somebody in a workspace, as the core knows them."""
    return Requester(PLATFORM, f"{team}/{user}", name or user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A message, or the conversation where it is going to be posted."""

    channel: str
    user: str
    """Who asked."""
    thread: str = ""
    """The root message of the thread; empty for the conversation itself."""
    ts: str = ""
    """The message; empty until it was posted."""
    notes: tuple[str, ...] = ()
    """What there is to say about the options; shown with the picture."""
    files: tuple[str, ...] = ()
    """Slack's ids of the uploaded pictures, in order, once they were shown."""
    respond: str = ""
    """A response url for telling the asker, and nobody else, that nothing can be posted here. Good for half an hour."""

    def reply_to(self) -> ReplyTo:
        address = {
            "channel": self.channel,
            "user": self.user,
            "thread": self.thread,
            "ts": self.ts,
            "notes": "\n".join(self.notes),
            "files": " ".join(self.files),
            "respond": self.respond,
        }
        return ReplyTo(PLATFORM, {name: value for name, value in address.items() if value})

    @classmethod
    def read(cls, reply_to: ReplyTo) -> Self:
        """From an address as `reply_to()` made it."""
        address = reply_to.address
        return cls(
            channel=address["channel"],
            user=address.get("user", ""),
            thread=address.get("thread", ""),
            ts=address.get("ts", ""),
            notes=tuple(line for line in address.get("notes", "").split("\n") if line),
            files=tuple(address.get("files", "").split()),
            respond=address.get("respond", ""),
        )

    def conversation(self, team: str) -> str:
        """The name of the conversation that the core knows it by."""
        return "/".join(part for part in (team, self.channel, self.thread) if part)

    def directly(self, channel: str) -> Self:
        """The direct conversation with the asker instead, where nothing was posted yet."""
        return replace(self, channel=channel, thread="", ts="", respond="")

    def noting(self, notes: tuple[str, ...]) -> Self:
        return replace(self, notes=notes)
