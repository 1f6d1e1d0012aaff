"""What somebody typed into a form, and how it is not lost: on errors, and when the session has ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.deadlines.calendar import SHANGHAI
from engine.errors import AnliuError
from forms.html import Decoded, decode
from forms.schema import Form
from webapp.sign_in import signed_in, the_actor, the_system
from webapp.tickets import KeptFile, Ticket, Typed

MEDIA_TYPE_LENGTH = 100


def decoded(form: Form, person_id: str | None = None) -> Decoded:
    """What the present request sent for a form. Uploads are kept at once, so that an error doesn't lose them.

    :param person_id: whom the form was given to; the signed-in person by default.
    """
    unseal = partial(_unseal, person_id or the_actor().id)
    return decode(form, request.form, request.files, keep=_keep, unseal=unseal)


def form_context(variables: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What conditions and defaults of a form read besides its own fields.

    :param variables: of the case, by process.
    :param now: aware UTC.
    """
    return {**variables, "now": now, "today": now.astimezone(SHANGHAI).date()}


def sent_ticket() -> Ticket | None:
    """The ticket of the form that was sent, if it was given to the signed-in person for this address."""
    ticket = Ticket.read(request.form.get("ticket", ""))
    if ticket is None or ticket.person_id != the_actor().id or ticket.target != request.path:
        return None
    return ticket


def wants_fields_only() -> bool:
    """Whether only the fields are wanted, because a script puts them in place."""
    return request.headers.get("X-Requested-With") == "fetch"


def after_lost_session() -> tuple[str, int] | Response | None:
    """Where a form goes whose session has ended: to the sign-in page, with all that was typed.

    Who has signed in again meanwhile, in another window, gets the form back to send it once more.

    :returns: None when nothing of ours was sent.
    """
    from webapp.pages.account import sign_in_page

    ticket = Ticket.read(request.form.get("ticket", "")) if request.method == "POST" else None
    form = _form_at(ticket.target) if ticket else None
    if ticket is None or form is None:
        return None
    typed = Typed(ticket.person_id, ticket.target, decoded(form, ticket.person_id).raw)
    if signed_in():
        return show_again(typed) if the_actor().id == typed.person_id else None
    return sign_in_page(typed.target, typed=str(typed)), 401


def show_again(typed: Typed) -> tuple[str, int] | Response:
    """The form with what was typed before the session ended, to be sent again."""
    from webapp.pages import task, tips

    note = gettext("Signed in again. What you typed is back in the form: check it and send it.")
    match _endpoint(typed.target):
        case ("tips.new", _):
            return tips.page(values=typed.values, note=note)
        case ("task.show", {"task_id": task_id}):
            return task.page(task_id, values=typed.values, note=note)
        case _:
            raise AssertionError(f"tickets are given out for forms only, not for {typed.target}")


def _form_at(target: str) -> Form | None:
    """The form that is shown at an address; None where it is gone."""
    from webapp.pages import task, tips

    try:
        match _endpoint(target):
            case ("tips.new", _):
                return tips.start_form()
            case ("task.show", {"task_id": task_id}):
                return task.form_of(task_id)
    except AnliuError:
        return None
    return None


def _endpoint(target: str) -> tuple[str, Mapping[str, Any]] | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, arguments = adapter.match(target, method="GET")
    except HTTPException:
        return None
    return endpoint, arguments


def _unseal(person_id: str, text: str) -> Mapping[str, Any] | None:
    """The reference that a form given to this person carried, if the file is kept."""
    found = KeptFile.read(text)
    if found is None or found.person_id != person_id or not the_system().files.has(found.reference["sha256"]):
        return None
    return found.reference


def _keep(upload: FileStorage) -> dict[str, Any]:
    content = upload.stream.read()
    return {
        "sha256": the_system().files.put(content),
        "name": (upload.filename or "").replace("\\", "/").rpartition("/")[2],
        "size": len(content),
        "media_type": (upload.mimetype or "application/octet-stream").lower()[:MEDIA_TYPE_LENGTH],
    }
