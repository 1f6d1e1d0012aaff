"""Runs revisions on the connection that :mod:`engine.store.schema` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from engine.store.base import Base


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Writes our column types as what the database sees, so that an old revision never needs today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=plain_type,
    render_as_batch=context.script.get_current_head() is not None,  # the first revision only makes new tables
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
