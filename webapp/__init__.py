"""What a browser sees of Anliu. ``create_app()`` is the WSGI application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.cases.reading import inbox
from engine.people.permissions import may_start
from engine.settings import Settings
from engine.system import System
from webapp import assets, database, errors, form_fields, headers, language, sign_in, times, words
from webapp.addresses import RowId, here
from webapp.database import db
from webapp.pages import account, case, cases, diagram, files, health, task, tips
from webapp.pages import inbox as inbox_page

PAGES = (account, inbox_page, tips, task, case, diagram, cases, files, health)
MEGABYTE = 1024 * 1024
csrf = CSRFProtect()


def create_app(system: System | None = None) -> Flask:
    """The application, on a system or on what the environment names.

    :param system: what tests pass in; ``None`` opens one by the ``ANLIU_*`` settings.
    """
    system = system or System.open(Settings.from_environment())
    https = system.settings.base_url.startswith("https:")
    app = Flask(__name__, static_folder=None)
    app.extensions["anliu"] = system
    app.config.update(
        SECRET_KEY=system.settings.secret_key,
        SESSION_COOKIE_NAME="anliu_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        MAX_CONTENT_LENGTH=256 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=8 * MEGABYTE,
        MAX_FORM_PARTS=20_000,
    )
    if https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    database.init_app(app, system)
    csrf.init_app(app)
    sign_in.init_app(app)
    language.init_app(app, str(system.settings.timezone))
    headers.init_app(app, https=https)
    for module in (assets, times, words, form_fields, errors):
        module.init_app(app)
    app.url_map.converters["int"] = RowId
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    app.jinja_env.globals.update(
        here=here, waiting_count=_waiting_count, may_start_here=_may_start, own_roles=_own_roles
    )
    app.jinja_env.filters["groupby_in_order"] = _groupby_in_order
    return app


def _waiting_count() -> int:
    """How many tasks the signed-in person can take up, for the badge in the top bar."""
    if "waiting" not in g:
        g.waiting = inbox.count(db.session(), sign_in.the_actor())
    found: int = g.waiting
    return found


def _may_start() -> bool:
    return sign_in.signed_in() and may_start(sign_in.the_actor())


def _own_roles() -> list[str]:
    return words.roles_of(sign_in.the_actor())


def _groupby_in_order(rows: list[object], attribute: str) -> list[tuple[object, list[object]]]:
    """Neighbours with the same attribute together, in the order in which they come."""
    groups: list[tuple[object, list[object]]] = []
    for row in rows:
        value = getattr(row, attribute)
        if not groups or groups[-1][0] != value:
            groups.append((value, []))
        groups[-1][1].append(row)
    return groups
