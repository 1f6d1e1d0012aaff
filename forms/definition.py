"""What a compiled form is made of: fields, their choices, conditions and checks. Plain data, no behaviour."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Expr(Protocol):
    """A compiled S-FEEL expression, handed in by the caller so that forms know nothing of the engine."""

    @property
    def names(self) -> Collection[str]:
        """The names that the expression reads, plain (``outcome``) or as paths (``review.treatment``)."""
        ...

    def evaluate(self, context: Mapping[str, Any], /) -> Any:
        """The expression's value; an unknown name counts as null (None)."""
        ...


CompileExpression = Callable[[str], Expr]


class Kind(StrEnum):
    """What a field holds. The first group are leaves with a value, the second hold other fields, the third nothing."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    CONFIRMATION = "confirmation"
    RESIDENT_ID = "resident_id"
    USCC = "uscc"
    IDENTIFIER = "identifier"  # resident_id or uscc by the sibling ``kind``: a part of a party
    PHONE = "phone"
    FILE = "file"

    GROUP = "group"  # with a path: its values nest
    PARTY = "party"
    ADDRESS = "address"
    FIELDSET = "fieldset"  # without a path: its values stay flat
    TABLE = "table"

    STATIC_TEXT = "static_text"
    SEPARATOR = "separator"


NESTING = frozenset({Kind.GROUP, Kind.PARTY, Kind.ADDRESS})
CONTAINERS = NESTING | {Kind.FIELDSET, Kind.TABLE}
STATIC = frozenset({Kind.STATIC_TEXT, Kind.SEPARATOR})
FLOW = frozenset(
    {
        Kind.CHOICE,
        Kind.CHOICES,
        Kind.YES_NO,
        Kind.CONFIRMATION,
        Kind.NUMBER,
        Kind.MONEY,
        Kind.DATE,
        Kind.DATETIME,
    }
)
"""Kinds whose values the flow may decide on; the others stay in the submission."""


@dataclass(frozen=True)
class Option:
    """One thing to choose from.

    :param value: what is stored.
    :param label: Chinese words.
    :param label_en: English words; the Chinese ones when empty.
    """

    value: str
    label: str
    label_en: str = ""

    def label_for(self, locale: str) -> str:
        """The words for a locale such as ``zh`` or ``en``."""
        return self.label if locale.startswith("zh") or not self.label_en else self.label_en


@dataclass(frozen=True)
class Check:
    """A rule over several fields: refused when ``expr`` is false; null passes."""

    expr: Expr
    message: str
    message_en: str
    article: str | None = None


@dataclass(frozen=True)
class Condition:
    """When a field is hidden. ``reads`` are the patterns of this form's fields that decide it."""

    expr: Expr
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pattern:
    """A regular expression that a text must contain (search, as in form-js), and what to say when it doesn't."""

    regex: re.Pattern[str]
    message: str | None = None
    message_en: str | None = None


@dataclass(frozen=True)
class Field:
    """One component of a form.

    ``key`` is empty for fieldsets, static text and lines. ``pattern`` is the place in the values with ``*`` for
    any row (``suspects.*.identifier``); a component without a key has ``#id`` as its last part. Lengths are in
    characters, ``max_bytes`` in bytes, ``minimum``/``maximum`` in the field's own unit (yuan for money),
    ``min_items``/``max_items`` count rows, choices or files. ``columns`` is the width out of 16.
    """

    kind: Kind
    key: str
    id: str
    pattern: str
    label: str = ""
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    required: bool = False
    confidential: bool = False
    columns: int = 16
    children: tuple[Field, ...] = ()
    choices: tuple[Option, ...] = ()
    options_key: str | None = None
    widget: str = ""
    condition: Condition | None = None
    checks: tuple[Check, ...] = ()
    default: Any = None
    default_from: str | None = None
    moment: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: Any = None
    maximum: Any = None
    places: int | None = None
    text_pattern: Pattern | None = None
    prefix: str = ""
    suffix: str = ""
    suffix_en: str = ""
    min_items: int | None = None
    max_items: int | None = None
    first_rows: int = 1
    row: str = ""
    row_en: str = ""
    multiple: bool = False
    accept: tuple[str, ...] = ()
    capture: str = ""
    max_bytes: int | None = None
    text: str = ""
    text_en: str = ""

    def label_for(self, locale: str) -> str:
        """The label for a locale such as ``zh`` or ``en``."""
        return self.label if locale.startswith("zh") else self.label_en or self.label

    def help_for(self, locale: str) -> str:
        """The explanation for a locale, or an empty text."""
        return self.help if locale.startswith("zh") else self.help_en or self.help

    def row_for(self, locale: str) -> str:
        """What one row of a table is called, or an empty text."""
        return self.row if locale.startswith("zh") else self.row_en or self.row

    def suffix_for(self, locale: str) -> str:
        """The unit that stands behind the input, or an empty text."""
        return self.suffix if locale.startswith("zh") else self.suffix_en or self.suffix

    def text_for(self, locale: str) -> str:
        """The Markdown of a static text."""
        return self.text if locale.startswith("zh") else self.text_en or self.text

    @property
    def is_leaf(self) -> bool:
        """Whether the field holds a value itself."""
        return self.kind not in CONTAINERS and self.kind not in STATIC


def walk(fields: Collection[Field]) -> Iterator[Field]:
    """Every field and, after each, everything inside it, in the order of the form."""
    for found in fields:
        yield found
        yield from walk(found.children)


def keyed(fields: Collection[Field]) -> Iterator[Field]:
    """The fields that own a key in one level of the values: fieldsets are looked through, static ones left out."""
    for found in fields:
        if found.kind is Kind.FIELDSET:
            yield from keyed(found.children)
        elif found.kind not in STATIC:
            yield found
