"""Clean values in words, for pages and for people: amounts, days, choices, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from forms.dates import in_shanghai
from forms.definition import NESTING, Field, Kind, Option, keyed

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def money(amount: Decimal) -> str:
    """An amount of yuan: ``¥20,000.00``."""
    return f"¥{amount:,.2f}"


def money_in_wan(amount: Decimal) -> str:
    """An amount from ten thousand yuan as people say it (``18.6万元``), below that an empty text."""
    if amount < 10_000:
        return ""
    text = f"{amount / 10_000:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}万元"


def day(value: date, locale: str) -> str:
    """A day: ``2024年3月18日``, or ``18 March 2024``."""
    if locale.startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime, locale: str) -> str:
    """An aware moment as Asia/Shanghai wall time: ``2024年3月18日 10:20``."""
    local = in_shanghai(value)
    return (
        f"{day(local.date(), locale)} {local:%H:%M:%S}"
        if local.second
        else f"{day(local.date(), locale)} {local:%H:%M}"
    )


def number(value: int | Decimal) -> str:
    """A number with commas between thousands and without an exponent."""
    return f"{value:,d}" if isinstance(value, int) else f"{value:,f}"


def display(
    field: Field, value: Any, locale: str, options: Mapping[str, Sequence[Option]] | None = None
) -> str:
    """A clean value in words.

    :param field: the value's field.
    :param value: a clean value, or None.
    :param locale: ``zh`` or ``en``.
    :param options: choices of each ``valuesKey``; without them such choices show as stored.
    :returns: one text; groups and tables are joined in a line (a page lays them out with ``render_values``).
    """
    if value is None or value == "" or value == []:
        return ""
    chinese = locale.startswith("zh")
    comma = "、" if chinese else ", "
    match field.kind:
        case Kind.MONEY:
            return money(value)
        case Kind.NUMBER:
            return number(value) + _unit(field, locale)
        case Kind.DATE:
            return day(value, locale)
        case Kind.DATETIME:
            return moment(value, locale)
        case Kind.CHOICE:
            return _label(field, value, locale, options)
        case Kind.CHOICES:
            return comma.join(_label(field, each, locale, options) for each in value)
        case Kind.YES_NO | Kind.CONFIRMATION:
            return _label(field, "true" if value else "false", locale, options)
        case Kind.FILE:
            return comma.join(str(each["name"]) for each in (value if isinstance(value, list) else [value]))
        case Kind.TABLE:
            rows = (_inline(field.children, row, locale, options) for row in value)
            return ("；" if chinese else "; ").join(rows)
        case Kind.ADDRESS:
            parts = [display(part, value.get(part.key), locale, options) for part in keyed(field.children)]
            return ("" if chinese else ", ").join(part for part in parts if part)
    if field.kind in NESTING:
        return _inline(field.children, value, locale, options)
    return str(value)


def _inline(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    locale: str,
    options: Mapping[str, Sequence[Option]] | None,
) -> str:
    colon, comma = ("：", "，") if locale.startswith("zh") else (": ", ", ")
    shown = ((found, display(found, values.get(found.key), locale, options)) for found in keyed(fields))
    return comma.join(f"{found.label_for(locale)}{colon}{text}" for found, text in shown if text)


def _label(field: Field, value: str, locale: str, options: Mapping[str, Sequence[Option]] | None) -> str:
    offered = (options or {}).get(field.options_key, ()) if field.options_key else field.choices
    return next((option.label_for(locale) for option in offered if option.value == value), value)


def _unit(field: Field, locale: str) -> str:
    unit = field.suffix_for(locale)
    if not unit:
        return ""
    return unit if locale.startswith("zh") else f" {unit}"
