"""The list of cases, with search."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from engine.cases.reading import case_list
from webapp.database import db
from webapp.sign_in import the_actor, the_system
from webapp.times import now

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases")
@login_required
def show() -> str | Response:
    """The cases that the person may open, newest first; a search for a whole number opens it at once."""
    state = request.args.get("state", "")
    wanted = case_list.Wanted(
        search=request.args.get("q", "").strip(),
        place=request.args.get("place", ""),
        state=state if state in case_list.STATES else "",
        after=request.args.get("after", ""),
    )
    found = case_list.read(db.session(), the_actor(), wanted, now())
    if (
        len(found.rows) == 1
        and found.rows[0].number == wanted.search.upper()
        and "HX-Request" not in request.headers
    ):
        return redirect(url_for("case.show", number=found.rows[0].number))
    filters = {"q": wanted.search, "place": wanted.place, "state": wanted.state}
    return render_template(
        "cases/show.html",
        found=found,
        wanted=wanted,
        states=case_list.STATES,
        filters={key: value for key, value in filters.items() if value},
        release=the_system().library.current(db.session()),
    )
