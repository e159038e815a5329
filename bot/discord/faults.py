"""What discord.py raises, turned into the project's own errors in this one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from core.errors import LimnerError, Outage, Undeliverable

ALREADY_ANSWERED = 40060
UNKNOWN_INTERACTION = 10062
INVALID_TOKEN = 50027
UNKNOWN_WEBHOOK = 10015
TOO_MANY_OLD_EDITS = 30046
TOO_LARGE = 40005
UNKNOWN_CHANNEL = 10003
UNKNOWN_GUILD = 10004
NOT_THE_AUTHOR = 50005
ARCHIVED = 50083
"""A thread: its messages cannot be edited, while a new one opens it again."""

_OLD_EDITS_PAUSE = 60.0
"""Seconds. Discord does not say how long edits of a message older than an hour are to rest."""


class TooLarge(LimnerError):
    """Discord found the files too large."""


class MessageGone(Undeliverable):
    """Discord does not let this message be edited any more, or it was deleted."""


class MessageFrozen(MessageGone):
    """Discord lets this message stand as it is."""


class PlaceShut(Undeliverable):
    """Discord does not let the bot post in this place."""


class OldEdits(Outage):
    """Discord lets this old message rest."""


class TokenDead(LimnerError):
    """The interaction's token does not work any more."""


def answered_elsewhere(error: BaseException) -> bool:
    """Another process was faster, or the three seconds are over: either way there is nothing left to do here."""
    return isinstance(error, discord.HTTPException) and error.code in (ALREADY_ANSWERED, UNKNOWN_INTERACTION)


@contextmanager
def translated(*, by_token: bool) -> Iterator[None]:
    """Raises Outage, Undeliverable (if it is known why: MessageGone, PlaceShut), TooLarge or (`by_token`) TokenDead."""
    try:
        yield
    except discord.RateLimited as error:
        raise Outage("Discord asks us to wait.", error.retry_after) from error
    except discord.HTTPException as error:
        raise _ours(error, by_token=by_token) from error
    except (aiohttp.ClientError, OSError, TimeoutError, RuntimeError) as error:
        # RuntimeError is aiohttp's word for a session that was closed under a request, as at shutdown.
        raise Outage("Discord cannot be reached.") from error


def _ours(error: discord.HTTPException, *, by_token: bool) -> LimnerError:
    if error.code == TOO_MANY_OLD_EDITS:
        return OldEdits(None, retry_after(error) or _OLD_EDITS_PAUSE)
    if error.status == 429:
        return Outage("Discord asks us to wait.", retry_after(error))
    if error.status >= 500:
        return Outage(f"Discord answered with {error.status}.", retry_after(error))
    if error.status == 413 or error.code == TOO_LARGE:
        return TooLarge()
    if by_token and (error.status in (401, 403, 404) or error.code in (INVALID_TOKEN, UNKNOWN_WEBHOOK)):
        return TokenDead()
    why = f"Discord refused the message ({error.status}, {error.code})."
    if error.status == 401:  # the bot's own token, which an operator has just changed: nothing is wrong with the place
        return Outage(why)
    if error.code in (NOT_THE_AUTHOR, ARCHIVED):
        return MessageFrozen(why)
    if error.status == 403 or error.code in (UNKNOWN_CHANNEL, UNKNOWN_GUILD):
        return PlaceShut(why)
    return MessageGone(why) if error.status == 404 else Undeliverable(why)


def retry_after(error: discord.HTTPException) -> float | None:
    """Seconds, where Discord named them."""
    try:
        return float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
