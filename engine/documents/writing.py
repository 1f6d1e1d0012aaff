"""The text of a document: the source of its kind with the values of the case in their places, as Markdown.

What a person typed can't become structure: every printed value is escaped. What is not known prints ／, a name
that does not exist is an error, and so is a choice whose Chinese label is not known: no document shows a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateError
from jinja2.runtime import Undefined

from engine.documents import amounts
from engine.documents.catalogue import DocumentKind
from engine.documents.errors import DocumentNotWritten
from engine.documents.escaping import escape
from engine.documents.filters import BUDGET, FILTERS, Budget, rows
from engine.documents.language import MISSING, ROWS, DocumentEnvironment, Missing, compilable
from engine.documents.presenting import YES_NO
from engine.errors import N_

MAX_TEXT = 200_000


def write(kind: DocumentKind, context: Mapping[str, Any]) -> str:
    """The Markdown of one document.

    :param context: what the places may name: ``case``, ``parties``, ``evidence``, ``moments``, ``due``,
        ``documents``, ``number``, ``agency``, ``issued_on`` and one mapping a phase. Values are plain data;
        choices wrapped by :func:`engine.documents.presenting.present`.
    :raises DocumentNotWritten: a name or a label is not known, or the text grows beyond its limits.
    """
    template = _template(kind.body)
    written: list[str] = []
    length = 0
    try:
        for part in template.root_render_func(template.new_context({**context, BUDGET: Budget()})):
            written.append(part)
            length += len(part)
            if length > MAX_TEXT:
                raise DocumentNotWritten(
                    N_("The document is longer than %(limit)s characters."), limit=MAX_TEXT
                )
    except TemplateError as error:
        raise _refused(kind, str(error)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise _refused(kind, str(error)) from None
    return "".join(written).strip() + "\n"


def _refused(kind: DocumentKind, problem: str) -> DocumentNotWritten:
    return DocumentNotWritten(
        N_("%(title)s can't be written: %(problem)s"), title=f"{kind.title} ({kind.key})", problem=problem
    )


@lru_cache(maxsize=128)
def _template(body: str) -> Template:
    environment = DocumentEnvironment(
        undefined=Missing, finalize=_printed, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.globals = {}
    environment.filters = {**FILTERS, ROWS: rows}
    return Template.from_code(environment, environment.compile(compilable(body)), {})


def _printed(value: Any) -> str:
    match value:
        case None | Undefined():
            return MISSING
        case bool():
            return YES_NO[value]
        case str() | int():
            return escape(str(value))
        case Decimal():
            return escape(f"{value:f}")
        case datetime():
            return amounts.cdatetime(value)
        case date():
            return amounts.cdate(value)
    raise DocumentNotWritten(
        N_("A list or a group of values can't be printed as one: %(value)s"), value=str(value)[:80]
    )
