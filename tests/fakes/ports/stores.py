"""Accounts and pictures in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from core import imaging
from core.generation import Picture, Requester


@dataclass(slots=True)
class MemoryAccounts:
    """Implements `core.ports.AccountStore`."""

    people: dict[UUID, Requester] = field(default_factory=dict)
    tokens: dict[bytes, UUID] = field(default_factory=dict)
    admins: set[bytes] = field(default_factory=set)

    async def user_id(self, requester: Requester) -> UUID:
        user_id = uuid5(NAMESPACE_URL, f"{requester.platform}:{requester.external_id}")
        self.people.setdefault(user_id, requester)
        return user_id

    async def requester(self, user_id: UUID) -> Requester | None:
        return self.people.get(user_id)

    async def add_token(self, requester: Requester, token_hash: bytes, *, admin: bool = False) -> None:
        self.tokens.setdefault(token_hash, await self.user_id(requester))
        if admin:
            self.admins.add(token_hash)

    async def revoke_tokens(self, requester: Requester) -> int:
        user_id = await self.user_id(requester)
        theirs = [token for token, owner in self.tokens.items() if owner == user_id]
        for token in theirs:
            del self.tokens[token]
        return len(theirs)

    async def is_admin_token(self, token_hash: bytes) -> bool:
        return token_hash in self.tokens and token_hash in self.admins

    async def requester_for_token(self, token_hash: bytes) -> Requester | None:
        known = self.tokens.get(token_hash)
        return None if known is None else self.people[known]


@dataclass(slots=True)
class MemoryImages:
    """Implements `core.ports.ImageStore`."""

    stored: dict[UUID, Picture] = field(default_factory=dict)
    files: dict[UUID, bytes] = field(default_factory=dict)
    thumbnails: dict[UUID, bytes] = field(default_factory=dict)

    def add(self, picture: Picture, data: bytes, thumbnail: bytes) -> None:
        self.stored[picture.id] = picture
        self.files[picture.id] = data
        self.thumbnails[picture.id] = thumbnail

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]:
        found = [one for one in self.stored.values() if one.generation_id == generation_id]
        return sorted(found, key=lambda picture: picture.position)

    async def picture(self, image_id: UUID) -> Picture | None:
        return self.stored.get(image_id)

    async def data(self, image_id: UUID) -> bytes | None:
        return self.files.get(image_id)

    async def base64(self, image_id: UUID) -> str | None:
        return imaging.encode(self.files[image_id]) if image_id in self.files else None

    async def thumbnail(self, image_id: UUID) -> bytes | None:
        return self.thumbnails.get(image_id)
