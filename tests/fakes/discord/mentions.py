"""Whom a message pings: the mentions in its text, as far as ``allowed_mentions`` lets them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .jsontypes import Json
from .state import State
from .stored import DISPLAY, Message, walk
from .world import User


def resolve(state: State, message: Message, allowed: Json | None) -> None:
    """Sets the message's ``mentions`` and ``mention_everyone``; without ``allowed`` everything pings."""
    text = "\n".join(_pinging(message))
    kinds = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    listed = {int(user_id) for user_id in (allowed or {}).get("users") or ()}
    found = [state.users[int(i)] for i in dict.fromkeys(re.findall(r"<@!?(\d+)>", text)) if int(i) in state.users]
    message.mentions = [user for user in found if "users" in kinds or user.id in listed]
    message.mention_everyone = "everyone" in kinds and bool(re.search(r"@(everyone|here)\b", text))


def add_replied(state: State, message: Message, replied: User, allowed: Json | None) -> None:
    """A reply pings the author it replies to unless ``replied_user`` forbids it."""
    pings = allowed is None or bool(allowed.get("replied_user"))
    if pings and replied.id in state.users and replied not in message.mentions:
        message.mentions.append(replied)


def _pinging(message: Message) -> Iterator[str]:
    """Content and text displays ping; embeds do not."""
    yield message.content
    for component in walk(message.components):
        if component.get("type") == DISPLAY:
            yield str(component.get("content", ""))
