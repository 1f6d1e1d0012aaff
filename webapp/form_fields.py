"""Forms in the templates: ``form_view`` and ``form_entries``, which ``forms/_fields.html`` and ``_values.html`` use."""

from __future__ import annotations

from flask import Flask

from forms.reading_view import entries
from forms.view import view


def init_app(app: Flask) -> None:
    """Gives the templates these as functions."""
    app.jinja_env.globals.update(form_view=view, form_entries=entries)
