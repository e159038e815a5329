"""Who did something in Slack and where, read from its payloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from bot.slack.place import Place

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One act of one person: a command, a message, a press, a shortcut."""

    team: str
    user: str
    name: str
    channel: str
    thread: str = ""
    trigger: str = ""
    respond: str = ""
    pressed: str = ""
    """The timestamp of the message whose button was pressed, where all see it; empty for one that only they see."""
    act: str
    """Unique to this act within the workspace."""

    def place(self) -> Place:
        return Place(channel=self.channel, user=self.user, thread=self.thread, respond=self.respond)

    @classmethod
    def of_command(cls, command: Json) -> Self:
        return cls(
            team=command["team_id"],
            user=command["user_id"],
            name=command.get("user_name") or "",
            channel=command["channel_id"],
            trigger=command["trigger_id"],
            respond=command["response_url"],
            act=command["trigger_id"],
        )

    @classmethod
    def of_message(cls, team: str, event: Json, thread: str) -> Self:
        """`ts` names the message, however often and in whichever guise Slack tells of it."""
        profile = event.get("user_profile") or {}
        return cls(
            team=team,
            user=event["user"],
            name=profile.get("display_name") or profile.get("real_name") or "",
            channel=event["channel"],
            thread=thread,
            act=f"{event['channel']}:{event['ts']}",
        )

    @classmethod
    def of_click(cls, body: Json) -> Self:
        """A press on a button of a message, or a message's shortcut."""
        container, message = body.get("container") or {}, body.get("message") or {}
        user = body["user"]
        actions = body.get("actions") or [{}]
        return cls(
            team=team_of(body),
            user=user["id"],
            name=user.get("username") or user.get("name") or "",
            channel=(body.get("channel") or {}).get("id") or container.get("channel_id") or "",
            thread=message.get("thread_ts") or container.get("thread_ts") or "",
            trigger=body["trigger_id"],
            respond=body.get("response_url") or "",
            pressed="" if container.get("is_ephemeral") else message.get("ts") or "",
            act=f"{user['id']}:{actions[0].get('action_ts') or body.get('action_ts') or body['trigger_id']}",
        )


def team_of(body: Json) -> str:
    """The workspace; in a grid's org-wide installation the person's own."""
    return (body.get("team") or {}).get("id") or body["user"].get("team_id") or ""
