"""Accounts, and what each may do where."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Id, UTCDateTime


class Person(Base):
    """Somebody with an account. The id is what they sign in with."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Membership(Base):
    """A person's place in a candidate group: handler of Yuancheng, liaison of the city's police."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "group_id", "place", "agency"),
        Index("ix_membership_group", "group_id", "place", "agency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    group: Mapped[str] = mapped_column("group_id", Id)
    place: Mapped[str] = mapped_column(Id)
    agency: Mapped[str] = mapped_column(Id, default="")
    """The agency's id for liaisons; empty for the education authority's own people."""


class Certificate(Base):
    """An enforcement certificate (执法证); only who holds a valid one handles a case (行政处罚法第四十二条)."""

    __tablename__ = "certificate"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
