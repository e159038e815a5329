"""What Alembic runs a migration in: the connection is given by `migrations.upgrade`."""

from __future__ import annotations

from alembic import context

from core.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
