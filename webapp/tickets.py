"""What a rendered form carries, signed: for whom it is, what it does, and its idempotency key.

The key makes a form that is sent twice have the effect of once. The signature lets what was typed survive the end
of a session: only a form that we gave out is kept, and only the same person gets it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

WEEK = 7 * 24 * 3600


@dataclass(frozen=True)
class Ticket:
    """One rendering of a form. ``target`` is the path that it is sent to."""

    person_id: str
    target: str
    key: str

    @staticmethod
    def new(person_id: str, target: str) -> Ticket:
        """A ticket with a fresh key."""
        return Ticket(person_id, target, uuid4().hex)

    @staticmethod
    def read(text: str) -> Ticket | None:
        """The ticket of a form that was sent, or None for one that we didn't give out in the last week."""
        found = _unsign("ticket", text)
        return Ticket(**found) if found is not None else None

    def __str__(self) -> str:
        return _signer("ticket").dumps(asdict(self))


@dataclass(frozen=True)
class Typed:
    """What was typed into a form whose sender had to sign in again."""

    person_id: str
    target: str
    values: Mapping[str, Any]

    @staticmethod
    def read(text: str) -> Typed | None:
        """What :meth:`__str__` wrote, or None."""
        found = _unsign("typed", text)
        return Typed(**found) if found is not None else None

    def __str__(self) -> str:
        return _signer("typed").dumps(
            {"person_id": self.person_id, "target": self.target, "values": self.values}
        )


@dataclass(frozen=True)
class KeptFile:
    """The reference to a kept file in a form given to a person; it is good for as long as the form stays open.

    Only this person can hand it in again: knowing a file's SHA-256 is not enough to make it part of a case.
    """

    person_id: str
    reference: Mapping[str, Any]

    @staticmethod
    def read(text: str) -> KeptFile | None:
        """What :meth:`__str__` wrote, or None."""
        found = _unsign("file", text, max_age=None)
        return KeptFile(**found) if found is not None else None

    def __str__(self) -> str:
        return _signer("file").dumps({"person_id": self.person_id, "reference": self.reference})


def _signer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"anliu.{salt}")


def _unsign(salt: str, text: str, max_age: int | None = WEEK) -> dict[str, Any] | None:
    try:
        found = _signer(salt).loads(text, max_age=max_age)
    except BadSignature:
        return None
    return found if isinstance(found, dict) else None
