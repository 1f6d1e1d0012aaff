"""Forms for tests: definitions in a line, rendering without an application, and a browser that sends a page back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from engine.runtime.expressions import compile_expression
from forms.components import OPTION_LISTS
from forms.html import Decoded, decode
from forms.reading_view import entries
from forms.schema import Form, Option, compile_form
from forms.view import view

ROOT = Path(__file__).parents[2]
REAL = {path.stem: path for path in sorted((ROOT / "forms" / "definitions").glob("*.json"))}
OPTIONS = {key: [Option(f"{key}-{n}", f"选项{n}", f"Option {n}") for n in range(3)] for key in OPTION_LISTS}
SHA = "ab" * 32
_SEALS = URLSafeSerializer("the forms of the tests")
PHOTO = {"sha256": SHA, "name": "照片.jpg", "size": 1000, "media_type": "image/jpeg"}


def definition(*components: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    """A whole definition around components."""
    texts = {"title": "表单", "title_en": "Form", **properties}
    return {
        "type": "default",
        "id": "some_form",
        "schemaVersion": 16,
        "properties": texts,
        "components": list(components),
    }


def form_of(*components: Mapping[str, Any], **properties: Any) -> Form:
    """A compiled form around components."""
    return compile_form(definition(*components, **properties), compile_expression)


def field(
    type_: str,
    key: str,
    *,
    required: bool = False,
    hide: str = "",
    rules: Mapping[str, Any] | None = None,
    own: Mapping[str, Any] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """One component with its labels."""
    place = "path" if type_ in ("group", "dynamiclist") else "key"
    found: dict[str, Any] = {"type": type_, place: key, "label": f"{key}的标签", **(own or {})}
    found["validate"] = {**({"required": True} if required else {}), **(rules or {})}
    found["properties"] = {"en": f"Label of {key}", **properties}
    if hide:
        found["conditional"] = {"hide": f"={hide}"}
    return found


def choices(*values: str) -> dict[str, Any]:
    """The choices of a component, for ``own``."""
    return {"values": [{"label": f"选{value}", "value": value, "en": f"Choice {value}"} for value in values]}


def text(key: str, **rest: Any) -> dict[str, Any]:
    """A line of text."""
    return field("textfield", key, **rest)


def yes_no(key: str, **rest: Any) -> dict[str, Any]:
    """A yes/no question."""
    return field("radio", key, type="yes_no", **rest)


def money(key: str, **rest: Any) -> dict[str, Any]:
    """An amount of money."""
    return field("number", key, type="money", **rest)


def day(key: str, **rest: Any) -> dict[str, Any]:
    """A date."""
    return field("datetime", key, **{"own": {"subtype": "date"}, **rest})


def real_form(name: str) -> Form:
    """A form of the product."""
    return compile_form(json.loads(REAL[name].read_text(encoding="utf-8")), compile_expression)


def seal(reference: Mapping[str, Any]) -> str:
    """The text that stands for a kept file on a page."""
    return str(_SEALS.dumps(reference))


def unseal(text: str) -> dict[str, Any] | None:
    """What :func:`seal` sealed."""
    try:
        found: dict[str, Any] = _SEALS.loads(text)
    except BadSignature:
        return None
    return found


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "webapp" / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        form_view=partial(view, seal=seal), form_entries=entries, icon=lambda name: Markup("<svg></svg>")
    )
    return env


_TEMPLATES = _environment()
_FIELDS = _TEMPLATES.from_string(
    '{% from "forms/_fields.html" import render_form %}'
    "{{ render_form(form, values, errors, options, locale, context, focus) }}"
)
_VALUES = _TEMPLATES.from_string(
    '{% from "forms/_values.html" import render_values %}'
    "{{ render_values(form, values, locale, options, confidential, file_link) }}"
)


def source_of(
    form: Form,
    values: Mapping[str, Any],
    errors: Mapping[str, Any] | None = None,
    locale: str = "zh",
    context: Mapping[str, Any] | None = None,
    focus: str | None = None,
) -> str:
    """The form's fields as HTML."""
    return _FIELDS.render(
        form=form,
        values=values,
        errors=errors or {},
        options=OPTIONS,
        locale=locale,
        context=context or {},
        focus=focus,
    )


def page_of(
    form: Form, values: Mapping[str, Any], errors: Mapping[str, Any] | None = None, **rest: Any
) -> Any:
    """The rendered form as an lxml element."""
    return html.fromstring(f'<form method="post">{source_of(form, values, errors, **rest)}</form>')


def values_page_of(
    form: Form, values: Mapping[str, Any], locale: str = "zh", confidential: bool = False
) -> Any:
    """The submitted values, read-only, as an lxml element."""
    source = _VALUES.render(
        form=form,
        values=values,
        locale=locale,
        options=OPTIONS,
        confidential=confidential,
        file_link=lambda sha256, name: f"/files/{sha256}/{name}",
    )
    return html.fromstring(f"<div>{source}</div>")


def send(
    form: Form,
    page: Any,
    press: tuple[str, str] | None = None,
    files: Mapping[str, Any] | None = None,
    **typed: Any,
) -> Decoded:
    """What arrives when a browser without JavaScript sends the page, pressing a button.

    :param typed: inputs to change before, by name with ``__`` for dots; a list for several choices.
    """
    inputs: MultiDict[str, str] = MultiDict(page.form_values())
    for name, value in typed.items():
        inputs.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    if press is not None:
        assert page.xpath(".//button[@name=$name][@value=$value]", name=press[0], value=press[1]), (
            "no such button"
        )
        inputs.add(*press)
    uploads: MultiDict[str, FileStorage] = MultiDict(files or {})
    return decode(form, inputs, uploads, keep=keep, unseal=unseal)


def keep(upload: FileStorage) -> dict[str, Any]:
    """Keeps a file nowhere and answers its reference."""
    return {
        **PHOTO,
        "name": upload.filename,
        "size": len(upload.stream.read()),
        "media_type": upload.mimetype,
    }
