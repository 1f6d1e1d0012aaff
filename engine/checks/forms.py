"""Form definitions: that they compile, and that what they read from the case is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.checks.catalogue import Catalogue
from engine.checks.expressions import is_known
from engine.checks.files import Source
from engine.checks.findings import Notes, did_you_mean
from engine.runtime.expressions import compile_expression
from forms.definition import Check, Field
from forms.schema import Form, FormDefinitionRefused, compile_form

GIVEN = frozenset({"today", "now"})
"""What a field may begin with besides the variables of the case."""


def check(source: Source, catalogue: Catalogue, notes: Notes) -> None:
    """Checks one form definition."""
    try:
        definition = json.loads(source.text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        form = compile_form(definition, compile_expression)
    except FormDefinitionRefused as error:
        for where, message in error.findings:
            notes.error(where or source.key, "bad-form", message)
        return
    except UnicodeDecodeError as error:
        notes.error("line 1", "bad-form", f"not UTF-8: {error.reason} at byte {error.start}")
        return
    except json.JSONDecodeError as error:
        notes.error(f"line {error.lineno}", "bad-form", f"not JSON: {error.msg}")
        return
    except RecursionError:
        notes.error("line 1", "bad-form", "nested too deep")
        return
    except ValueError as error:
        notes.error("line 1", "bad-form", str(error))
        return
    if form.key != source.key:
        notes.error(
            form.key, "wrong-key", f"the form's id is {form.key}, but the file is called {source.key}"
        )
    _moments(form, catalogue, notes)
    _variables(form, catalogue, notes)


def _moments(form: Form, catalogue: Catalogue, notes: Notes) -> None:
    if catalogue.deadlines is None:
        return
    moments = catalogue.deadlines.moments
    for field in form.walk():
        if field.moment and field.moment not in moments:
            close = did_you_mean(field.moment, moments)
            notes.error(field.pattern, "unknown-moment", f"there is no moment {field.moment}{close}")


def _variables(form: Form, catalogue: Catalogue, notes: Notes) -> None:
    own = {field.key for field in form.walk() if field.key}
    for element, name in _read(form):
        if "." in name and name.split(".")[0] not in own and not is_known(name, catalogue):
            close = did_you_mean(name, catalogue.variables)
            notes.error(element, "unknown-variable", f"no form, decision or operation gives {name}{close}")


def _read(form: Form) -> Iterator[tuple[str, str]]:
    """The names that a form reads, each with the field that does."""
    for field in form.walk():
        place = _place(field)
        names = set(field.condition.expr.names) if field.condition is not None else set()
        names |= _names(field.checks)
        if field.default_from and field.default_from not in GIVEN:
            names.add(field.default_from)
        yield from ((place, name) for name in sorted(names))
    yield from ((form.key, name) for name in sorted(_names(form.checks)))


def _names(checks: Iterable[Check]) -> set[str]:
    return {name for check in checks for name in check.expr.names}


def _place(field: Field) -> str:
    return field.pattern or field.id


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"a key stands twice: {next(key for key in keys if keys.count(key) > 1)}")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")
