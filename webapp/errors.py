"""Every error becomes a page here: what happened, its stable code, what to do next."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from engine.errors import AnliuError, NotAllowed, NotFound
from webapp.language import error_text, next_step

Answer = str | tuple[str, int] | Response


def init_app(app: Flask) -> None:
    """Words the engine's errors, those of the web server, and those that nobody expected."""
    app.register_error_handler(AnliuError, refused)
    app.register_error_handler(CSRFError, _not_ours)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def refused(error: AnliuError) -> tuple[str, int]:
    """The page of something that the engine refused.

    What isn't there and what the person may not see get the same page, so that nobody learns what exists.
    """
    if isinstance(error, NotFound):
        return _not_found()
    if isinstance(error, NotAllowed):
        title = gettext("You can’t do this here")
    else:
        title = gettext("That didn’t work")
    return page(
        title,
        error.status,
        code=error.code,
        message=error_text(error),
        article=error.article,
        advice=next_step(error),
    )


def page(
    title: str, status: int, *, code: str, message: str = "", article: str | None = None, advice: str = ""
) -> tuple[str, int]:
    """An error page in words, and its HTTP status."""
    body = render_template(
        "errors/error.html",
        title=title,
        status=status,
        code=code,
        message=message,
        article=article,
        advice=advice,
    )
    return body, status


def _not_found() -> tuple[str, int]:
    return page(
        gettext("There is nothing here for you"),
        404,
        code="not_found",
        advice=gettext(
            "It may not exist, or your account may not see it. Check the address, or search for the case."
        ),
    )


def _not_ours(error: CSRFError) -> Answer:
    """A form without a valid token: its session has ended, or it never was ours."""
    from webapp.pages import typed

    kept = typed.after_lost_session()
    if kept is not None:
        return kept
    return page(
        gettext("This form is no longer valid"),
        400,
        code="form_expired",
        advice=gettext("Open the page again and repeat what you were about to do. Nothing was changed."),
    )


def _too_large(error: RequestEntityTooLarge) -> Answer:
    return page(
        gettext("That is too much at once"),
        413,
        code="too_large",
        message=gettext("The files together are larger than the server takes."),
        advice=gettext("Go back: what you typed is still there. Send fewer or smaller files."),
    )


def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code in (403, 404):
        return _not_found()
    return page(
        gettext("That didn’t work"),
        error.code,
        code=(error.name or "error").lower().replace(" ", "_"),
        advice=gettext("Check the address, or start again from your tasks."),
    )


def _unexpected(error: Exception) -> Answer:
    from flask import current_app

    current_app.logger.error("unexpected error on %s %s", request.method, request.path, exc_info=error)
    if current_app.testing:
        raise error
    return page(
        gettext("Something went wrong on our side"),
        500,
        code="internal_error",
        advice=gettext(
            "Nothing was changed. Try again; if it happens again, tell an administrator when it was."
        ),
    )
