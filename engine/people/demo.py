"""The accounts of the demo: one of each role in every place, with names that are made up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.people.agencies import CITY, Agencies
from engine.people.passwords import set_password
from engine.people.tables import Certificate, Membership, Person

PASSWORD = "anliu-demo"
COUNTY_ROLES = {
    "handler-1": ("handler", "presider"),
    "handler-2": ("handler", "presider"),
    "head": ("head",),
    "legal": ("legal", "presider"),
    "collector": ("collector",),
}
CITY_ROLES = {
    "office": ("office",),
    "supervisor": ("supervisor",),
    "legal-1": ("legal",),
    "legal-2": ("legal",),
    "admin": ("admin",),
}
SURNAMES = "林陈黄李张刘曾叶赖邓谢罗钟廖朱温丘何吴杨肖古蓝邹"
GIVEN = "文志海国建春秋玉晓思雅静明远安宁家立向东学义德兴若云清和正"


def seed(session: Session, agencies: Agencies, now: datetime) -> int:
    """Makes the demo's accounts that don't exist yet; returns how many that were.

    :param now: aware UTC time of their making.
    """
    known = set(session.scalars(select(Person.id)))
    hashed = ""
    made = 0
    for account, place, roles, agency in _accounts(agencies):
        if account in known:
            continue
        person = Person(id=account, name=_name(made), active=True, demo=True, created_at=now)
        if not hashed:  # one hash for all: argon2 is slow on purpose, and they share the password
            set_password(person, PASSWORD)
            hashed = person.password_hash or ""
        person.password_hash = hashed
        session.add(person)
        session.flush()
        session.add_all(
            Membership(person_id=account, group=role, place=place, agency=agency) for role in roles
        )
        if "handler" in roles:
            number = f"粤P{agencies.places[place].letters}{made:04d}"
            session.add(
                Certificate(
                    number=number, person_id=account, valid_from=date(2022, 1, 1), valid_to=date(2031, 12, 31)
                )
            )
        made += 1
    session.flush()
    return made


def _accounts(agencies: Agencies) -> list[tuple[str, str, tuple[str, ...], str]]:
    found: list[tuple[str, str, tuple[str, ...], str]] = []
    for place in agencies.counties:
        found += [(f"{place}-{suffix}", place, roles, "") for suffix, roles in COUNTY_ROLES.items()]
    found += [(f"{CITY}-{suffix}", CITY, roles, "") for suffix, roles in CITY_ROLES.items()]
    for place in [*agencies.counties, CITY]:
        found += [(f"{place}-{agency}-liaison", place, ("liaison",), agency) for agency in agencies.agencies]
    return found


def _name(index: int) -> str:
    first = SURNAMES[index % len(SURNAMES)]
    middle = GIVEN[(index * 7) % len(GIVEN)]
    last = GIVEN[(index * 11 + 5) % len(GIVEN)]
    return first + middle + last
