"""A form definition compiled to a form: fields to render, a marshmallow schema to validate, rules to decide by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from forms import display
from forms.conditions import Compiler, refuse_cycles
from forms.dates import start_of
from forms.definition import FLOW, NESTING, Check, CompileExpression, Field, Kind, Option, keyed, walk
from forms.errors import FieldError, FormDefinitionRefused, FormErrors
from forms.fields import schema_for
from forms.notes import Component, Findings
from forms.reading import Reader
from forms.submission import Submission
from forms.values import readable

__all__ = ["FieldError", "Form", "FormDefinitionRefused", "FormErrors", "Option", "compile_form"]

_EXPORTED = frozenset({"exporter", "executionPlatform", "executionPlatformVersion", "versionTag"})


class Form:
    """A compiled form. Never changes; may be shared between threads.

    ``key`` names the form; ``title``/``title_en``, ``help``/``help_en``, ``submit``/``submit_en`` are its texts,
    ``articles`` the provisions of law that it rests on, ``fields`` the tree of its fields.
    """

    def __init__(
        self,
        key: str,
        texts: Mapping[str, str],
        articles: Sequence[str],
        fields: Sequence[Field],
        checks: Sequence[Check],
    ) -> None:
        self.key = key
        self.title, self.title_en = texts["title"], texts["title_en"]
        self.help, self.help_en = texts["help"], texts["help_en"]
        self.submit, self.submit_en = texts["submit"], texts["submit_en"]
        self.articles = tuple(articles)
        self.fields = tuple(fields)
        self.checks = tuple(checks)
        self.schema = schema_for(self.fields)
        self.confidential_keys = frozenset(
            found.pattern for found in walk(self.fields) if found.confidential and found.key
        )
        self.triggers = frozenset(
            pattern for found in walk(self.fields) if found.condition for pattern in found.condition.reads
        )

    def help_for(self, locale: str) -> str:
        """The explanation for a locale, or an empty text."""
        return self.help if locale.startswith("zh") else self.help_en

    def walk(self) -> Iterator[Field]:
        """Every field, those in groups and tables included, in the order of the form."""
        return walk(self.fields)

    def field(self, pattern: str) -> Field | None:
        """The field of a pattern (``suspects.*.name``) or a path (``suspects.0.name``), or None."""
        wanted = ".".join("*" if part.isdigit() else part for part in pattern.split("."))
        return next((found for found in self.walk() if found.pattern == wanted), None)

    def clean(
        self,
        raw: Mapping[str, Any],
        options: Mapping[str, Sequence[Option]] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Validates what was filled in.

        :param raw: JSON-like values as a page, the API or a scenario gives them, or clean values again.
        :param options: the choices of each ``valuesKey``; None accepts any well-formed choice.
        :param context: case variables by process id, ``today`` (a date) and ``now`` (aware), for conditions and checks.
        :returns: clean values: str, int, Decimal (yuan and other numbers), date, aware UTC datetime, bool, file
            references, lists and dicts of these. Nothing empty and nothing hidden is in them.
        :raises FormErrors: anything is wrong; nothing is accepted in part.
        """
        return self._submission(raw, context).clean(options, self.checks)

    def visible(self, raw: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> set[str]:
        """The paths of what is shown with these values: fields, groups, rows (``suspects.0``) and texts (``#id``)."""
        return self._submission(raw, context).shown()

    def initial(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Values to begin with: ``default_from`` out of ``variables``, otherwise the constant default.

        :param variables: case variables by process id, ``today`` and ``now``. What doesn't fit the field is left out.
        """
        return readable(self.fields, self.schema(), _defaults(self.fields, variables))

    def flow_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the flow may decide on: choices, yes/no, numbers, money and dates outside tables.

        :param values: clean values. Every such field of the form is in the answer, unanswered ones as None, so that
            a second round leaves nothing of the first. Values of a group with a path nest.
        """
        return _flow(self.fields, values)

    def moments(self, values: Mapping[str, Any]) -> dict[str, datetime]:
        """The legal moments that clean values record, aware, in UTC.

        A date counts from 00:00 of that day in Asia/Shanghai: periods in days run from the day after, so the time
        of day does not matter to them. Periods in hours need a date-time field.
        """
        found: dict[str, datetime] = {}
        for field in self.walk():
            value = _value_at(values, field.pattern) if field.moment else None
            if field.moment and isinstance(value, datetime):
                found[field.moment] = value
            elif field.moment and isinstance(value, date):
                found[field.moment] = start_of(value)
        return found

    def files(self, values: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The file references in clean values, each with the path of its field, so that a caller can verify them."""
        return list(_files(self.fields, values, ""))

    def public_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Clean values without the confidential fields."""
        return _public(self.fields, values)

    def display(
        self, field: Field, value: Any, locale: str, options: Mapping[str, Sequence[Option]] | None = None
    ) -> str:
        """A clean value in words: labels of choices, ``¥20,000.00``, ``2024年3月18日``, ``是``. Empty for None."""
        return display.display(field, value, locale, options)

    def _submission(self, raw: Any, context: Mapping[str, Any] | None) -> Submission:
        return Submission(self.fields, self.schema(), raw, context)


def compile_form(definition: Mapping[str, Any], compile_expression: CompileExpression) -> Form:
    """Compiles a form-js definition with our properties.

    :param definition: the JSON object of one file of ``forms/definitions``.
    :param compile_expression: compiles S-FEEL text to an expression; may raise anything to refuse it.
    :raises FormDefinitionRefused: with everything that is wrong with the definition.
    """
    findings: Findings = []
    if not isinstance(definition, Mapping):
        raise FormDefinitionRefused([("", "the definition must be an object")])
    top = Component(definition, "", findings)
    if top.take("type") != "default":
        top.refuse('type must be "default"')
    key = top.text("id")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key):
        top.refuse("id must be small letters, digits and underscores")
    version = top.take("schemaVersion")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        top.refuse("schemaVersion must be a whole number")
    top.ignore(_EXPORTED)
    texts = {name: top.property(name) for name in ("title", "title_en")}
    for name, text in texts.items():
        if not text:
            top.refuse(f"properties.{name} is required")
    for name in ("help", "submit"):
        texts[name], texts[f"{name}_en"] = top.both(name)
    articles = _articles(top)
    reader = Reader(findings)
    fields = reader.fields(top.take("components"))
    compiler = Compiler(reader.sources, compile_expression, findings)
    fields = compiler.attach(fields)
    checks = compiler.checks(top, [{found.key: found for found in keyed(fields)}])
    for component in (top, *reader.sources.values()):
        component.finish()
    refuse_cycles(fields, findings)
    _refuse_defaults(fields, findings)
    _refuse_repeated_moments(fields, findings)
    if findings:
        raise FormDefinitionRefused(findings)
    return Form(key, texts, articles, fields, checks)


def _articles(top: Component) -> list[str]:
    found = top.take_property("articles")
    if isinstance(found, str):
        found = [part.strip() for part in re.split("[;；]", found) if part.strip()]
    if found is not None and not (isinstance(found, list) and all(isinstance(each, str) for each in found)):
        top.refuse("properties.articles must be a list of texts")
        return []
    return found or []


def _refuse_defaults(fields: Sequence[Field], findings: Findings) -> None:
    for found in walk(fields):
        if found.default not in (None, "", []) and not findings:
            read = readable([found], schema_for([found])(), {found.key: found.default})
            if found.key not in read:
                findings.append((found.key, "defaultValue does not fit the field"))


def _refuse_repeated_moments(fields: Sequence[Field], findings: Findings) -> None:
    names = [found.moment for found in walk(fields) if found.moment]
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.append(("", f"the moment {name} is recorded by two fields"))


def _defaults(fields: Sequence[Field], variables: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for found in keyed(fields):
        value = _value_at(variables, found.default_from) if found.default_from else None
        if value is None and found.kind in NESTING:
            value = _defaults(found.children, variables)
        elif value in (None, []) and found.kind is Kind.TABLE:
            value = [_defaults(found.children, variables) for _ in range(found.first_rows)]
        out[found.key] = found.default if value is None else value
    return out


def _value_at(values: Any, path: str) -> Any:
    for part in path.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _flow(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for found in keyed(fields):
        if found.kind in NESTING:
            inner = _flow(found.children, values.get(found.key) or {})
            if inner:
                out[found.key] = inner
        elif found.kind in FLOW:
            out[found.key] = values.get(found.key)
    return out


def _files(
    fields: Sequence[Field], values: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for found in keyed(fields):
        value, path = values.get(found.key), f"{prefix}{found.key}"
        if found.kind in NESTING:
            yield from _files(found.children, value or {}, f"{path}.")
        elif found.kind is Kind.TABLE:
            for number, row in enumerate(value or ()):
                yield from _files(found.children, row, f"{path}.{number}.")
        elif found.kind is Kind.FILE and value:
            for each in value if isinstance(value, list) else [value]:
                yield path, each


def _public(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for found in keyed(fields):
        value = values.get(found.key)
        if value is None or found.confidential:
            continue
        if found.kind in NESTING:
            value = _public(found.children, value)
        elif found.kind is Kind.TABLE:
            value = [_public(found.children, row) for row in value]
        out[found.key] = value
    return out
