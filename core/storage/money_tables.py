"""The tables of limits and money, and what is still to be said or confirmed. Money is in millionths of a US dollar."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from core.storage.tables import metadata, plain, random_id, ref, time

policies = Table(
    "policies",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    # The operator's word about a place that has admins of its own, beside theirs.
    Column("imposed", Boolean, primary_key=True, server_default=text("false")),
    Column("allowed", Boolean),
    plain("paused", Boolean(), "false"),
    plain("reason", Text(), "''"),
    Column("weight", Double),
    Column("assignable", Boolean),
    Column("cooldown_seconds", Integer),
    Column("max_running", Integer),
    Column("max_waiting", Integer),
    Column("per_hour", Integer),
    Column("per_day", Integer),
    Column("per_month", Integer),
    Column("spend_day_micro", BigInteger),
    Column("spend_month_micro", BigInteger),
    Column("pool_day_micro", BigInteger),
    Column("pool_month_micro", BigInteger),
    time("updated_at", default=True),
    plain("updated_by", Text(), "''"),
    CheckConstraint("scope IN ('installation', 'workspace', 'channel', 'tier', 'user', 'member')", name="scope"),
)

# Who is in which tier: by an admin's word (`user:<id>`) or through a role (`role:<the platform's id>`).
tier_assignments = Table(
    "tier_assignments",
    metadata,
    # Empty: the operator's word, which holds everywhere.
    Column("workspace", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("tier", Text, nullable=False),
    time("updated_at", default=True),
    plain("updated_by", Text(), "''"),
)

# What was used of each period. Always the sums over the ledger, so that no decision has to add those up. A subject
# that many share is kept in several rows, so that requests do not wait for one another.
tallies = Table(
    "tallies",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("span", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    plain("pictures", Integer(), "0"),
    plain("reserved_micro", BigInteger(), "0"),
    plain("spent_micro", BigInteger(), "0"),
    plain("lost_micro", BigInteger(), "0"),
    plain("granted", Integer(), "0"),
)

# Every movement of money; nothing is ever changed or deleted here. It outlives the requests and the users it names.
ledger = Table(
    "ledger",
    metadata,
    Column("generation_id", UUID(as_uuid=True), primary_key=True),
    # 0 for reserving; else the claim that it belongs to.
    Column("attempt", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("workspace", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("day", Text, nullable=False),
    plain("pictures", Integer(), "0"),
    plain("reserved_micro", BigInteger(), "0"),
    plain("spent_micro", BigInteger(), "0"),
    plain("lost_micro", BigInteger(), "0"),
    time("at", default=True),
    CheckConstraint("kind IN ('reserve', 'settle', 'refund', 'lost')", name="kind"),
    Index("ix_ledger_day", "day", "workspace"),
    Index("ix_ledger_lost", "at", postgresql_where=text("lost_micro <> 0")),
)

# Requests that cost enough to be asked about first.
proposals = Table(
    "proposals",
    metadata,
    random_id(),
    ref("user_id", "users.id"),
    Column("request", LargeBinary, nullable=False),
    time("created_at", default=True),
    Index(None, "user_id", "created_at"),
    Index(None, "created_at"),
)

# Things to be said to somebody, each once: budgets that run out.
notices = Table(
    "notices",
    metadata,
    random_id(),
    # What it is about: the same thing is never said twice to the same address.
    Column("key", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    time("lease_until", default=True),
    plain("tries", SmallInteger(), "0"),
    plain("reason", Text(), "''"),
    time("created_at", default=True),
    CheckConstraint("state IN ('open', 'sent', 'given_up')", name="state"),
    UniqueConstraint("key", "platform", "address"),
    Index("ix_notices_due", "lease_until", postgresql_where=text("state = 'open'")),
)
