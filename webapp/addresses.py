"""Addresses within the site: where to go on to, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.routing import IntegerConverter, Map

from engine.cases.reading.case_list import LARGEST_ID


def inside(address: str | None, otherwise: str) -> str:
    """The address if it is a path of this site, otherwise the other one: no redirect leads elsewhere."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if any(sign in address for sign in "\\\r\n\t") or not address.isprintable():
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def here() -> str:
    """The page that is being shown, to come back to. A form that was sent is shown at its own address, if it has one."""
    if request.method not in ("GET", "HEAD"):
        adapter = current_app.create_url_adapter(request)
        shows = adapter is not None and adapter.test(request.path, "GET")
        return request.path if shows else inside(request.form.get("next"), "/")
    return request.full_path if request.query_string else request.path


class RowId(IntegerConverter):
    """A row's number in an address. One that no table can have is an address that doesn't exist."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)
