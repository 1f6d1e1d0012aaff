"""The tables of the domain: the case, its parties, its evidence, its reporter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Id, TypedJSON, UTCDateTime


class Case(Base):
    """An enforcement case, from the registered tip on. Its process instance has the same number."""

    __tablename__ = "enforcement_case"

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    place: Mapped[str] = mapped_column(Id)
    address: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(Id)
    disguise: Mapped[str | None] = mapped_column(Id)
    summary: Mapped[str] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    filing_number: Mapped[str | None] = mapped_column(String(60), unique=True)
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    officer_1: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    officer_2: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str | None] = mapped_column(Id)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Party(Base):
    """A person or organisation that the case is about (当事人)."""

    __tablename__ = "party"
    __table_args__ = (Index("ix_party_case", "case_id"), Index("ix_party_name", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("enforcement_case.instance_id"))
    kind: Mapped[str] = mapped_column(Id)
    role: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(200))
    identifier: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(300))


class Evidence(Base):
    """A piece of evidence as entered in the case's list (行政处罚法第四十六条)."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("enforcement_case.instance_id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(200))
    collected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    place: Mapped[str | None] = mapped_column(String(300))
    provider: Mapped[str | None] = mapped_column(String(200))
    collected_by: Mapped[str | None] = mapped_column(Id)
    second_officer: Mapped[str | None] = mapped_column(Id)
    agency: Mapped[str] = mapped_column(Id, default="")
    """The agency that collected it, if not the education authority."""
    pages: Mapped[int | None]
    files: Mapped[list[dict[str, Any]]] = mapped_column(TypedJSON, default=list)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))


class Reporter(Base):
    """Who reported the tip. Confidential: only the handlers and the head of the place may see it."""

    __tablename__ = "reporter"

    case_id: Mapped[int] = mapped_column(ForeignKey("enforcement_case.instance_id"), primary_key=True)
    name: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    wants_answer: Mapped[bool] = mapped_column(default=False)
