"""Use case: who acts for whom; tokens with which programs act for a user."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from core.generation import Requester
from core.ports import AccountStore

TOKEN_PREFIX = "limner_"  # noqa: S105  a mark that tells our tokens from others, no secret


@dataclass(frozen=True, slots=True)
class Accounts:
    """Tokens are shown once and stored only as their SHA-256."""

    store: AccountStore

    async def new_token(self, name: str, *, admin: bool = False) -> str:
        """A new token of 256 random bits for the web user called `name`; an admin's speaks for the operator."""
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        await self.store.add_token(Requester("web", name, name), _digest(token), admin=admin)
        return token

    async def revoke_tokens(self, name: str) -> int:
        """All tokens of the web user called `name` stop working; returns how many there were."""
        return await self.store.revoke_tokens(Requester("web", name, name))

    async def user_id(self, requester: Requester) -> UUID:
        """Made at first sight."""
        return await self.store.user_id(requester)

    async def keep_token(self, name: str, token: str) -> None:
        """Registers a token that the operator already has; harmless if it is known."""
        await self.store.add_token(Requester("web", name, name), _digest(token))

    async def by_token(self, token: str) -> Requester | None:
        """None for an unknown or revoked token. Hashing first makes the look-up blind to how near a guess was."""
        return await self.store.requester_for_token(_digest(token)) if _plausible(token) else None

    def mark(self, token: str) -> str:
        """What a session keeps of the token it was begun with: nobody gets the token back out of it."""
        return _digest(token).hex()

    async def by_mark(self, mark: str) -> Requester | None:
        """None once the token is revoked, and with it every session that was begun with it."""
        try:
            return await self.store.requester_for_token(bytes.fromhex(mark))
        except ValueError:
            return None

    async def is_admin(self, token: str) -> bool:
        """Whether the token's bearer speaks for the operator."""
        return _plausible(token) and await self.store.is_admin_token(_digest(token))


def _plausible(token: str) -> bool:
    return token.startswith(TOKEN_PREFIX) and len(token) <= 200 and token.isascii()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
