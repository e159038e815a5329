"""Use case: who acts for whom; tokens with which programs act for a user."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from core.generation import Requester
from core.ports import AccountStore

TOKEN_PREFIX = "limner_"  # noqa: S105  a mark that tells our tokens from others, no secret


@dataclass(frozen=True, slots=True)
class Accounts:
    """Tokens are shown once and stored only as their SHA-256."""

    store: AccountStore

    async def new_token(self, name: str) -> str:
        """A new token of 256 random bits for the web user called `name`."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        await self.store.add_token(Requester("web", name, name), _digest(token))
        return token

    async def keep_token(self, name: str, token: str) -> None:
        """Registers a token that the operator already has; harmless if it is known."""
        await self.store.add_token(Requester("web", name, name), _digest(token))

    async def by_token(self, token: str) -> Requester | None:
        """None for an unknown or revoked token. Hashing first makes the look-up blind to how near a guess was."""
        if not token.startswith(TOKEN_PREFIX) or len(token) > 200 or not token.isascii():
            return None
        return await self.store.requester_for_token(_digest(token))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
