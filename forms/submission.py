"""One try at filling in a form: what is shown, what is wrong, and the clean values when nothing is.

The marshmallow schema reads every value by itself. What depends on other values is decided here: what is hidden,
what is required, choices known only at run time, identifiers by kind of party, and checks over several fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError

from forms import identifiers
from forms.conditions import hidden_paths
from forms.dates import wall_time
from forms.definition import NESTING, STATIC, Check, Field, Kind, Option, keyed
from forms.errors import N_, FieldError, FormErrors
from forms.values import (
    group_of,
    is_blank,
    is_rows,
    masked,
    path_of,
    readable,
    rows_of,
    without_blank_rows,
    without_empty,
)

Errors = dict[str, list[FieldError]]


class Submission:
    """Raw input laid over a form.

    :param fields: the form's fields.
    :param schema: an instance of the schema compiled from them.
    :param raw: JSON-like input; anything else than a mapping counts as empty here and is refused by ``clean``.
    :param context: case variables, ``today`` and ``now``, for conditions and checks.
    """

    def __init__(
        self, fields: Sequence[Field], schema: Schema, raw: Any, context: Mapping[str, Any] | None
    ) -> None:
        self.fields = fields
        self.schema = schema
        self.raw = raw if isinstance(raw, Mapping) else {}
        self.is_mapping = isinstance(raw, Mapping)
        self.context: dict[str, Any] = wall_time(dict(context or {}))
        self.readable = readable(fields, schema, self.raw)
        self.hidden = hidden_paths(fields, wall_time(self.readable), self.context)

    def shown(self) -> set[str]:
        """The paths of everything that is shown, rows and containers among them."""
        return set(self._shown(self.fields, self.raw, ""))

    def clean(
        self, options: Mapping[str, Sequence[Option]] | None, checks: Sequence[Check]
    ) -> dict[str, Any]:
        """The clean values: no empty entries, no empty rows, no hidden fields.

        :param options: the choices of each ``valuesKey``; None compares nothing with them.
        :param checks: the form's own checks.
        :raises FormErrors: anything is wrong.
        """
        if not self.is_mapping:
            raise FormErrors({"": [FieldError(N_("Enter the fields of the form."))]})
        errors: Errors = {}
        given = self._given(self.fields, self.raw, "")
        try:
            values = self.schema.load(given)
        except ValidationError as error:
            _flatten(error.messages, "", errors)
            values = self.readable  # keeps the numbers of the rows, which marshmallow's valid data do not
        self._demand(self.fields, given, values, "", options, errors)
        if not errors:
            names = wall_time(masked(self.fields, values, self.hidden))
            self._check(checks, {**self.context, **without_blank_rows(self.fields, names)}, "", errors)
            self._check_fields(self.fields, names, dict(self.context), "", errors)
        if errors:
            raise FormErrors(dict(sorted(errors.items(), key=lambda item: self._position(item[0]))))
        return without_empty(self.fields, values)

    def _shown(self, fields: Sequence[Field], raw: Mapping[str, Any], prefix: str) -> Iterator[str]:
        for found in fields:
            path = path_of(found, prefix)
            if path in self.hidden:
                continue
            yield path
            if found.kind is Kind.FIELDSET:
                yield from self._shown(found.children, raw, prefix)
            elif found.kind is Kind.TABLE:
                for number, row in enumerate(rows_of(found, raw)):
                    yield f"{path}.{number}"
                    yield from self._shown(found.children, row, f"{path}.{number}.")
            elif found.kind in NESTING:
                yield from self._shown(found.children, group_of(found, raw), f"{path}.")

    def _given(self, fields: Sequence[Field], raw: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        """What goes into the schema: without hidden fields, empty texts as None, empty optional groups left out."""
        out = dict(raw)
        for found in fields:
            path = path_of(found, prefix)
            if found.kind in STATIC:
                continue
            if found.kind is Kind.FIELDSET:
                inner = self._given(found.children, raw, prefix)
                for child in keyed(found.children):
                    out.pop(child.key, None)
                    if path not in self.hidden and child.key in inner:
                        out[child.key] = inner[child.key]
                continue
            value = out.pop(found.key, None)
            if path in self.hidden or (is_blank(value) and found.kind not in NESTING):
                continue
            if found.kind is Kind.TABLE and is_rows(value):
                value = [
                    self._given(found.children, row, f"{path}.{number}.")
                    if isinstance(row, Mapping)
                    else _or_empty(row)
                    for number, row in enumerate(value)
                ]
            elif found.kind in NESTING:
                if is_blank(value):
                    continue
                if isinstance(value, Mapping):
                    value = self._given(found.children, value, f"{path}.")
            out[found.key] = value
        return out

    def _demand(
        self,
        fields: Sequence[Field],
        given: Mapping[str, Any],
        values: dict[str, Any],
        prefix: str,
        options: Mapping[str, Sequence[Option]] | None,
        errors: Errors,
    ) -> None:
        for found in fields:
            path = path_of(found, prefix)
            if path in self.hidden or found.kind in STATIC:
                continue
            if found.kind is Kind.FIELDSET:
                self._demand(found.children, given, values, prefix, options, errors)
                continue
            raw, value = given.get(found.key), values.get(found.key)
            if path in errors:
                continue
            if found.kind is Kind.TABLE:
                self._demand_rows(found, raw, value, path, options, errors)
            elif found.kind in NESTING:
                # A party or an address may be left out as a whole; a plain group's fields stand for themselves.
                if not is_blank(raw) or found.required or found.kind is Kind.GROUP:
                    self._demand(found.children, raw or {}, value or {}, f"{path}.", options, errors)
            elif value is None or value == [] or value == "":
                if found.required:
                    errors[path] = [FieldError(N_("This field is required."))]
            elif found.options_key is not None and options is not None:
                offered = [option.value for option in options.get(found.options_key, ())]
                chosen = set(value) if isinstance(value, list) else {value}
                if not chosen.issubset(offered):
                    errors[path] = [FieldError(N_("Choose one of the options."))]
                elif isinstance(value, list):
                    values[found.key] = [each for each in dict.fromkeys(offered) if each in chosen]
            elif found.kind is Kind.IDENTIFIER:
                self._identify(values, found.key, path, errors)

    def _demand_rows(
        self,
        table: Field,
        raw: Any,
        values: Any,
        path: str,
        options: Mapping[str, Sequence[Option]] | None,
        errors: Errors,
    ) -> None:
        filled = 0
        for number, row in enumerate(raw or ()):
            if is_blank(row):
                continue
            filled += 1
            if f"{path}.{number}" in errors:
                continue
            read = values[number] if isinstance(values, list) and number < len(values) else {}
            self._demand(
                table.children,
                row if isinstance(row, Mapping) else {},
                read or {},
                f"{path}.{number}.",
                options,
                errors,
            )
        least = table.min_items or (1 if table.required else 0)
        if filled < least:
            errors[path] = [
                FieldError(N_("At least %(limit)s rows."), {"limit": least})
                if least > 1
                else FieldError(N_("At least one row is required."))
            ]

    def _identify(self, values: dict[str, Any], key: str, path: str, errors: Errors) -> None:
        kind, text = values.get("kind"), values[key]
        if kind == "person" and values.get("identifier_type") == "other":
            return
        person = identifiers.resident_id(text) if kind != "organisation" else None
        number = person or (identifiers.uscc_code(text) if kind != "person" else None)
        if number is None:
            message = (
                N_("This is not a valid unified social credit code.")
                if kind == "organisation"
                else N_("This is not a valid resident identity number.")
            )
            errors[path] = [FieldError(message)]
        else:
            values[key] = number

    def _check_fields(
        self,
        fields: Sequence[Field],
        values: Mapping[str, Any],
        around: dict[str, Any],
        prefix: str,
        errors: Errors,
    ) -> None:
        names = {**around, **without_blank_rows(fields, values)}
        for found in fields:
            path = path_of(found, prefix)
            if path in self.hidden:
                continue
            if found.kind is Kind.FIELDSET:
                self._check_fields(found.children, values, around, prefix, errors)
            elif found.kind is Kind.TABLE:
                for number, row in enumerate(values.get(found.key) or ()):
                    if not is_blank(row):
                        self._check_fields(found.children, row, names, f"{path}.{number}.", errors)
            elif found.kind in NESTING:
                self._check_fields(found.children, values.get(found.key) or {}, names, f"{path}.", errors)
            self._check(found.checks, names, path if found.key else "", errors)

    def _check(self, checks: Sequence[Check], names: Mapping[str, Any], path: str, errors: Errors) -> None:
        for check in checks:
            try:
                broken = check.expr.evaluate(names) is False
            except Exception:  # the evaluator is handed in; what it can't decide is refused
                broken = True
            if broken:
                error = FieldError(check.message_en, chinese=check.message, article=check.article)
                errors.setdefault(path, []).append(error)

    def _position(self, path: str) -> tuple[tuple[int, int], ...]:
        """Where a path stands in the form; unknown fields come last."""
        level: Sequence[Field] = self.fields
        place: list[tuple[int, int]] = []
        for part in path.split(".") if path else ():
            if part.isascii() and part.isdigit() and len(part) < 9:
                place.append((0, int(part)))
                continue
            keys = [found.key for found in keyed(level)]
            place.append((0, keys.index(part)) if part in keys else (1, 0))
            level = next((found.children for found in keyed(level) if found.key == part), ())
        return tuple(place)


def _or_empty(row: Any) -> Any:
    return {} if is_blank(row) else row


def _flatten(messages: Any, path: str, errors: Errors) -> None:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            _flatten(inner, path if key == "_schema" else f"{path}.{str(key)[:100]}".lstrip("."), errors)
    elif isinstance(messages, list):
        for message in messages:
            found = message if isinstance(message, FieldError) else FieldError(str(message))
            errors.setdefault(path, []).append(found)
