"""Forms in the templates: ``form_view`` and ``form_entries``, which ``forms/_fields.html`` and ``_values.html`` use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask

from forms.reading_view import entries
from forms.view import view
from webapp.sign_in import the_actor
from webapp.tickets import KeptFile


def init_app(app: Flask) -> None:
    """Gives the templates these as functions."""
    app.jinja_env.globals.update(form_view=partial(view, seal=_seal), form_entries=entries)


def _seal(reference: Mapping[str, Any]) -> str:
    return str(KeptFile(the_actor().id, reference))
