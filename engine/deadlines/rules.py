"""The deadline rules, as ``processes/deadlines.yaml`` states them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, cast, get_args

from engine.deadlines.strict_yaml import Node, read

Unit = Literal["working_days", "calendar_days", "hours", "months"]

# No period in the law is longer than ten years; the bounds keep a slip of the pen from overflowing a date.
LONGEST: Mapping[Unit, int] = {"working_days": 2000, "calendar_days": 3660, "hours": 8784, "months": 120}

STARTED = "started"
"""The moment that every rule can start from: when the step itself began."""

T = TypeVar("T")

_RULE_KEYS = ("name", "name_en", "length", "unit", "starts_at", "article", "article_en", "counting")
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Moment:
    """A moment of a case that starts a clock, such as ``notice_served`` 告知书送达."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Counting:
    """How a statute counts its days: the unit that it means, and the article that says so, in both languages."""

    id: str
    unit: Unit
    article: str
    article_en: str


@dataclass(frozen=True)
class DeadlineRule:
    """One deadline of the law.

    ``length`` is in ``unit``; ``moment`` starts the clock; ``article`` is what sets the length and ``counting``
    how it is counted. ``verify`` marks a number that legal staff still have to confirm, ``note`` says what they
    should know.
    """

    id: str
    name: str
    name_en: str
    length: int
    unit: Unit
    moment: Moment
    article: str
    article_en: str
    counting: Counting
    verify: bool = False
    note: str = ""
    note_en: str = ""

    @property
    def starts_at(self) -> str:
        """The id of the moment that starts the clock; ``started`` when the step itself does."""
        return self.moment.id


@dataclass(frozen=True)
class DeadlineData:
    """A whole ``deadlines.yaml``: rules, moments and ways of counting, each by id."""

    rules: Mapping[str, DeadlineRule]
    moments: Mapping[str, Moment]
    countings: Mapping[str, Counting]


def load(text: str, name: str = "deadlines.yaml") -> DeadlineData:
    """The content of a ``deadlines.yaml``.

    :param text: the file's text.
    :param name: what to call the file in an error.
    :raises engine.deadlines.strict_yaml.DataRefused: with key and line, for anything unknown, missing, double
        or out of bounds.
    """
    sections = read(text, name).mapping(required=("moments", "counting", "deadlines"))
    moments = _each(sections["moments"], _moment)
    if STARTED not in moments:
        raise sections["moments"].refuse(f"the moment {STARTED!r} is missing")
    countings = _each(sections["counting"], _counting)
    rules = _each(sections["deadlines"], lambda id, node: _rule(id, node, moments, countings))
    return DeadlineData(rules, moments, countings)


def load_rules(text: str, name: str = "deadlines.yaml") -> dict[str, DeadlineRule]:
    """The rules alone, by id. Raises what :func:`load` raises."""
    return dict(load(text, name).rules)


def _each(section: Node, build: Callable[[str, Node], T]) -> dict[str, T]:
    built: dict[str, T] = {}
    for id, node in section.entries().items():
        if not _ID.match(id):
            raise node.refuse("an id is small letters, digits and underscores, a letter first")
        built[id] = build(id, node)
    return built


def _moment(id: str, node: Node) -> Moment:
    fields = node.mapping(required=("name", "name_en"))
    return Moment(id, fields["name"].text(), fields["name_en"].text())


def _counting(id: str, node: Node) -> Counting:
    fields = node.mapping(required=("unit", "article", "article_en"))
    return Counting(id, _unit(fields["unit"]), fields["article"].text(), fields["article_en"].text())


def _rule(
    id: str, node: Node, moments: Mapping[str, Moment], countings: Mapping[str, Counting]
) -> DeadlineRule:
    fields = node.mapping(
        required=_RULE_KEYS,
        optional=("verify", "note", "note_en"),
    )
    unit = _unit(fields["unit"])
    counting = _known(fields["counting"], countings, "way of counting")
    if counting.unit != unit:
        raise fields["counting"].refuse(f"{counting.id} counts {counting.unit}, but the rule is in {unit}")
    return DeadlineRule(
        id=id,
        name=fields["name"].text(),
        name_en=fields["name_en"].text(),
        length=fields["length"].whole(1, LONGEST[unit]),
        unit=unit,
        moment=_known(fields["starts_at"], moments, "moment"),
        article=fields["article"].text(),
        article_en=fields["article_en"].text(),
        counting=counting,
        verify=fields["verify"].flag() if "verify" in fields else False,
        note=fields["note"].text() if "note" in fields else "",
        note_en=fields["note_en"].text() if "note_en" in fields else "",
    )


def _unit(node: Node) -> Unit:
    units = get_args(Unit)
    if node.text() not in units:
        raise node.refuse(f"unknown unit {node.value!r}; units are {', '.join(units)}")
    return cast(Unit, node.text())


def _known(node: Node, known: Mapping[str, T], what: str) -> T:
    if node.text() not in known:
        raise node.refuse(f"unknown {what} {node.value!r}; known are {', '.join(known)}")
    return known[node.text()]
