"""What there is to refer to: the processes, forms, decisions, documents and data around the files in hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.checks import data, files
from engine.checks.data import Roles
from engine.checks.diagram import Diagram, Node, read_diagram
from engine.checks.files import Source
from engine.deadlines.rules import DeadlineData, load
from engine.errors import DefinitionRefused
from engine.runtime import operations, xml
from engine.runtime.decisions import DecisionRefused, DecisionTable, parse_decision
from engine.runtime.expressions import compile_expression
from engine.runtime.vocabulary import ACTIVITIES, EVENTS, GATEWAYS
from engine.settings import ROOT
from forms.definition import FLOW, Field, Kind
from forms.schema import Form, FormDefinitionRefused, compile_form


def home_of(path: Path) -> Path:
    """The product's folder that a file belongs to: the nearest one with processes and forms, else our own."""
    for folder in path.resolve().parents:
        if (folder / "processes").is_dir() and (folder / "forms").is_dir():
            return folder
    return ROOT


def known_operations() -> dict[str, Collection[str]]:
    """The operations that service tasks may name, with the variables that each sets in its process."""
    import engine.cases.operations  # noqa: F401 - registers them

    return {name: getattr(operations.find(name), "outputs", ()) for name in operations.names()}


@dataclass(frozen=True)
class Variable:
    """A value of the case that flows may decide on. ``choices`` are its possible values where they are fixed."""

    path: str
    choices: frozenset[str] | None = None


@dataclass
class Catalogue:
    """Everything that can be referred to, by kind and key. What can't be read is left out: its own check says so."""

    home: Path
    sources: Mapping[tuple[str, str], Source]
    operations: Mapping[str, Collection[str]]
    twins: Mapping[Path, Path] = field(default_factory=dict)
    """Files of the home that another one with the same kind and key takes the place of."""
    _forms: dict[str, Form | None] = field(default_factory=dict)

    @staticmethod
    def around(
        home: Path, given: Iterable[Source], operations: Mapping[str, Collection[str]] | None = None
    ) -> Catalogue:
        """The definitions of a home, with the given files in the place of those with the same kind and key."""
        folders = (home / "processes", home / "forms")
        own = [
            files.read(path) for folder in folders if folder.is_dir() for path in files.definitions(folder)
        ]
        sources = {(each.kind, each.key): each for each in own}
        kept = {each.path for each in sources.values()}
        twins = {
            each.path.resolve(): sources[each.kind, each.key].path for each in own if each.path not in kept
        }
        sources |= {(each.kind, each.key): each for each in given}
        return Catalogue(home, sources, known_operations() if operations is None else operations, twins)

    def holds(self, source: Source) -> bool:
        """Whether a file lies in the home itself."""
        return source.path.resolve().is_relative_to(self.home.resolve())

    def keys(self, kind: str) -> list[str]:
        """The keys of all definitions of a kind, in order."""
        return sorted(key for found, key in self.sources if found == kind)

    @cached_property
    def diagrams(self) -> Mapping[str, Diagram]:
        """The diagrams that can be read, by the id of their process."""
        found = {}
        for (kind, key), source in self.sources.items():
            if kind != "process" or source.content is None:
                continue
            try:
                diagram = read_diagram(xml.parse(source.content, source.name), key)
            except xml.XmlRefused:
                continue
            if diagram is not None:
                found[diagram.key] = diagram
        return found

    def form(self, key: str) -> Form | None:
        """A form, or None when there is none or it can't be compiled."""
        if key not in self._forms:
            self._forms[key] = None
            source = self.sources.get(("form", key))
            if source is not None and source.content is not None:
                with suppress(FormDefinitionRefused, ValueError, RecursionError):
                    self._forms[key] = compile_form(json.loads(source.text), compile_expression)
        return self._forms[key]

    def decision(self, key: str) -> DecisionTable | None:
        """A decision table, or None when there is none or it can't be parsed."""
        source = self.sources.get(("decision", key))
        if source is None or source.content is None:
            return None
        try:
            return parse_decision(source.content, key)
        except (DecisionRefused, xml.XmlRefused):
            return None

    @cached_property
    def deadlines(self) -> DeadlineData | None:
        """The deadline rules and moments, or None when they can't be read."""
        text = self._data_text("deadlines")
        try:
            return None if text is None else load(text)
        except DefinitionRefused:
            return None

    @cached_property
    def roles(self) -> Roles | None:
        """The groups, places and agencies, or None when they can't be read."""
        text = self._data_text("agencies")
        try:
            return None if text is None else data.read_roles(text, "agencies.yaml")
        except DefinitionRefused:
            return None

    def fields(self, diagram: Diagram) -> list[Field]:
        """The fields of all forms that a process asks to be filled in."""
        forms = (self.form(node.anliu("form") or "") for node in diagram.nodes.values() if node.anliu("form"))
        return [each for form in forms if form is not None for each in form.walk()]

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The variables that flows may decide on, by path such as ``review.treatment``."""
        found: dict[str, Variable] = {}
        for diagram in self.diagrams.values():
            for path, choices in self._variables_of(diagram):
                known = found.get(path)
                if known is not None and (known.choices is None or choices is None):
                    choices = None
                elif known is not None and known.choices is not None and choices is not None:
                    choices |= known.choices
                found[path] = Variable(path, choices)
        return found

    @cached_property
    def incomplete(self) -> frozenset[str]:
        """The names of data that may hold more than is known, because a form, decision or operation can't be read.

        That is said where it is named or missing; nothing is said about what it would have given.
        """
        return frozenset(
            diagram.data
            for diagram in self.diagrams.values()
            for node in diagram.nodes.values()
            if not self._is_complete(node)
        )

    def _is_complete(self, node: Node) -> bool:
        match node.tag:
            case "userTask":
                return self.form(node.anliu("form") or "") is not None
            case "startEvent":
                return node.anliu("form") is None or self.form(node.anliu("form") or "") is not None
            case "businessRuleTask":
                return self.decision(node.anliu("decision") or "") is not None
            case "serviceTask":
                return node.anliu("operation") in self.operations
        return node.tag in ACTIVITIES | GATEWAYS | EVENTS

    def _variables_of(self, diagram: Diagram) -> Iterable[tuple[str, frozenset[str] | None]]:
        for node in diagram.nodes.values():
            form = self.form(node.anliu("form") or "")
            if form is not None and node.multi_instance is not None:
                yield f"{diagram.data}.{node.id}", None  # answers by item: consultation.give_opinion.police
            elif form is not None:
                for each in form.walk():
                    if each.kind in FLOW and "*" not in each.pattern:
                        fixed = each.kind in (Kind.CHOICE, Kind.CHOICES) and not each.options_key
                        choices = frozenset(option.value for option in each.choices) if fixed else None
                        yield f"{diagram.data}.{each.pattern}", choices
            table = self.decision(node.anliu("decision") or "")
            for column in table.outputs if table is not None else ():
                yield f"{diagram.data}.{column.name}", None
            for output in self.operations.get(node.anliu("operation") or "", ()):
                yield f"{diagram.data}.{output}", None

    @cached_property
    def answers(self) -> Mapping[str, frozenset[str]]:
        """All that each process's forms, decisions and operations give, by the name of its data."""
        found: dict[str, set[str]] = {}
        for diagram in self.diagrams.values():
            section = found.setdefault(diagram.data, set())
            section.update(each.pattern for each in self.fields(diagram) if "#" not in each.pattern)
            given = (path for path, _ in self._variables_of(diagram))
            section.update(path.removeprefix(f"{diagram.data}.") for path in given)
        return {name: frozenset(paths) for name, paths in found.items()}

    @cached_property
    def recorded_moments(self) -> frozenset[str]:
        """The moments that some element marks or some field records."""
        marked = {
            node.anliu("marks") for diagram in self.diagrams.values() for node in diagram.nodes.values()
        }
        dated = {each.moment for diagram in self.diagrams.values() for each in self.fields(diagram)}
        return frozenset(each for each in marked | dated if each)

    @cached_property
    def performed_acts(self) -> frozenset[str]:
        """The legal acts that some element performs."""
        acts = {node.anliu("act") for diagram in self.diagrams.values() for node in diagram.nodes.values()}
        return frozenset(each for each in acts if each)

    def _data_text(self, key: str) -> str | None:
        source = self.sources.get(("data", key))
        if source is None or source.content is None:
            return None
        try:
            return source.text
        except UnicodeDecodeError:
            return None
