"""Registering a tip: where every case begins (线索登记)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine.deadlines.calendar import SHANGHAI
from engine.documents.numbering import count_up
from engine.errors import N_, FormRefused
from engine.people import permissions
from engine.people.agencies import Agencies
from engine.runtime import instances
from engine.runtime.instances import Started
from forms.errors import FieldError

if TYPE_CHECKING:
    from engine.system import System

PROCESS = "enforcement_case"
CASE_SERIES = "case"


def register_tip(system: System, person_id: str, values: Mapping[str, Any], key: str) -> Started:
    """Registers a tip and starts its case at the place of the act (行政处罚法第二十二条).

    :param values: the answers to the form ``register_tip``, as they came in.
    :param key: idempotency key.
    :raises FormRefused: an answer doesn't fit, or the place isn't the person's to register for.
    """
    place = _place(values)
    with system.store.reading() as session:
        agencies = Agencies.of(system.library.current(session))
        actor = permissions.load(session, person_id)
    if place not in agencies.counties:
        raise FormRefused(
            {"address.county": [FieldError(N_("Choose the county where the act took place."), {})]}
        )
    if not permissions.may_register_tip(actor, place):
        raise FormRefused(
            {"address.county": [FieldError(N_("You can register tips only about your own county."), {})]}
        )
    year = system.clock.now().astimezone(SHANGHAI).year
    letters = agencies.places[place].letters
    return instances.start(
        system,
        PROCESS,
        person_id,
        values,
        place=place,
        key=key,
        business_key=lambda session: next_case_number(session, letters, year),
    )


def next_case_number(session: Session, letters: str, year: int) -> str:
    """The next case number of a place and year, such as ``YC-2024-0007``; it belongs to the transaction."""
    return f"{letters}-{year}-{count_up(session, letters, CASE_SERIES, year):04d}"


def _place(values: Mapping[str, Any]) -> str:
    address = values.get("address")
    county = address.get("county") if isinstance(address, Mapping) else None
    return county if isinstance(county, str) else ""
