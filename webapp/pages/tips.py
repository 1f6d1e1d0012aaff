"""Registering a tip: the form that starts a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases.options import form_options
from engine.cases.registration import PROCESS, register_tip
from engine.errors import N_, AnliuError, FormRefused, NotAllowed
from engine.people.agencies import CITY
from engine.people.permissions import Actor, may_start
from forms.schema import Form
from webapp.database import db, fresh
from webapp.language import error_text
from webapp.pages.typed import decoded, form_context, sent_ticket, wants_fields_only
from webapp.sign_in import the_actor, the_system
from webapp.tickets import Ticket
from webapp.times import now

blueprint = Blueprint("tips", __name__)


@blueprint.get("/tips/new")
@login_required
def new() -> tuple[str, int]:
    """The empty form, with the person's own county filled in."""
    form = start_form()
    values = form.initial(form_context({}, now()))
    counties = {role.place for role in the_actor().roles if role.group == "handler" and role.place != CITY}
    if len(counties) == 1 and form.field("address.county"):
        values.setdefault("address", {}).setdefault("county", counties.pop())
    return page(values=values)


@blueprint.post("/tips/new")
@login_required
def register() -> tuple[str, int] | Response:
    """Registers the tip and goes to its case."""
    _require_may_start(the_actor())
    sent = decoded(start_form())
    ticket = sent_ticket()
    if not sent.submitted:
        return page(values=sent.raw, ticket=ticket, focus=sent.focus)
    if ticket is None:
        return page(
            values=sent.raw, note=gettext("This form was open for too long. Check it and send it again.")
        )
    try:
        started = register_tip(the_system(), the_actor().id, sent.raw, ticket.key)
    except FormRefused as error:
        fresh()
        return page(values=sent.raw, ticket=ticket, errors=error.errors, status=error.status)
    except AnliuError as error:
        fresh()
        return page(values=sent.raw, ticket=ticket, refused=error, status=error.status)
    fresh()
    flash(gettext("The tip is registered as case %(number)s.", number=started.business_key))
    return redirect(url_for("case.show", number=started.business_key))


def page(
    *,
    values: Mapping[str, Any],
    ticket: Ticket | None = None,
    errors: Mapping[str, Sequence[Any]] | None = None,
    refused: AnliuError | None = None,
    focus: str | None = None,
    note: str = "",
    status: int = 200,
) -> tuple[str, int]:
    """The page with the form.

    :param values: what is filled in, as typed.
    :param ticket: of the rendering before, so that sending twice registers once; a fresh one by default.
    :param note: what to tell the person above the form.
    """
    actor = the_actor()
    _require_may_start(actor)
    home = next((role.place for role in actor.roles if role.group == "handler"), CITY)
    body = render_template(
        "task/fields_only.html" if wants_fields_only() else "tips/new.html",
        form=start_form(),
        values=values,
        errors=errors or {},
        options=form_options(db.session(), the_system(), None, home),
        context=form_context({}, now()),
        focus=focus,
        ticket=ticket or Ticket.new(actor.id, url_for("tips.new")),
        note=note,
        refusal=error_text(refused) if refused else "",
        unsaved=bool(errors or refused or note),
    )
    return body, status


def start_form() -> Form:
    """The form of the start event of the case's process."""
    release = the_system().library.current(db.session())
    start = next(
        element
        for (process_key, _), element in release.processes.elements.items()
        if process_key == PROCESS and element.kind == "startEvent" and element.form
    )
    return release.form(start.form or "")


def _require_may_start(actor: Actor) -> None:
    if not may_start(actor):
        raise NotAllowed(N_("Handlers and the city’s office register tips."))
