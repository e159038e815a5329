"""The tables as SQLAlchemy knows them; the migrations build the same, and a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id") -> Column[Any]:
    """A random UUID: it leaves the system, so it must not be guessed or counted."""
    return Column(name, UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))


def _ref(name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE") -> Column[Any]:
    return Column(name, UUID(as_uuid=True), ForeignKey(target, ondelete=ondelete), nullable=nullable)


def _time(name: str, *, nullable: bool = True, default: bool = False) -> Column[Any]:
    return Column(
        name, DateTime(timezone=True), nullable=nullable and not default, server_default=func.now() if default else None
    )


def _json(name: str) -> Column[Any]:
    return Column(name, JSONB, nullable=False, server_default=text("'{}'::jsonb"))


def _plain(name: str, kind: TypeEngine[Any], default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=None if default is None else text(default))


users = Table(
    "users",
    metadata,
    _id(),
    Column("display_name", Text, nullable=False),
    # Where this user's next request would start in the fair order; see core.fairness.
    _plain("virtual_finish", Double(), "0"),
    _time("created_at", default=True),
)

identities = Table(
    "identities",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    _ref("user_id", "users.id"),
    _time("created_at", default=True),
    Index(None, "user_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    _ref("user_id", "users.id"),
    _time("created_at", default=True),
    _time("revoked_at"),
    Index(None, "user_id"),
)

chat_threads = Table(
    "chat_threads",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    _time("created_at", default=True),
    UniqueConstraint("platform", "external_id"),
)

STATUSES = "'queued', 'running', 'finished', 'failed', 'cancelled'"

generations = Table(
    "generations",
    metadata,
    _id(),
    _ref("user_id", "users.id"),
    _ref("thread_id", "chat_threads.id", nullable=True, ondelete="SET NULL"),
    Column("parent_image_id", UUID(as_uuid=True)),
    Column("idempotency_key", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'queued'")),
    Column("prompt", Text, nullable=False),
    _json("options"),
    Column("provider", Text, nullable=False),
    # The kind of request whose durations compare: model, size and quality.
    Column("kind", Text, nullable=False),
    _json("requester"),
    Column("reply_to", JSONB),
    _plain("virtual_start", Double()),
    _plain("attempts", SmallInteger(), "0"),
    _plain("cancel_requested", Boolean(), "false"),
    Column("worker", Text),
    _time("lease_until"),
    _time("not_before"),
    Column("fault", Text),
    _plain("fault_detail", Text(), "''"),
    Column("provider_prompt", Text),
    Column("revised_prompt", Text),
    Column("cost_micro", BigInteger),
    Column("generation_time_ms", Integer),
    _time("created_at", default=True),
    _time("started_at"),
    _time("finished_at"),
    CheckConstraint(f"status IN ({STATUSES})", name="status"),
    CheckConstraint("(status = 'running') = (lease_until IS NOT NULL)", name="lease"),
    UniqueConstraint("idempotency_key"),
    Index("ix_generations_turn", "virtual_start", "created_at", postgresql_where=text("status = 'queued'")),
    Index("ix_generations_served", text("virtual_start DESC"), postgresql_where=text("started_at IS NOT NULL")),
    Index("ix_generations_lease", "lease_until", postgresql_where=text("status = 'running'")),
    Index("ix_generations_user", "user_id", text("created_at DESC")),
    Index(
        "ix_generations_durations",
        "provider",
        "kind",
        text("finished_at DESC"),
        postgresql_include=["generation_time_ms"],
        postgresql_where=text("status = 'finished'"),
    ),
)

reference_images = Table(
    "reference_images",
    metadata,
    Column("generation_id", UUID(as_uuid=True), ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("generation_id", UUID(as_uuid=True), ForeignKey("generations.id", ondelete="CASCADE"), primary_key=True),
    Column("platform", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("courier", Text),
    # While open: nobody else touches the message before this moment. Serves as lease and as time of the next try.
    _time("lease_until", nullable=False),
    _plain("tries", SmallInteger(), "0"),
    _plain("reason", Text(), "''"),
    _time("delivered_at"),
    CheckConstraint("state IN ('open', 'delivered', 'undeliverable')", name="state"),
    Index("ix_deliveries_due", "lease_until", postgresql_where=text("state = 'open'")),
    Index("ix_deliveries_courier", "courier", postgresql_where=text("state = 'open'")),
)

generated_images = Table(
    "generated_images",
    metadata,
    _id(),
    _ref("user_id", "users.id"),
    _ref("thread_id", "chat_threads.id", nullable=True, ondelete="SET NULL"),
    _ref("generation_id", "generations.id", nullable=True, ondelete="SET NULL"),
    _plain("position", SmallInteger(), "0"),
    Column("prompt_text", Text, nullable=False),
    Column("image_data", Text, nullable=False),
    Column("thumbnail_data", Text),
    Column("metadata", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("byte_count", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    _plain("cost_micro", BigInteger(), "0"),
    _time("created_at", default=True),
    UniqueConstraint("generation_id", "position"),
    Index("ix_generated_images_user", "user_id", text("created_at DESC"), text("id DESC")),
)

image_metadata = Table(
    "image_metadata",
    metadata,
    Column("image_id", UUID(as_uuid=True), ForeignKey("generated_images.id", ondelete="CASCADE"), primary_key=True),
    Column("original_prompt", Text, nullable=False),
    Column("revised_prompt", Text),
    _json("provider_metadata"),
    Column("generation_time_ms", Integer, nullable=False),
)

UNCOMPRESSED = (
    ("generated_images", "image_data"),
    ("generated_images", "thumbnail_data"),
    ("reference_images", "data"),
)
"""Columns stored EXTERNAL: pictures are compressed already, and trying again only costs time."""
