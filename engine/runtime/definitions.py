"""Definitions and releases: what the product's files say, by version, parsed once per process.

A release is everything that was published at one moment. An instance stays with the release that it started
under, so that a case never changes its law halfway unless somebody moves it on purpose.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from engine.deadlines.rules import DeadlineRule, load_rules
from engine.errors import N_, DefinitionRefused, NotFound
from engine.runtime import operations, tables
from engine.runtime.decisions import DecisionRefused, DecisionTable, parse_decision
from engine.runtime.expressions import compile_expression
from engine.runtime.parser import Element, Processes, parse
from engine.store.database import Store
from forms.schema import Form, FormDefinitionRefused, compile_form

PLACES = (
    # kind, folder, pattern
    ("process", "processes", "**/*.bpmn"),
    ("decision", "processes/decisions", "*.dmn"),
    ("data", "processes", "*.yaml"),
    ("form", "forms/definitions", "*.json"),
    ("document", "forms/documents", "*.md"),
)
KEPT_RELEASES = 16
Contents = Mapping[tuple[str, str], str]
"""Text of every definition, by kind and key."""


@dataclass(frozen=True)
class SourceFile:
    """A file of the product's home that holds a definition."""

    kind: str
    key: str
    path: str
    content: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()


class Release:
    """One release, parsed. Immutable; forms and decisions are compiled when first asked for."""

    def __init__(self, release_id: int, contents: Contents) -> None:
        self.id = release_id
        self._contents = contents
        self._forms: dict[str, Form] = {}
        self._decisions: dict[str, DecisionTable] = {}
        self.processes: Processes = parse(
            {key: self.source("process", key).encode() for key in self.keys("process")}
        )

    def keys(self, kind: str) -> list[str]:
        """The keys of all definitions of that kind, in order."""
        return sorted(key for found, key in self._contents if found == kind)

    def source(self, kind: str, key: str) -> str:
        """The text of a definition.

        :raises NotFound: the release has none of that kind and key.
        """
        try:
            return self._contents[kind, key]
        except KeyError:
            raise NotFound(N_("There is no %(kind)s %(key)s."), kind=kind, key=key) from None

    def element(self, process_key: str, element_id: str) -> Element:
        """An element of a process of this release; KeyError when there is none."""
        return self.processes.element(process_key, element_id)

    def form(self, key: str) -> Form:
        """The compiled form.

        :raises DefinitionRefused: its definition can't be compiled.
        """
        if key not in self._forms:
            try:
                self._forms[key] = compile_form(json.loads(self.source("form", key)), compile_expression)
            except FormDefinitionRefused as error:
                raise DefinitionRefused(f"{key}.json", error.findings) from None
            except ValueError as error:
                raise DefinitionRefused(f"{key}.json", [("", str(error))]) from None
        return self._forms[key]

    def decision(self, key: str) -> DecisionTable:
        """The parsed decision table.

        :raises DefinitionRefused: it can't be parsed.
        """
        if key not in self._decisions:
            try:
                self._decisions[key] = parse_decision(self.source("decision", key).encode(), key)
            except DecisionRefused as error:
                raise DefinitionRefused(f"{key}.dmn", error.findings) from None
        return self._decisions[key]

    @cached_property
    def deadline_rules(self) -> Mapping[str, DeadlineRule]:
        """The deadline rules by id."""
        return load_rules(self.source("data", "deadlines"))

    @cached_property
    def legal_rules(self) -> Mapping[str, Any]:
        """``processes/legal_rules.yaml`` as plain data."""
        found = yaml.safe_load(self.source("data", "legal_rules"))
        return found if isinstance(found, dict) else {}

    def verify(self) -> None:
        """Compiles everything that is otherwise compiled on demand.

        :raises DefinitionRefused: one of them can't be, or a diagram names something that isn't there.
        """
        for key in self.keys("form"):
            self.form(key)
        for key in self.keys("decision"):
            self.decision(key)
        _ = self.legal_rules
        findings = [
            (element.id, problem)
            for element in self.processes.elements.values()
            for problem in self._lacks(element)
        ]
        if findings:
            raise DefinitionRefused("processes", findings)

    def _lacks(self, element: Element) -> Iterator[str]:
        """What an element names that this release doesn't have: it would be found only when a case gets there."""
        if element.kind == "userTask" and not (element.form and element.group):
            yield "a user task has a form and a candidate group"
        if element.kind == "serviceTask" and element.operation is None:
            yield "a service task names an operation"
        named = (
            ("form", element.form, self.keys("form")),
            ("decision", element.decision, self.keys("decision")),
            ("document", element.document, self.keys("document")),
            ("deadline", element.deadline, self.deadline_rules),
            ("operation", element.operation, operations.names()),
            ("process", element.called, self.processes.names),
        )
        for what, name, known in named:
            if name is not None and name not in known:
                yield f"there is no {what} {name}"


class Library:
    """The releases that this process has parsed; the most recently used are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parsed: OrderedDict[int, Release] = OrderedDict()
        self._lock = threading.Lock()

    def release(self, release_id: int) -> Release:
        """A release by its number.

        :raises NotFound: there is none.
        """
        with self._lock:
            found = self._parsed.get(release_id)
            if found is not None:
                self._parsed.move_to_end(release_id)
                return found
            with self._store.reading() as session:
                contents = _contents(session, release_id)
            if not contents:
                raise NotFound(N_("There is no release %(id)s."), id=release_id)
            self._parsed[release_id] = parsed = Release(release_id, contents)
            while len(self._parsed) > KEPT_RELEASES:
                self._parsed.popitem(last=False)
            return parsed

    def current(self, session: Session) -> Release:
        """The release that new instances start under.

        :raises NotFound: nothing was loaded yet (``anliu init``).
        """
        release_id = session.scalar(select(tables.Release.id).where(tables.Release.current))
        if release_id is None:
            raise NotFound(N_("No processes are loaded yet: run anliu init."))
        return self.release(release_id)


def read_home(home: Path) -> list[SourceFile]:
    """The definitions in the product's ``processes/`` and ``forms/``."""
    return [
        SourceFile(kind, path.stem, path.relative_to(home).as_posix(), path.read_text(encoding="utf-8"))
        for kind, folder, pattern in PLACES
        for path in sorted((home / folder).glob(pattern))
    ]


def load(session: Session, files: list[SourceFile], now: datetime) -> tuple[int, list[str]]:
    """Publishes the files' contents that the database doesn't have yet, as one release.

    :param now: aware UTC time of the publication.
    :returns: the current release's id, and the paths of the files that were new or changed.
    :raises DefinitionRefused: one of them can't be used; nothing is changed.
    """
    Release(0, {(file.kind, file.key): file.content for file in files}).verify()
    changed = []
    items = []
    for file in files:
        definition = session.scalar(
            select(tables.Definition).where(
                tables.Definition.kind == file.kind,
                tables.Definition.key == file.key,
                tables.Definition.sha256 == file.sha256,
            )
        )
        if definition is None:
            version = session.scalar(
                select(func.coalesce(func.max(tables.Definition.version), 0)).where(
                    tables.Definition.kind == file.kind, tables.Definition.key == file.key
                )
            )
            definition = tables.Definition(
                kind=file.kind,
                key=file.key,
                version=(version or 0) + 1,
                path=file.path,
                content=file.content,
                sha256=file.sha256,
                status="published",
                created_at=now,
                published_at=now,
            )
            session.add(definition)
            session.flush()
            changed.append(file.path)
        items.append(definition)
    return _publish(session, items, now), changed


def _publish(session: Session, items: list[tables.Definition], now: datetime) -> int:
    listing = "\n".join(sorted(f"{item.kind} {item.key} {item.sha256}" for item in items))
    digest = hashlib.sha256(listing.encode()).hexdigest()
    release = session.scalar(select(tables.Release).where(tables.Release.sha256 == digest))
    if release is None:
        release = tables.Release(sha256=digest, created_at=now)
        session.add(release)
        session.flush()
        session.add_all(tables.ReleaseItem(release_id=release.id, definition_id=item.id) for item in items)
    if not release.current:
        session.execute(update(tables.Release).values(current=False))
        release.current = True
        session.flush()
    return release.id


def _contents(session: Session, release_id: int) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(tables.Definition.kind, tables.Definition.key, tables.Definition.content)
        .join(tables.ReleaseItem, tables.ReleaseItem.definition_id == tables.Definition.id)
        .where(tables.ReleaseItem.release_id == release_id)
    )
    return {(kind, key): content for kind, key, content in rows}
