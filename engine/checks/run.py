"""Checking files: each by its kind, against what lies around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from engine.checks import data, decisions, documents, expressions, files, flow, forms, references, structure
from engine.checks.catalogue import Catalogue, home_of
from engine.checks.diagram import local, read_diagram
from engine.checks.files import MAX_BYTES, Source
from engine.checks.findings import Finding, Notes
from engine.runtime import xml
from engine.runtime.vocabulary import BPMN
from engine.settings import ROOT


def check_paths(
    paths: Sequence[Path], operations: Mapping[str, Collection[str]] | None = None
) -> list[Finding]:
    """Checks definition files.

    A file is checked against the product's folder that it lies in (the nearest with ``processes`` and ``forms``),
    or else against our own; files that are given together are seen in the place of those with the same name.

    :param paths: files, or folders to look for definitions in; none stands for our own processes and forms.
    :param operations: the operations that service tasks may name, each with the variables that it sets;
        those that are registered when left out.
    :returns: findings in the order of the files; warnings of a file only when it has no errors.
    :raises engine.errors.SettingsRefused: a path doesn't exist, can't be read or can't be checked.
    """
    sources = list(files.given(list(paths) or [ROOT / "processes", ROOT / "forms"]))
    by_home: dict[Path, list[Source]] = {}
    for source in sources:
        by_home.setdefault(home_of(source.path), []).append(source)
    catalogues = {home: Catalogue.around(home, given, operations) for home, given in by_home.items()}
    found = []
    for source in sources:
        notes = Notes(source.name)
        check_source(source, catalogues[home_of(source.path)], notes)
        found += notes.settled()
    return [*found, *_unread_data(catalogues.values(), sources)]


def check_source(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    """Checks one file against a catalogue."""
    if source.content is None:
        rule = "unsafe-xml" if source.kind in ("process", "decision") else "too-large"
        notes.error("line 1", rule, f"larger than {MAX_BYTES:,} bytes")
        return
    twin = catalogue.twins.get(source.path.resolve())
    if twin is not None:
        notes.error(
            source.key, "duplicate-key", f"{twin.as_posix()} has the same name; one of them would be lost"
        )
    _BY_KIND[source.kind](source, catalogue, notes)


def _process(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    try:
        root = xml.parse(source.content or b"", source.name)
    except xml.XmlRefused as error:
        notes.error(f"line {error.line or 1}", "unsafe-xml", error.message)
        return
    if root.tag != f"{{{BPMN}}}definitions":
        notes.error("line 1", "no-process", f"no BPMN 2.0 file: its root is {local(root)}")
        return
    diagram = read_diagram(root, source.key)
    if diagram is None:
        notes.error("line 1", "no-process", "there is no process with an id in the file")
        return
    if diagram.key != source.key:
        note = notes.error if catalogue.holds(source) else notes.warning
        note(
            diagram.key,
            "wrong-key",
            f"the process's id is {diagram.key}, but the file is called {source.key}",
        )
    structure.check(diagram, notes)
    flow.check(diagram, notes)
    expressions.check(diagram, catalogue, notes)
    references.check(diagram, catalogue, notes)


def _unread_data(catalogues: Iterable[Catalogue], sources: Sequence[Source]) -> list[Finding]:
    """Findings on data files that were not given but are needed, and can't be read."""
    given = {source.path.resolve() for source in sources}
    found = []
    for catalogue in catalogues:
        for key, content in (("deadlines", catalogue.deadlines), ("agencies", catalogue.roles)):
            source = catalogue.sources.get(("data", key))
            if content is not None or (source is not None and source.path.resolve() in given):
                continue
            if source is None:
                name = (catalogue.home / "processes" / f"{key}.yaml").as_posix()
                found.append(
                    Finding(
                        name,
                        "line 1",
                        "error",
                        "bad-data",
                        "the file is missing, so nothing can be looked up in it",
                    )
                )
            else:
                notes = Notes(source.name)
                check_source(source, catalogue, notes)
                found += notes.settled()
    return found


_BY_KIND: dict[str, Callable[[Source, Catalogue, Notes], None]] = {
    "process": _process,
    "decision": decisions.check,
    "form": forms.check,
    "document": documents.check,
    "data": data.check,
}
