"""What ids are called: places, agencies, groups, choices. All of it comes from the release's data."""

from __future__ import annotations

from flask import Flask, g
from flask_babel import gettext

from engine.errors import AnliuError
from engine.people.agencies import CITY, Agencies
from engine.people.permissions import Actor
from engine.runtime.definitions import Release
from webapp.database import db
from webapp.language import is_english, localized
from webapp.sign_in import the_system


def agencies() -> Agencies:
    """The places, groups and agencies of the current release, read once a request."""
    if "agencies" not in g:
        system = the_system()
        g.agencies = Agencies.of(system.library.current(db.session()))
    found: Agencies = g.agencies
    return found


def place_name(place_id: str) -> str:
    """A county's or the city's name."""
    place = agencies().places.get(place_id)
    return localized(place.name, place.name_en) if place else place_id


def agency_name(agency_id: str | None) -> str:
    """An agency's short name."""
    agency = agencies().agencies.get(agency_id or "")
    return localized(agency.name, agency.name_en) if agency else agency_id or ""


def group_name(group_id: str) -> str:
    """A candidate group's name."""
    group = agencies().groups.get(group_id)
    return localized(group.name, group.name_en) if group else group_id


def whom(group: str, place: str, agency: str = "") -> str:
    """Who a task waits for: ``源城区 · 公安 · 联络员``."""
    return " · ".join(part for part in (place_name(place), agency_name(agency), group_name(group)) if part)


def roles_of(actor: Actor) -> list[str]:
    """What a person may act as, in words, the city's first and in the order of the groups."""
    order = list(agencies().groups)
    roles = sorted(
        actor.roles,
        key=lambda role: (
            role.place != CITY,
            role.place,
            order.index(role.group) if role.group in order else 99,
        ),
    )
    return [whom(role.group, role.place, role.agency) for role in roles]


def choice(release: Release, form_key: str, path: str, value: str | None) -> str:
    """The words of a choice of a form; the value itself where the form doesn't know it."""
    if value is None:
        return ""
    try:
        field = release.form(form_key).field(path)
    except AnliuError:
        return value
    options = field.choices if field else ()
    locale = "en" if is_english() else "zh"
    return next((option.label_for(locale) for option in options if option.value == value), value)


def outcome_words(release: Release, value: str | None) -> str:
    """What came out of a case: of a decision, a closing or a dropped tip."""
    for form_key, path in (
        ("draft_decision", "outcome"),
        ("propose_closing", "closing_reason"),
        ("propose_drop", "drop_reason"),
    ):
        words = choice(release, form_key, path, value)
        if words != value:
            return words
    return value or ""


def parties_words(first: str, count: int) -> str:
    """The parties of a case by the name of the first: ``周某宁等2方``.

    :param count: of all of them.
    """
    return first if count < 2 else localized(f"{first}等{count}方", f"{first} and {count - 1} more")


def state_words(state: str) -> str:
    """The state of a case."""
    known = {
        "open": gettext("open"),
        "closed": gettext("closed"),
        "terminated": gettext("terminated"),
        "overdue": gettext("overdue"),
    }
    return known.get(state, state)


def init_app(app: Flask) -> None:
    """Gives the templates these as functions."""
    app.jinja_env.globals.update(
        place_name=place_name,
        agency_name=agency_name,
        group_name=group_name,
        whom=whom,
        choice=choice,
        outcome_words=outcome_words,
        state_words=state_words,
        parties_words=parties_words,
    )
