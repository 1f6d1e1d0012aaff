"""What can be chosen in fields whose choices aren't fixed: officers, presiders, heads, agencies, counties ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.tables import Evidence, Party
from engine.deadlines.calendar import SHANGHAI
from engine.people.agencies import Agencies
from engine.people.separation_of_duties import excluded
from engine.people.tables import Certificate, Membership, Person
from engine.runtime.tables import PerformedAct, ProcessInstance
from forms.schema import Option

if TYPE_CHECKING:
    from engine.system import System


def form_options(
    session: Session, system: System, instance: ProcessInstance | None, place: str
) -> dict[str, list[Option]]:
    """The option lists of a form, by name, for a case or for a tip that is about to be registered.

    ``officers`` holds who is certified at the place today (行政处罚法第四十二条).

    :param place: the place whose people can be named.
    """
    release = system.library.release(instance.release_id) if instance else system.library.current(session)
    agencies = Agencies.of(release)
    found = {
        "counties": [
            Option(place_id, agencies.places[place_id].name, agencies.places[place_id].name_en)
            for place_id in agencies.counties
        ],
        "agencies": [
            Option(agency.id, agency.name, agency.name_en)
            for agency in agencies.agencies.values()
            if agency.id != "education"
        ],
        "officers": _officers(session, system, place),
        "presiders": _members(session, "presider", place),
        "heads": _members(session, "head", place),
        "parties": [],
        "evidence": [],
    }
    if instance is not None:
        barred = excluded(release.legal_rules, "hearing", _performed(session, instance))
        found["presiders"] = [option for option in found["presiders"] if option.value not in barred]
        parties = session.scalars(select(Party).where(Party.case_id == instance.id).order_by(Party.id))
        found["parties"] = [Option(str(party.id), party.name, party.name) for party in parties]
        pieces = session.scalars(
            select(Evidence).where(Evidence.case_id == instance.id).order_by(Evidence.number)
        )
        found["evidence"] = [
            Option(str(piece.number), f"{piece.number} {piece.name}", f"{piece.number} {piece.name}")
            for piece in pieces
        ]
    return found


def _performed(session: Session, instance: ProcessInstance) -> list[tuple[str, str]]:
    rows = session.execute(
        select(PerformedAct.act, PerformedAct.person_id).where(PerformedAct.instance_id == instance.id)
    )
    return [(act, person) for act, person in rows]


def _officers(session: Session, system: System, place: str) -> list[Option]:
    today = system.clock.now().astimezone(SHANGHAI).date()
    rows = session.execute(
        select(Person.id, Person.name, Certificate.number)
        .join(Membership, Membership.person_id == Person.id)
        .join(Certificate, Certificate.person_id == Person.id)
        .where(
            Person.active,
            Membership.group == "handler",
            Membership.place == place,
            Certificate.valid_from <= today,
            Certificate.valid_to >= today,
        )
        .order_by(Person.id)
    )
    return [Option(person, f"{name}（{number}）", f"{name} ({number})") for person, name, number in rows]


def _members(session: Session, group: str, place: str) -> list[Option]:
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.active, Membership.group == group, Membership.place == place)
        .order_by(Person.id)
    )
    return [Option(person, name, name) for person, name in rows]
