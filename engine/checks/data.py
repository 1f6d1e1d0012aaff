"""The data files: deadline rules, roles and agencies, legal rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from engine.checks.files import Source
from engine.checks.findings import Notes
from engine.deadlines import rules
from engine.deadlines.strict_yaml import DataRefused, Node, read
from engine.people.agencies import Agency, Group, Place

if TYPE_CHECKING:
    from engine.checks.catalogue import Catalogue


@dataclass(frozen=True)
class Roles:
    """The ids in an ``agencies.yaml``."""

    groups: Collection[str]
    places: Collection[str]
    agencies: Collection[str]


def check(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    """Checks one data file by what its name says that it is."""
    try:
        text = source.text
    except UnicodeDecodeError as error:
        notes.error("line 1", "bad-data", f"not UTF-8: {error.reason} at byte {error.start}")
        return
    try:
        if source.key == "deadlines":
            rules.load(text, source.name)
        elif source.key == "agencies":
            read_roles(text, source.name)
        elif source.key == "legal_rules":
            _legal_rules(text, source.name, catalogue, notes)
        else:
            notes.error("line 1", "unknown-file", "not a data file that Anliu reads")
    except DataRefused as error:
        notes.error(error.key or f"line {error.line}", "bad-data", f"line {error.line}: {error.problem}")


def read_roles(text: str, name: str) -> Roles:
    """The content of an ``agencies.yaml``, as far as diagrams refer to it.

    :raises DataRefused: with key and line, for anything unknown, missing or of the wrong kind.
    """
    sections = read(text, name).mapping(required=("groups", "places", "agencies"))
    kinds = {"groups": Group, "places": Place, "agencies": Agency}
    for section, kind in kinds.items():
        wanted = [each.name for each in fields(kind) if each.name != "id"]
        for entry in sections[section].entries().values():
            for value in entry.mapping(required=wanted).values():
                value.text()
    return Roles(*(tuple(sections[section].entries()) for section in kinds))


def _legal_rules(text: str, name: str, catalogue: Catalogue, notes: Notes) -> None:
    sections = read(text, name).mapping(required=("separates",))
    seen: set[str] = set()
    for entry in sections["separates"].items():
        parts = entry.mapping(required=("id", "act", "not_by", "code", "article", "message", "message_en"))
        for key in ("code", "article", "message", "message_en"):
            parts[key].text()
        if parts["id"].text() in seen:
            raise parts["id"].refuse(f"the id {parts['id'].text()} stands twice")
        seen.add(parts["id"].text())
        for act in (parts["act"], *parts["not_by"].items()):
            _known_act(act, catalogue, notes)


def _known_act(act: Node, catalogue: Catalogue, notes: Notes) -> None:
    """Warns of an act that no diagram performs: the rule would never be broken."""
    if act.text() not in catalogue.performed_acts:
        notes.warning(act.key, "unknown-act", f"line {act.line}: no diagram performs the act {act.text()}")
