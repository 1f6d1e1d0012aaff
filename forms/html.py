"""What a browser sent, back into raw values: names are paths, so it works without JavaScript.

``suspects.0.name`` is a field of a row; several inputs of one name are several choices; a file that was kept before
comes back, sealed, in a hidden input of the field's own name. Buttons: ``_refresh`` shows the form again with its
conditions decided anew, ``_row_add`` and ``_row_remove`` (value: a path) change a table, ``_file_remove`` (value:
``path:sha256``) takes a kept file away. None of them submits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, Protocol

from forms.definition import NESTING, Field, Kind, keyed
from forms.fields import accepted
from forms.schema import Form

BUTTONS = ("_refresh", "_row_add", "_row_remove", "_file_remove")


class Inputs(Protocol):
    """A multi-dictionary such as Werkzeug's ``request.form``."""

    def getlist(self, name: str, /) -> list[str]: ...

    def keys(self) -> Iterable[str]: ...


class Upload(Protocol):
    """An uploaded file such as Werkzeug's ``FileStorage``."""

    filename: str | None

    @property
    def mimetype(self) -> str: ...

    @property
    def stream(self) -> IO[bytes]: ...


class Uploads(Protocol):
    """A multi-dictionary of uploads such as Werkzeug's ``request.files``."""

    def getlist(self, name: str, /) -> list[Any]: ...


Keep = Callable[[Any], Mapping[str, Any]]
Unseal = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Decoded:
    """What was sent.

    ``raw`` is for ``Form.clean`` or, when not ``submitted``, for rendering again as it is. ``focus`` is the path
    whose first input the page should put the cursor into (a row that was just added), or None.
    """

    raw: dict[str, Any]
    submitted: bool
    focus: str | None = None


def decode(form: Form, inputs: Inputs, uploads: Uploads, *, keep: Keep, unseal: Unseal) -> Decoded:
    """Reads what a browser sent for a form. Names that the form does not know (the page's own) are left alone.

    :param inputs: the text inputs (``request.form``).
    :param uploads: the files (``request.files``).
    :param keep: stores an upload and answers ``{"sha256", "name", "size", "media_type"}``. It is not called for one
        that the field doesn't accept or that is too large; ``Form.clean`` then says so.
    :param unseal: the reference in a text that the page had from ``view``'s ``seal``, or None for any other text:
        whoever sends a form may name only files that this person was given, not any whose SHA-256 is known.
    """
    decoder = _Decoder(inputs, uploads, keep, unseal)
    raw = decoder.level(form.fields, "")
    focus = None
    for path in inputs.getlist("_row_add"):
        focus = _add_row(form, raw, path)
    for path in inputs.getlist("_row_remove"):
        focus = _remove_row(form, raw, path)
    submitted = not any(inputs.getlist(button) for button in BUTTONS)
    return Decoded(raw, submitted, focus)


class _Decoder:
    def __init__(self, inputs: Inputs, uploads: Uploads, keep: Keep, unseal: Unseal) -> None:
        self.inputs = inputs
        self.uploads = uploads
        self.keep = keep
        self.unseal = unseal
        self.names = list(inputs.keys())
        self.removed = set(inputs.getlist("_file_remove"))

    def level(self, fields: Iterable[Field], prefix: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for found in keyed(tuple(fields)):
            path = f"{prefix}{found.key}"
            if found.kind is Kind.TABLE:
                value: Any = [
                    self.level(found.children, f"{path}.{number}.") for number in self._rows(found, path)
                ]
            elif found.kind in NESTING:
                value = self.level(found.children, f"{path}.")
            elif found.kind is Kind.FILE:
                value = self._files(found, path)
            elif found.kind is Kind.CHOICES:
                value = [each for each in self.inputs.getlist(path) if each]
            else:
                value = next((each for each in reversed(self.inputs.getlist(path)) if each), None)
            if value not in (None, [], {}):
                out[found.key] = value
        return out

    def _rows(self, table: Field, path: str) -> list[int]:
        start = f"{path}."
        numbers = set()
        for name in self.names:
            if name.startswith(start):
                number = name[len(start) :].partition(".")[0]
                if number.isascii() and number.isdigit() and len(number) <= 4:
                    numbers.add(int(number))
        most = len(numbers) if table.max_items is None else table.max_items + 1
        return sorted(numbers)[:most]

    def _files(self, field: Field, path: str) -> Any:
        kept = [dict(found) for text in self.inputs.getlist(path) if (found := self.unseal(text))]
        kept = [found for found in kept if f"{path}:{found['sha256']}" not in self.removed]
        new = [
            self._upload(field, upload) for upload in self.uploads.getlist(path) if upload and upload.filename
        ]
        if field.multiple:
            return kept + new
        one = new or kept
        return one[-1] if one else None

    def _upload(self, field: Field, upload: Upload) -> dict[str, Any]:
        name = PurePosixPath((upload.filename or "").replace("\\", "/")).name
        size = upload.stream.seek(0, 2)
        upload.stream.seek(0)
        media_type = (upload.mimetype or "application/octet-stream").lower()
        too_large = field.max_bytes is not None and size > field.max_bytes
        if too_large or not accepted(field.accept, name, media_type):
            return {"sha256": "", "name": name, "size": size, "media_type": media_type}
        return dict(self.keep(upload))


def _add_row(form: Form, raw: dict[str, Any], path: str) -> str | None:
    table = form.field(path)
    if table is None or table.kind is not Kind.TABLE:
        return None
    rows = _rows_at(raw, path)
    if table.max_items is not None and len(rows) >= table.max_items:
        return path
    rows.append({})
    return f"{path}.{len(rows) - 1}"


def _remove_row(form: Form, raw: dict[str, Any], path: str) -> str | None:
    table, _, number = path.rpartition(".")
    found = form.field(table)
    rows = _rows_at(raw, table) if found is not None and found.kind is Kind.TABLE else None
    if rows is None or not (number.isascii() and number.isdigit() and len(number) <= 4):
        return None
    if int(number) < len(rows):
        del rows[int(number)]
    return table


def _rows_at(raw: dict[str, Any], path: str) -> list[Any]:
    """The list of rows at a path, made when it isn't there; tables stand at the top or in groups, never in tables."""
    level: Any = raw
    *groups, key = path.split(".")
    for group in groups:
        level = level.setdefault(group, {})
    rows: list[Any] = level.setdefault(key, [])
    return rows
