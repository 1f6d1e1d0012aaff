"""The declarative base of all tables, and the column types that keep time and money honest."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the engine; constraints have stable names so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Only aware datetimes go in; aware UTC datetimes come out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime was about to be stored: {value!r}")
        value = value.astimezone(UTC)
        # SQLite has no time zones and sorts these as text: always the same shape.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime was about to be stored: {value!r}")
        return {"$datetime": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be stored")


def _decode(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        if "$decimal" in found:
            return Decimal(found["$decimal"])
        if "$datetime" in found:
            return datetime.fromisoformat(found["$datetime"])
        if "$date" in found:
            return date.fromisoformat(found["$date"])
    return found


def dump_json(value: Any) -> str:
    """JSON text of plain data, Decimal, date and aware datetime; the same value gives the same text."""
    return json.dumps(value, default=_encode, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load_json(text: str | bytes) -> Any:
    """The value that :func:`dump_json` wrote."""
    return json.loads(text, object_hook=_decode)


class TypedJSON(TypeDecorator[Any]):
    """A JSON document that keeps Decimal, date and datetime. Replace the value to change it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else load_json(value)


Id = String(64)
"""Identifiers that people chose: accounts, element ids, keys of definitions."""
