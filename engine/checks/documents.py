"""Document sources: that they can be written, and speak of what the case has."""

from __future__ import annotations

from dataclasses import fields

from engine.cases.context import Authority
from engine.checks.catalogue import Catalogue
from engine.checks.files import Source
from engine.checks.findings import Notes, did_you_mean
from engine.documents.catalogue import parse
from engine.documents.language import references
from engine.errors import DefinitionRefused

GIVEN = frozenset({"case", "parties", "evidence", "number", "issued_on"})
"""Names that every document may use, besides those whose parts are checked below."""


def check(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    """Checks one document source."""
    try:
        kind = parse(source.text, source.key)
    except UnicodeDecodeError as error:
        notes.error("line 1", "bad-document", f"not UTF-8: {error.reason} at byte {error.start}")
        return
    except DefinitionRefused as error:
        for where, message in error.findings:
            notes.error(where or source.key, "bad-document", message)
        return
    parts = _parts(catalogue)
    for name in sorted(references(kind.body)):
        section, _, rest = name.partition(".")
        if section in GIVEN or section in catalogue.incomplete:
            continue
        if section not in parts:
            close = did_you_mean(section, [*parts, *GIVEN])
            notes.error(name, "unknown-placeholder", f"there is no phase or name {section}{close}")
        elif rest and not _has(parts[section], rest):
            close = did_you_mean(rest, parts[section])
            notes.error(name, "unknown-placeholder", f"{section} has no {rest}{close}")


def _parts(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """What each name that has parts is made of."""
    deadlines = catalogue.deadlines
    return {
        **catalogue.answers,
        "agency": frozenset(each.name for each in fields(Authority)),
        "documents": frozenset(
            f"{key}.{part}" for key in catalogue.keys("document") for part in ("title", "number", "issued_on")
        ),
        "moments": frozenset(deadlines.moments if deadlines is not None else ()),
        "due": frozenset(deadlines.rules if deadlines is not None else ()),
    }


def _has(parts: frozenset[str], name: str) -> bool:
    return name in parts or any(part.startswith(name + ".") for part in parts)
