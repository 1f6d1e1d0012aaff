"""Accounts as administrators keep them: made, given a password, listed. Each change is in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events import SYSTEM, record
from engine.errors import N_, Conflict, NotFound, SettingsRefused
from engine.people.agencies import CITY, Agencies
from engine.people.passwords import set_password
from engine.people.tables import Membership, Person

if TYPE_CHECKING:
    from engine.system import System

SHORTEST_PASSWORD = 8
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]\Z")


@dataclass(frozen=True)
class Role:
    """A candidate group in a place; ``agency`` is empty but for liaisons."""

    group: str
    place: str
    agency: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.group, self.place, self.agency) if part)

    @staticmethod
    def parse(text: str) -> Role:
        """Reads ``handler:yuancheng`` or ``liaison:city:police``.

        :raises SettingsRefused: it isn't of that form.
        """
        parts = text.split(":")
        if len(parts) not in (2, 3) or not all(parts):
            raise SettingsRefused(
                N_("%(text)s is no role; write it as handler:yuancheng or liaison:city:police."), text=text
            )
        return Role(*parts)


@dataclass(frozen=True)
class Account:
    """An account as it is listed."""

    id: str
    name: str
    active: bool
    demo: bool
    roles: tuple[str, ...]

    def holds(self, group: str, place: str) -> bool:
        """Whether it is in this candidate group of this place."""
        return any(role.split(":")[:2] == [group, place] for role in self.roles)


def add(system: System, account: str, name: str, roles: Sequence[Role], password: str) -> None:
    """Makes an account.

    :raises Conflict: there is one with this id.
    :raises SettingsRefused: id, role or password can't be used.
    """
    if not _ID.match(account):
        raise SettingsRefused(
            N_("%(account)s is no account id: small letters, digits, dots and dashes, 3 to 64."),
            account=account,
        )
    if not name.strip():
        raise SettingsRefused(N_("The person needs a name."))
    _require_password(password)
    now = system.clock.now()
    with system.store.transaction() as session:
        agencies = Agencies.of(system.library.current(session))
        for role in roles:
            _require_known(role, agencies)
        if session.get(Person, account) is not None:
            raise Conflict(N_("There is an account %(account)s already."), account=account)
        person = Person(id=account, name=name.strip(), active=True, created_at=now)
        set_password(person, password)
        session.add(person)
        session.flush()
        session.add_all(
            Membership(person_id=account, group=role.group, place=role.place, agency=role.agency)
            for role in dict.fromkeys(roles)
        )
        record(
            session,
            chain=SYSTEM,
            kind="account_added",
            at=now,
            person_id=None,
            detail={"account": account, "roles": [str(role) for role in roles]},
        )


def change_password(system: System, account: str, password: str) -> None:
    """Gives an account a new password.

    :raises NotFound: there is no such account.
    :raises SettingsRefused: the password can't be used.
    """
    _require_password(password)
    now = system.clock.now()
    with system.store.transaction() as session:
        person = session.get(Person, account)
        if person is None:
            raise NotFound(N_("There is no account %(account)s."), account=account)
        set_password(person, password)
        record(
            session,
            chain=SYSTEM,
            kind="password_changed",
            at=now,
            person_id=None,
            detail={"account": account},
        )


def listing(session: Session) -> list[Account]:
    """All accounts with their roles, by id."""
    roles: dict[str, list[str]] = {}
    for membership in session.scalars(select(Membership).order_by(Membership.id)):
        role = Role(membership.group, membership.place, membership.agency)
        roles.setdefault(membership.person_id, []).append(str(role))
    return [
        Account(person.id, person.name, person.active, person.demo, tuple(roles.get(person.id, ())))
        for person in session.scalars(select(Person).order_by(Person.id))
    ]


def _require_known(role: Role, agencies: Agencies) -> None:
    for what, value, known in (
        ("group", role.group, agencies.groups),
        ("place", role.place, {CITY, *agencies.places}),
        ("agency", role.agency, {"", *agencies.agencies}),
    ):
        if value not in known:
            raise SettingsRefused(
                N_("There is no %(what)s %(value)s. Known: %(known)s."),
                what=what,
                value=value,
                known=", ".join(sorted(filter(None, known))),
            )
    if (role.group == "liaison") != bool(role.agency):
        raise SettingsRefused(N_("A liaison has an agency, and only a liaison: liaison:city:police."))


def _require_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise SettingsRefused(N_("A password has at least %(number)s characters."), number=SHORTEST_PASSWORD)
