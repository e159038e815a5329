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


def random_id(name: str = "id") -> Column[Any]:
    """A random UUID: it leaves the system, so it must not be guessed or counted."""
    return Column(name, UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()"))


def ref(name: str, target: str, *, nullable: bool = False, ondelete: str = "CASCADE") -> Column[Any]:
    return Column(name, UUID(as_uuid=True), ForeignKey(target, ondelete=ondelete), nullable=nullable)


def time(name: str, *, nullable: bool = True, default: bool = False) -> Column[Any]:
    return Column(
        name, DateTime(timezone=True), nullable=nullable and not default, server_default=func.now() if default else None
    )


def _json(name: str) -> Column[Any]:
    return Column(name, JSONB, nullable=False, server_default=text("'{}'::jsonb"))


def plain(name: str, kind: TypeEngine[Any], default: str | None = None) -> Column[Any]:
    return Column(name, kind, nullable=False, server_default=None if default is None else text(default))


users = Table(
    "users",
    metadata,
    random_id(),
    Column("display_name", Text, nullable=False),
    # Where this user's next request would start in the fair order; see core.fairness.
    plain("virtual_finish", Double(), "0"),
    time("last_accepted_at"),
    time("created_at", default=True),
)

identities = Table(
    "identities",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    ref("user_id", "users.id"),
    time("created_at", default=True),
    Index(None, "user_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    ref("user_id", "users.id"),
    # Its bearer speaks for the operator.
    plain("admin", Boolean(), "false"),
    time("created_at", default=True),
    time("revoked_at"),
    Index(None, "user_id"),
)

chat_threads = Table(
    "chat_threads",
    metadata,
    random_id(),
    Column("platform", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    time("created_at", default=True),
    UniqueConstraint("platform", "external_id"),
)

STATUSES = "'queued', 'running', 'finished', 'failed', 'cancelled'"

generations = Table(
    "generations",
    metadata,
    random_id(),
    ref("user_id", "users.id"),
    ref("thread_id", "chat_threads.id", nullable=True, ondelete="SET NULL"),
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
    plain("virtual_start", Double()),
    plain("attempts", SmallInteger(), "0"),
    plain("cancel_requested", Boolean(), "false"),
    # Waits until an earlier request of the same user ends; see core.limits.
    plain("parked", Boolean(), "false"),
    Column("max_running", Integer),
    # The provider was asked in this attempt: should its worker vanish now, the answer is lost and may have been billed.
    plain("calling", Boolean(), "false"),
    # What the ledger needs to give back or to settle what was reserved; see core.storage.ledger.
    plain("counted", Boolean(), "false"),
    plain("reserved_micro", BigInteger(), "0"),
    plain("tier", Text(), "''"),
    plain("workspace", Text(), "''"),
    plain("hour", Text(), "''"),
    plain("day", Text(), "''"),
    Column("quota_left", JSONB),
    Column("worker", Text),
    time("lease_until"),
    time("not_before"),
    Column("fault", Text),
    plain("fault_detail", Text(), "''"),
    Column("provider_prompt", Text),
    Column("revised_prompt", Text),
    Column("cost_micro", BigInteger),
    Column("generation_time_ms", Integer),
    time("created_at", default=True),
    time("started_at"),
    time("finished_at"),
    CheckConstraint(f"status IN ({STATUSES})", name="status"),
    CheckConstraint("(status = 'running') = (lease_until IS NOT NULL)", name="lease"),
    UniqueConstraint("idempotency_key"),
    Index(
        "ix_generations_turn", "virtual_start", "created_at", postgresql_where=text("status = 'queued' AND NOT parked")
    ),
    Index("ix_generations_open", "user_id", postgresql_where=text("status IN ('queued', 'running')")),
    Index("ix_generations_parked", "user_id", postgresql_where=text("status = 'queued' AND parked")),
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
    time("lease_until", nullable=False),
    plain("tries", SmallInteger(), "0"),
    plain("reason", Text(), "''"),
    time("delivered_at"),
    CheckConstraint("state IN ('open', 'delivered', 'undeliverable')", name="state"),
    Index("ix_deliveries_due", "lease_until", postgresql_where=text("state = 'open'")),
    Index("ix_deliveries_courier", "courier", postgresql_where=text("state = 'open'")),
)

generated_images = Table(
    "generated_images",
    metadata,
    random_id(),
    ref("user_id", "users.id"),
    ref("thread_id", "chat_threads.id", nullable=True, ondelete="SET NULL"),
    ref("generation_id", "generations.id", nullable=True, ondelete="SET NULL"),
    plain("position", SmallInteger(), "0"),
    Column("prompt_text", Text, nullable=False),
    Column("image_data", Text, nullable=False),
    Column("thumbnail_data", Text),
    Column("metadata", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("byte_count", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    plain("cost_micro", BigInteger(), "0"),
    time("created_at", default=True),
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
