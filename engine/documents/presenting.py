"""Clean values of a form as a document may print them: choices carry their Chinese labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.definition import Field, Kind, keyed
from forms.schema import Form

YES_NO = {True: "是", False: "否"}


class Choice(str):
    """The value of a choice, equal to that value, with what it is called in Chinese."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, value: str, label: str) -> Choice:
        made = super().__new__(cls, value)
        made.label = label
        return made


def present(
    form: Form, values: Mapping[str, Any], options: Mapping[str, Mapping[str, str]] | None = None
) -> dict[str, Any]:
    """The values of a submission with every choice wrapped, at whatever depth; what is empty is left out.

    :param form: the form that the values were cleaned with.
    :param values: clean values as stored with the submission.
    :param options: labels of choices that are known only at run time: options key (``agencies``) to
        value to Chinese label. A value without one keeps no label and can't be printed with ``labels``.
    """
    return _level(form.fields, values, options or {})


def _level(
    fields: Sequence[Field], values: Mapping[str, Any], options: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    shown = {}
    for field in keyed(fields):
        value = values.get(field.key)
        if value is not None and value != "" and value != []:
            shown[field.key] = _value(field, value, options)
    return shown


def _value(field: Field, value: Any, options: Mapping[str, Mapping[str, str]]) -> Any:
    match field.kind:
        case Kind.CHOICE:
            return _choice(field, value, options)
        case Kind.CHOICES:
            return [_choice(field, item, options) for item in value]
        case Kind.TABLE:
            return [_level(field.children, row, options) for row in value]
        case Kind.GROUP | Kind.PARTY | Kind.ADDRESS:
            return _level(field.children, value, options)
    return value


def _choice(field: Field, value: str, options: Mapping[str, Mapping[str, str]]) -> str:
    if field.options_key:
        label = options.get(field.options_key, {}).get(value)
        return value if label is None else Choice(value, label)
    return Choice(value, next((option.label for option in field.choices if option.value == value), value))
