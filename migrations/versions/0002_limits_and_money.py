"""Limits, the ledger, and what is to be confirmed or said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


TIERS = (
    {
        "scope": "tier",
        "subject": "free",
        "weight": 1.0,
        "assignable": True,
        "cooldown_seconds": 30,
        "max_running": 1,
        "max_waiting": 10,
        "per_hour": 10,
        "per_day": 50,
        "per_month": 200,
        "spend_month_micro": 5_000_000,
    },
    {
        "scope": "tier",
        "subject": "premium",
        "weight": 3.0,
        "assignable": True,
        "cooldown_seconds": 5,
        "max_running": 3,
        "max_waiting": 20,
        "per_hour": 60,
        "per_day": 300,
        "per_month": 2_000,
        "spend_month_micro": 50_000_000,
    },
    {"scope": "tier", "subject": "unlimited", "weight": 3.0, "assignable": False},
)


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("generation_id", sa.UUID(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("pictures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserved_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("spent_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lost_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('reserve', 'settle', 'refund', 'lost')", name=op.f("ck_ledger_kind")),
        sa.PrimaryKeyConstraint("generation_id", "attempt", "kind", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_day", "ledger", ["day", "workspace"], unique=False)
    op.create_index("ix_ledger_lost", "ledger", ["at"], unique=False, postgresql_where=sa.text("lost_micro <> 0"))
    op.create_table(
        "notices",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'sent', 'given_up')", name=op.f("ck_notices_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", "platform", "address", name=op.f("uq_notices_key_platform_address")),
    )
    op.create_index(
        "ix_notices_due", "notices", ["lease_until"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    policies = op.create_table(
        "policies",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("imposed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("assignable", sa.Boolean(), nullable=True),
        sa.Column("cooldown_seconds", sa.Integer(), nullable=True),
        sa.Column("max_running", sa.Integer(), nullable=True),
        sa.Column("max_waiting", sa.Integer(), nullable=True),
        sa.Column("per_hour", sa.Integer(), nullable=True),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("per_month", sa.Integer(), nullable=True),
        sa.Column("spend_day_micro", sa.BigInteger(), nullable=True),
        sa.Column("spend_month_micro", sa.BigInteger(), nullable=True),
        sa.Column("pool_day_micro", sa.BigInteger(), nullable=True),
        sa.Column("pool_month_micro", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "scope IN ('installation', 'workspace', 'channel', 'tier', 'user', 'member')",
            name=op.f("ck_policies_scope"),
        ),
        sa.PrimaryKeyConstraint("scope", "subject", "imposed", name=op.f("pk_policies")),
    )
    for tier in TIERS:
        op.bulk_insert(policies, [tier])
    op.create_table(
        "tallies",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("pictures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reserved_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("spent_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lost_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("granted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("scope", "subject", "span", "label", "shard", name=op.f("pk_tallies")),
    )
    op.create_table(
        "tier_assignments",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "subject", name=op.f("pk_tier_assignments")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proposals_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_created_at"), "proposals", ["created_at"], unique=False)
    op.create_index(op.f("ix_proposals_user_id_created_at"), "proposals", ["user_id", "created_at"], unique=False)
    op.add_column("api_tokens", sa.Column("admin", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("generations", sa.Column("parked", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("generations", sa.Column("max_running", sa.Integer(), nullable=True))
    op.add_column("generations", sa.Column("calling", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("generations", sa.Column("counted", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "generations", sa.Column("reserved_micro", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("generations", sa.Column("tier", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("generations", sa.Column("workspace", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("generations", sa.Column("hour", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("generations", sa.Column("day", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("generations", sa.Column("quota_left", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_index(
        "ix_generations_open",
        "generations",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_index(
        "ix_generations_parked",
        "generations",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("status = 'queued' AND parked"),
    )
    op.drop_index("ix_generations_turn", table_name="generations")
    op.create_index(
        "ix_generations_turn",
        "generations",
        ["virtual_start", "created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued' AND NOT parked"),
    )
    op.add_column("users", sa.Column("last_accepted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_index("ix_generations_turn", table_name="generations")
    op.create_index(
        "ix_generations_turn",
        "generations",
        ["virtual_start", "created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_column("users", "last_accepted_at")
    op.drop_index(
        "ix_generations_parked", table_name="generations", postgresql_where=sa.text("status = 'queued' AND parked")
    )
    op.drop_index(
        "ix_generations_open", table_name="generations", postgresql_where=sa.text("status IN ('queued', 'running')")
    )
    op.drop_column("generations", "quota_left")
    op.drop_column("generations", "day")
    op.drop_column("generations", "hour")
    op.drop_column("generations", "workspace")
    op.drop_column("generations", "tier")
    op.drop_column("generations", "reserved_micro")
    op.drop_column("generations", "counted")
    op.drop_column("generations", "calling")
    op.drop_column("generations", "max_running")
    op.drop_column("generations", "parked")
    op.drop_column("api_tokens", "admin")
    op.drop_index(op.f("ix_proposals_created_at"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_table("tier_assignments")
    op.drop_table("tallies")
    op.drop_table("policies")
    op.drop_index("ix_notices_due", table_name="notices", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("notices")
    op.drop_index("ix_ledger_lost", table_name="ledger", postgresql_where=sa.text("lost_micro <> 0"))
    op.drop_index("ix_ledger_day", table_name="ledger")
    op.drop_table("ledger")
