"""Walking along raw and clean values with the fields of a form at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from marshmallow import Schema, ValidationError
from marshmallow import fields as mm

from forms.definition import NESTING, STATIC, Field, Kind, keyed


def masked(
    fields: Sequence[Field], values: Mapping[str, Any], hidden: set[str], prefix: str = ""
) -> dict[str, Any]:
    """All keys of a level, with None for what is not answered or hidden, down to the leaves."""
    out: dict[str, Any] = {}
    for found in fields:
        path = path_of(found, prefix)
        if found.kind in STATIC:
            continue
        if found.kind is Kind.FIELDSET:
            out |= masked(found.children, {} if path in hidden else values, hidden, prefix)
        elif path in hidden:
            out[found.key] = None
        elif found.kind is Kind.TABLE:
            rows = values.get(found.key) or ()
            out[found.key] = [
                masked(found.children, row, hidden, f"{path}.{n}.") for n, row in enumerate(rows)
            ]
        elif found.kind in NESTING:
            out[found.key] = masked(found.children, values.get(found.key) or {}, hidden, f"{path}.")
        else:
            out[found.key] = values.get(found.key)
    return out


def without_blank_rows(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as expressions see them: rows in which nothing is filled in do not count."""
    out = dict(values)
    for found in keyed(fields):
        value = out.get(found.key)
        if found.kind is Kind.TABLE and value:
            out[found.key] = [without_blank_rows(found.children, row) for row in value if not is_blank(row)]
        elif found.kind in NESTING and value:
            out[found.key] = without_blank_rows(found.children, value)
    return out


def is_blank(value: Any, depth: int = 0) -> bool:
    """Whether input holds nothing: None, spaces, or lists and objects of nothing (to a depth that forms can have)."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping | list | tuple) and depth < 20:
        return all(
            is_blank(each, depth + 1) for each in (value.values() if isinstance(value, Mapping) else value)
        )
    return value is None


def path_of(field: Field, prefix: str) -> str:
    """The path of a field: its key, or ``#id`` for one without."""
    return f"{prefix}{field.key or '#' + field.id}"


def readable(fields: Sequence[Field], schema: Schema, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever can be read of raw input, field by field; the rest is left out. Rows keep their numbers."""
    out: dict[str, Any] = {}
    for found in keyed(fields):
        reader = schema.load_fields[found.key]
        if found.kind is Kind.TABLE:
            assert isinstance(reader, mm.List)
            assert isinstance(reader.inner, mm.Nested)
            out[found.key] = [
                readable(found.children, reader.inner.schema, row) for row in rows_of(found, raw)
            ]
        elif found.kind in NESTING:
            assert isinstance(reader, mm.Nested)
            out[found.key] = readable(found.children, reader.schema, group_of(found, raw))
        elif not is_blank(raw.get(found.key)):
            try:
                out[found.key] = reader.deserialize(raw[found.key])
            except ValidationError:
                continue
    return out


def without_empty(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without what holds nothing: None, empty texts, lists and groups, empty rows."""
    out: dict[str, Any] = {}
    for found in keyed(fields):
        value = values.get(found.key)
        if found.kind is Kind.TABLE:
            value = [row for row in (without_empty(found.children, row or {}) for row in value or ()) if row]
        elif found.kind in NESTING:
            value = without_empty(found.children, value or {})
        if value not in (None, "", [], {}):
            out[found.key] = value
    return out


def is_rows(value: Any) -> TypeGuard[Sequence[Any]]:
    """Whether input is a list, as the rows of a table must be."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def rows_of(table: Field, raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a table in raw input, what is no row as an empty one, and no more than one too many."""
    value: Any = raw.get(table.key)
    if not is_rows(value):
        return []
    most = table.max_items if table.max_items is not None else len(value)
    return [row if isinstance(row, Mapping) else {} for row in value[: most + 1]]


def group_of(group: Field, raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of raw input that belongs to a group with a path."""
    value = raw.get(group.key)
    return value if isinstance(value, Mapping) else {}
