"""The inbox: what is to be done, the soonest due first."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import login_required
from sqlalchemy import and_, or_, select
from werkzeug.wrappers import Response

from engine.cases.reading import inbox
from engine.people.permissions import Actor
from engine.supervision.notices import mark_read
from engine.supervision.tables import Notice
from webapp.addresses import inside
from webapp.database import db
from webapp.sign_in import the_actor, the_system
from webapp.times import now

blueprint = Blueprint("inbox", __name__)
NOTICES = 5


@blueprint.get("/")
@login_required
def show() -> str:
    """The tasks that the person may do, grouped by when they are due."""
    wanted = _wanted()
    found = inbox.read(db.session(), the_actor(), wanted, now())
    filters = {"q": wanted.search, "whose": wanted.whose, "place": wanted.place, "step": wanted.step}
    return render_template(
        "inbox/show.html",
        inbox=found,
        wanted=wanted,
        filters={key: value for key, value in filters.items() if value and value != inbox.WHOSE[0]},
        filtered=any((wanted.search, wanted.place, wanted.step, wanted.whose != inbox.WHOSE[0])),
        group_words={
            "overdue": gettext("Overdue"),
            "today": gettext("Today"),
            "week": gettext("This week"),
            "later": gettext("Later"),
        },
        whose_choices=(
            ("mine_and_free", gettext("Mine and unclaimed")),
            ("mine", gettext("Claimed by me")),
            ("free", gettext("Unclaimed")),
            ("everybody", gettext("Colleagues’ too")),
        ),
        notices=_notices(the_actor()),
    )


@blueprint.post("/notices/<int:notice_id>/read")
@login_required
def read_notice(notice_id: int) -> Response:
    """Takes a notice out of the inbox."""
    mark_read(the_system(), notice_id, the_actor().id)
    return redirect(inside(request.form.get("next"), url_for("inbox.show")))


def _wanted() -> inbox.Wanted:
    whose = request.args.get("whose", "")
    return inbox.Wanted(
        search=request.args.get("q", "").strip(),
        whose=whose if whose in inbox.WHOSE else inbox.WHOSE[0],
        place=request.args.get("place", ""),
        step=request.args.get("step", ""),
        after=request.args.get("after", ""),
    )


def _notices(actor: Actor) -> list[Notice]:
    groups = [and_(Notice.group == role.group, Notice.place == role.place) for role in actor.roles]
    if not groups:
        return []
    query = (
        select(Notice)
        .where(or_(*groups), Notice.read_at.is_(None))
        .order_by(Notice.at.desc(), Notice.id.desc())
    )
    return list(db.session.scalars(query.limit(NOTICES)))
