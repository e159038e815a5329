"""What the database holds, read past all of the product's code."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import asyncpg

PICTURES = """
    SELECT i.image_data, i.thumbnail_data, i.prompt_text, i.metadata, i.user_id, i.created_at, g.status,
           m.original_prompt, m.revised_prompt, m.generation_time_ms
      FROM generated_images i
      JOIN image_metadata m ON m.image_id = i.id
      JOIN generations g ON g.id = i.generation_id
     WHERE $1::text IS NULL OR i.prompt_text = $1
     ORDER BY i.created_at, i.position
"""

STANDING = "SELECT status, fault, cost_micro, attempts FROM generations WHERE prompt = $1"


@dataclass(frozen=True, slots=True)
class Kept:
    """One stored picture."""

    data: bytes = field(repr=False)
    prompt: str
    status: str
    row: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Archive:
    """Reads one test's database."""

    url: str

    async def pictures(self, prompt: str | None = None) -> list[Kept]:
        """Those of one prompt, or all."""
        rows = await self.rows(PICTURES, prompt)
        return [
            Kept(base64.b64decode(row["image_data"], validate=True), row["prompt_text"], row["status"], row)
            for row in rows
        ]

    async def rows(self, query: str, *arguments: object) -> list[Any]:
        connection = await asyncpg.connect(self.url)
        try:
            return list(await connection.fetch(query, *arguments))
        finally:
            await connection.close()

    async def count(self, table: str) -> int:
        return int((await self.rows(f"SELECT count(*) FROM {table}"))[0][0])  # noqa: S608  a name of the test's own
