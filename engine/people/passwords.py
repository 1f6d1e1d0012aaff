"""Passwords, kept as argon2id hashes."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Session

from engine.people.tables import Person

_hasher = PasswordHasher()
# Checked when there is no such account, so that the answer takes as long as for one that exists.
_nobody = _hasher.hash("nobody signs in with this")


def set_password(person: Person, password: str) -> None:
    """Keeps the password's hash with the person."""
    person.password_hash = _hasher.hash(password)


def check_password(session: Session, person_id: str, password: str) -> Person | None:
    """The active person who signs in with these, or None."""
    person = session.get(Person, person_id)
    known = person is not None and person.active and person.password_hash is not None
    try:
        _hasher.verify(
            person.password_hash if known and person and person.password_hash else _nobody, password
        )
    except (VerifyMismatchError, InvalidHashError):
        return None
    return person if known else None
