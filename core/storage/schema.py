"""All tables together: what the migrations build."""

from __future__ import annotations

from core.storage import money_tables, tables

metadata = tables.metadata

__all__ = ["metadata", "money_tables"]
