"""Submitted values as a case page shows them: label and words, groups, tables, files. Nothing unanswered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import display
from forms.definition import NESTING, STATIC, Field, Kind, Option, keyed
from forms.schema import Form

Options = Mapping[str, Sequence[Option]]


@dataclass(frozen=True)
class Entry:
    """One answered field.

    ``text`` is the value in words, ``extra`` a second way to say it (``18.6万元``). ``files`` are file references,
    ``entries`` the answers in a group, ``columns`` and ``rows`` a table: each row has one Entry or None a column.
    """

    field: Field
    label: str
    text: str = ""
    extra: str = ""
    files: tuple[Mapping[str, Any], ...] = ()
    entries: tuple[Entry, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Entry | None, ...], ...] = ()


def entries(
    form: Form,
    values: Mapping[str, Any],
    locale: str = "zh",
    options: Options | None = None,
    confidential: bool = False,
) -> tuple[Entry, ...]:
    """The answers of a submission in the order of the form.

    :param values: clean values.
    :param options: the choices of each ``valuesKey``, for their labels.
    :param confidential: whether confidential fields are shown; they are left out otherwise.
    """
    return tuple(_entries(form.fields, values, locale, options or {}, confidential))


def _entries(
    fields: Sequence[Field], values: Mapping[str, Any], locale: str, options: Options, confidential: bool
) -> Iterator[Entry]:
    for found in fields:
        if found.kind in STATIC or (found.confidential and not confidential):
            continue
        if found.kind is Kind.FIELDSET:
            inner = tuple(_entries(found.children, values, locale, options, confidential))
            if inner and found.label:
                yield Entry(found, found.label_for(locale), entries=inner)
            else:
                yield from inner
            continue
        entry = _entry(found, values.get(found.key), locale, options, confidential)
        if entry is not None:
            yield entry


def _entry(found: Field, value: Any, locale: str, options: Options, confidential: bool) -> Entry | None:
    label = found.label_for(locale)
    if value in (None, "", [], {}):
        return None
    if found.kind is Kind.TABLE:
        return _table(found, value, locale, options, confidential)
    if found.kind in NESTING and found.kind is not Kind.ADDRESS:
        return Entry(
            found, label, entries=tuple(_entries(found.children, value, locale, options, confidential))
        )
    if found.kind is Kind.FILE:
        return Entry(found, label, files=tuple(value if isinstance(value, list) else [value]))
    extra = display.money_in_wan(value) if found.kind is Kind.MONEY and locale.startswith("zh") else ""
    return Entry(found, label, display.display(found, value, locale, options), extra)


def _table(
    table: Field, rows: Sequence[Mapping[str, Any]], locale: str, options: Options, confidential: bool
) -> Entry:
    columns = [
        found
        for found in keyed(table.children)
        if (confidential or not found.confidential) and any(row.get(found.key) is not None for row in rows)
    ]
    return Entry(
        table,
        table.label_for(locale),
        columns=tuple(found.label_for(locale) for found in columns),
        rows=tuple(
            tuple(_entry(found, row.get(found.key), locale, options, confidential) for found in columns)
            for row in rows
        ),
    )
