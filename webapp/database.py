"""Flask-SQLAlchemy on the engine's own database. Pages read through it; only engine functions write."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from engine.store.base import Base
from engine.system import System


class PagesWriteNothing(RuntimeError):
    """A page changed an object of the reading session: the change belongs in a function of the engine."""


class SharedSQLAlchemy(SQLAlchemy):
    """Uses the connections of the system that the app serves, instead of opening its own."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> sa.Engine:
        system: System = app.extensions["anliu"]
        return system.store.engine


db = SharedSQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False})


def init_app(app: Flask, system: System) -> None:
    """Binds ``db`` to the system's database and keeps its session for reading."""
    app.config["SQLALCHEMY_DATABASE_URI"] = system.store.url
    db.init_app(app)
    sa.event.listen(db.session, "before_flush", _refuse)


def fresh() -> None:
    """Ends the reading session's snapshot: call it between a write of the engine and reading on."""
    db.session.rollback()


def _refuse(session: Any, _context: Any, _instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise PagesWriteNothing("pages read only; write through a function of the engine")
