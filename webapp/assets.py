"""The built front end: hashed names from the manifest, served compressed and cached for good."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for
from markupsafe import Markup

BUILD = Path(__file__).parent / "static" / "build"
YEAR = 365 * 24 * 3600
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/<name>")
def built(name: str) -> Response:
    """One built file. Its name changes with its content, so a browser never asks twice."""
    for encoding, suffix in ENCODINGS:
        if request.accept_encodings.quality(encoding) and (BUILD / f"{name}{suffix}").is_file():
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            response = send_from_directory(BUILD, f"{name}{suffix}", mimetype=kind, max_age=YEAR)
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(BUILD, name, max_age=YEAR)
    response.headers["Vary"] = "Accept-Encoding"
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.cache_control.no_cache = None
    return response


def init_app(app: Flask) -> None:
    """Gives the templates ``asset(name)`` and ``icon(name)``."""
    path = BUILD / "manifest.json"
    manifest: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if not manifest:
        app.logger.warning("the front end is not built: run `npm ci` and `node webapp/frontend/build.mjs`")

    def asset(name: str) -> str:
        """The address of a built file, such as ``app.css``."""
        return url_for("assets.built", name=manifest.get(name, name))

    def icon(name: str, label: str | None = None) -> Markup:
        """An icon of the sprite; hidden from screen readers unless it has a label of its own."""
        spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup(
            '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            'stroke-linecap="round" stroke-linejoin="round" {}><use href="{}#{}"></use></svg>'
        ).format(spoken, asset("icons.svg"), name)

    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=asset, icon=icon)
