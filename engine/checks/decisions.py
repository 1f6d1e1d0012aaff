"""Decision tables: that they can be decided, and look at what the case has."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.catalogue import Catalogue
from engine.checks.expressions import is_known
from engine.checks.files import Source
from engine.checks.findings import Notes, did_you_mean
from engine.runtime.decisions import DecisionRefused, DecisionTable, parse_decision
from engine.runtime.xml import XmlRefused


def check(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    """Checks one decision table."""
    try:
        table = parse_decision(source.content or b"", source.name)
    except XmlRefused as error:
        notes.error(f"line {error.line or 1}", "unsafe-xml", error.message)
        return
    except DecisionRefused as error:
        for element, message in error.findings:
            notes.error(element or source.key, "bad-decision", message)
        return
    if table.key != source.key:
        notes.error(
            table.key, "wrong-key", f"the decision's id is {table.key}, but the file is called {source.key}"
        )
    for element, name in _read(table):
        if not is_known(name, catalogue):
            close = did_you_mean(name, catalogue.variables)
            notes.error(element, "unknown-variable", f"no form, decision or operation gives {name}{close}")


def _read(table: DecisionTable) -> Iterator[tuple[str, str]]:
    """The names that a table reads, each with the column or row that does."""
    for column in table.inputs:
        yield from ((column.id, name) for name in sorted(column.expression.names))
    for output in table.outputs:
        if output.default is not None:
            yield from ((output.id, name) for name in sorted(output.default.names))
    for rule in table.rules:
        names = {name for test in rule.tests for name in test.names}
        names |= {name for result in rule.results if result is not None for name in result.names}
        yield from ((rule.id, name) for name in sorted(names))
