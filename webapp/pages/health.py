"""Whether the server lives, and whether it can work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from engine.errors import AnliuError
from webapp.database import db
from webapp.sign_in import the_system

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    """The process answers."""
    return jsonify(state="live")


@blueprint.get("/ready")
def ready() -> tuple[Response, int]:
    """The database answers and processes are loaded, so that pages work."""
    try:
        db.session.execute(text("SELECT 1"))
        the_system().library.current(db.session())
    except (SQLAlchemyError, AnliuError):
        return jsonify(state="not ready"), 503
    return jsonify(state="ready"), 200
