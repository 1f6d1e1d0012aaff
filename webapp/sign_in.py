"""Who is using the pages: Flask-Login over the engine's accounts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Flask, current_app, g
from flask_login import LoginManager, UserMixin, current_user

from engine.people import permissions
from engine.people.permissions import Actor
from engine.people.tables import Person
from engine.system import System
from webapp.database import db

login_manager = LoginManager()


@dataclass
class Account(UserMixin):
    """A signed-in person. The session names the password's hash too, so that a new password ends old sessions."""

    id: str
    name: str
    fingerprint: str

    @staticmethod
    def of(person: Person) -> Account:
        """The account of a person."""
        digest = hashlib.sha256((person.password_hash or "").encode()).hexdigest()
        return Account(person.id, person.name, digest[:16])

    def get_id(self) -> str:
        """What the session keeps."""
        return f"{self.id}:{self.fingerprint}"


@login_manager.user_loader
def _load(kept: str) -> Account | None:
    person_id, _, fingerprint = kept.rpartition(":")
    person = db.session.get(Person, person_id)
    if person is None or not person.active:
        return None
    account = Account.of(person)
    return account if account.fingerprint == fingerprint else None


def the_system() -> System:
    """The system that this app serves."""
    system: System = current_app.extensions["anliu"]
    return system


def the_actor() -> Actor:
    """The signed-in person with what they may act as, read once a request.

    :raises NotAllowed: the account was closed meanwhile.
    """
    if "actor" not in g:
        g.actor = permissions.load(db.session(), current_user.id)
    actor: Actor = g.actor
    return actor


def signed_in() -> bool:
    """Whether somebody is signed in."""
    return bool(current_user and current_user.is_authenticated)


def init_app(app: Flask) -> None:
    """Signs people in by a session cookie and sends strangers to the sign-in page."""
    login_manager.login_view = "account.sign_in"
    login_manager.session_protection = "basic"
    login_manager.login_message = None
    login_manager.init_app(app)
