"""A form as a page shows it: every input with its id, text, choices, errors and what is hidden, ready for templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from marshmallow import ValidationError

from forms.dates import in_shanghai
from forms.definition import NESTING, STATIC, Field, Kind, Option
from forms.errors import FieldError
from forms.fields import field_for
from forms.schema import Form
from forms.values import group_of, is_rows, path_of

Options = Mapping[str, Sequence[Option]]
Seal = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class OptionView:
    """One radio button, checkbox or entry of a list."""

    value: str
    label: str
    id: str
    chosen: bool


@dataclass(frozen=True)
class FileView:
    """A kept file: its reference, sealed, for the hidden input, and what people see of it."""

    reference: str
    sha256: str
    name: str
    size: int


@dataclass(frozen=True)
class RowView:
    """One row of a table. ``number`` counts from 1."""

    path: str
    id: str
    number: int
    inputs: tuple[InputView, ...]


@dataclass(frozen=True)
class InputView:
    """One field with everything that a template needs.

    ``id`` is the HTML id; ``described_by`` the ids of help and errors. ``input_type`` is the type of the input
    element. ``refresh`` says that conditions depend on it, ``conditional`` that it has a condition itself.
    """

    field: Field
    path: str
    id: str
    label: str
    help: str
    suffix: str
    text: str = ""
    input_type: str = "text"
    errors: tuple[FieldError, ...] = ()
    options: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    inputs: tuple[InputView, ...] = ()
    rows: tuple[RowView, ...] = ()
    row_label: str = ""
    html: str = ""
    required: bool = False
    refresh: bool = False
    conditional: bool = False
    autofocus: bool = False

    @property
    def described_by(self) -> str:
        """Ids for ``aria-describedby``, or an empty text."""
        parts = [f"{self.id}-help"] if self.help else []
        return " ".join(parts + ([f"{self.id}-error"] if self.errors else []))

    @property
    def width(self) -> int:
        """Columns out of Bootstrap's 12."""
        return max(1, round(self.field.columns * 12 / 16))


@dataclass(frozen=True)
class Problem:
    """One line of the summary of errors. ``id`` is the HTML id to go to, or empty."""

    label: str
    id: str
    error: FieldError


@dataclass(frozen=True)
class FormView:
    """A form to render. ``hidden`` are (name, value) of fields that are not shown now, so that nothing typed is lost."""

    form: Form
    inputs: tuple[InputView, ...]
    problems: tuple[Problem, ...]
    form_errors: tuple[FieldError, ...]
    hidden: tuple[tuple[str, str], ...] = field(default=())


def view(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[FieldError]] | None = None,
    options: Options | None = None,
    locale: str = "zh",
    context: Mapping[str, Any] | None = None,
    focus: str | None = None,
    *,
    seal: Seal,
) -> FormView:
    """Lays values, raw or clean, over a form for rendering.

    :param values: what stands in the inputs; invalid raw input is shown as it was typed.
    :param errors: ``FormErrors.errors``.
    :param options: the choices of each ``valuesKey``.
    :param locale: ``zh`` or ``en``.
    :param context: case variables, ``today`` and ``now``, for conditions.
    :param focus: a path whose first input gets the cursor.
    :param seal: makes of a kept file's reference the text that ``decode``'s ``unseal`` takes back.
    """
    builder = _Builder(form, errors or {}, options or {}, locale, form.visible(values, context), focus, seal)
    inputs = builder.level(form.fields, values, "")
    problems = [
        Problem(builder.labels.get(path, ""), builder.ids.get(path, ""), error)
        for path, found in builder.errors.items()
        for error in found
    ]
    return FormView(form, inputs, tuple(problems), tuple(builder.errors.get("", ())), tuple(builder.hidden))


class _Builder:
    def __init__(
        self, form: Form, errors: Mapping[str, Sequence[FieldError]], options: Options, locale: str, shown: set[str],
        focus: str | None, seal: Seal,
    ) -> None:  # fmt: skip
        self.form = form
        self.errors = errors
        self.options = options
        self.locale = locale
        self.shown = shown
        self.focus = focus
        self.seal = seal
        self.hidden: list[tuple[str, str]] = []
        self.labels: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    def level(self, fields: Sequence[Field], values: Mapping[str, Any], prefix: str) -> tuple[InputView, ...]:
        out = []
        for found in fields:
            path = path_of(found, prefix)
            if path in self.shown:
                out.append(self._input(found, values, path, prefix))
            else:
                self.hidden.extend(hidden_inputs(found, values, prefix, self.seal))
        return tuple(out)

    def _input(self, found: Field, values: Mapping[str, Any], path: str, prefix: str) -> InputView:
        id_ = "f-" + path.replace(".", "-").replace("#", "x-")
        label = found.label_for(self.locale)
        self.labels[path], self.ids[path] = label, id_
        shown = InputView(
            field=found,
            path=path,
            id=id_,
            label=label,
            help=found.help_for(self.locale),
            suffix=found.suffix_for(self.locale),
            errors=tuple(self.errors.get(path, ())) if found.key else (),
            required=found.required,
            refresh=found.pattern in self.form.triggers,
            conditional=found.condition is not None,
        )
        if found.kind is Kind.FIELDSET:
            return replace(shown, inputs=self.level(found.children, values, prefix))
        if found.kind in NESTING:
            return replace(shown, inputs=self.level(found.children, group_of(found, values), f"{path}."))
        if found.kind is Kind.TABLE:
            return self._table(shown, values.get(found.key))
        if found.kind in STATIC:
            return replace(shown, html=markdown(found.text_for(self.locale)))
        return self._leaf(shown, values.get(found.key))

    def _table(self, shown: InputView, value: Any) -> InputView:
        rows = []
        for number, row in enumerate(value if is_rows(value) else ()):
            path = f"{shown.path}.{number}"
            self.labels[path], self.ids[path] = f"{shown.label} {number + 1}", f"{shown.id}-{number}"
            inputs = self.level(shown.field.children, row if isinstance(row, Mapping) else {}, f"{path}.")
            rows.append(RowView(path, f"{shown.id}-{number}", number + 1, inputs))
        return replace(shown, rows=tuple(rows), row_label=shown.field.row_for(self.locale))

    def _leaf(self, shown: InputView, value: Any) -> InputView:
        found = shown.field
        focused = self.focus is not None and f"{shown.path}.".startswith(f"{self.focus}.")
        if focused:
            self.focus = None
        shown = replace(shown, autofocus=focused)
        if found.kind is Kind.FILE:
            return replace(shown, files=tuple(_file_views(value, self.seal)))
        if found.widget:
            offered = self.options.get(found.options_key, ()) if found.options_key else found.choices
            chosen = {_plain(each) for each in (value if is_rows(value) else [value])}
            return replace(
                shown,
                options=tuple(
                    OptionView(
                        each.value, each.label_for(self.locale), f"{shown.id}-{n}", each.value in chosen
                    )
                    for n, each in enumerate(offered)
                ),
            )
        text, input_type = _typed(found, value)
        return replace(shown, text=text, input_type=input_type)


def hidden_inputs(
    found: Field, values: Mapping[str, Any], prefix: str, seal: Seal
) -> Iterator[tuple[str, str]]:
    """Names and values of hidden inputs that carry what stands in a field that is not shown."""
    path = path_of(found, prefix)
    value = values.get(found.key) if found.key else None
    if found.kind is Kind.FIELDSET:
        for child in found.children:
            yield from hidden_inputs(child, values, prefix, seal)
    elif found.kind in NESTING:
        for child in found.children:
            yield from hidden_inputs(child, group_of(found, values), f"{path}.", seal)
    elif found.kind is Kind.TABLE:
        for number, row in enumerate(value if is_rows(value) else ()):
            for child in found.children:
                yield from hidden_inputs(
                    child, row if isinstance(row, Mapping) else {}, f"{path}.{number}.", seal
                )
    elif found.kind is Kind.FILE:
        for each in _file_views(value, seal):
            yield path, each.reference
    elif found.kind is Kind.CHOICES:
        for each in value if is_rows(value) else ():
            yield path, _plain(each)
    elif found.is_leaf and (text := _typed(found, value)[0]):
        yield path, text


def _typed(found: Field, value: Any) -> tuple[str, str]:
    """What stands in an input, and its type: a native date input only for a date, or text would be lost in it."""
    if found.kind not in (Kind.DATE, Kind.DATETIME):
        return _plain(value), "tel" if found.kind is Kind.PHONE else "text"
    native = "date" if found.kind is Kind.DATE else "datetime-local"
    if value is None or value == "":
        return "", native
    try:
        read = field_for(found).deserialize(value)
    except ValidationError:
        return _plain(value), "text"
    if isinstance(read, datetime):
        local = in_shanghai(read)
        return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}", native
    return read.isoformat(), native


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str | int | float | date):
        return str(value)
    return ""


def _file_views(value: Any, seal: Seal) -> Iterator[FileView]:
    for each in value if is_rows(value) else [value]:
        if isinstance(each, Mapping) and each.get("sha256"):
            name, size = each.get("name"), each.get("size")
            reference = {key: each.get(key) for key in ("sha256", "name", "size", "media_type")}
            yield FileView(
                reference=seal(reference),
                sha256=str(each["sha256"]),
                name=str(name),
                size=size if isinstance(size, int) else 0,
            )


@lru_cache(maxsize=1000)
def markdown(text: str) -> str:
    """Static text as HTML. HTML in it is shown, not taken as HTML; links can't run anything."""
    html: str = MarkdownIt("commonmark", {"html": False}).render(text)
    return html
