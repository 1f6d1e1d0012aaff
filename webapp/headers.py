"""What every response says to the browser about trust, set in this one place."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Scripts and styles only from our own files: nothing inline, nothing from elsewhere."""

FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"
)
"""For uploaded files and documents: whatever is in them runs nothing and loads nothing."""


def init_app(app: Flask, *, https: bool) -> None:
    """Adds the headers to every response; a view that set one itself keeps its own.

    :param https: whether browsers reach the site by https, so that they may be told never to use http.
    """

    @app.after_request
    def add(response: Response) -> Response:
        say = response.headers.setdefault
        say("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        say("X-Content-Type-Options", "nosniff")
        say("Referrer-Policy", "same-origin")
        say("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        say("Cross-Origin-Opener-Policy", "same-origin")
        say("Cross-Origin-Resource-Policy", "same-origin")
        if https:
            say("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "assets.built":
            say("Cache-Control", "private, no-cache")
        return response
