"""The tables of the runtime: definitions, instances, user tasks, timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Id, TypedJSON, UTCDateTime


class Definition(Base):
    """One version of one file of the product: a process, decision, form, document or data file."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("kind", "key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(Id)
    version: Mapped[int]
    path: Mapped[str] = mapped_column(String(200))
    """Where ``anliu export`` writes it, relative to the product's home."""
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    author: Mapped[str | None] = mapped_column(Id)
    approver: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Release(Base):
    """All that was published at one moment; every instance runs under one release, unchanged."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    current: Mapped[bool] = mapped_column(default=False)


class ReleaseItem(Base):
    """A definition's version in a release."""

    __tablename__ = "release_item"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), primary_key=True)


class ProcessInstance(Base):
    """A running or ended process: a case. ``state_blob`` holds no specification, see runtime.state."""

    __tablename__ = "process_instance"
    __table_args__ = (Index("ix_process_instance_place_state", "place", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(Id)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    business_key: Mapped[str] = mapped_column(String(40), unique=True)
    place: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column()
    variables: Mapped[dict[str, Any]] = mapped_column(TypedJSON)
    state_blob: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    started_by: Mapped[str] = mapped_column(Id)

    __mapper_args__ = {"version_id_col": revision}


class UserTask(Base):
    """A user task as people see it, projected from the instance in the same transaction."""

    __tablename__ = "user_task"
    __table_args__ = (
        # "What may this person do, the soonest due first" is answered from this index alone.
        Index(
            "ix_user_task_open",
            "candidate_group",
            "place",
            "agency",
            "due_at",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_user_task_assignee", "assignee", "state", "due_at"),
        Index("ix_user_task_instance", "instance_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    spiff_id: Mapped[str] = mapped_column(String(36), unique=True)
    process_key: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    candidate_group: Mapped[str] = mapped_column(Id)
    place: Mapped[str] = mapped_column(Id)
    agency: Mapped[str] = mapped_column(Id, default="")
    item: Mapped[str | None] = mapped_column(Id)
    scope: Mapped[str] = mapped_column(String(400), default="")
    """Element ids of the call activities and subprocesses around it, outermost first, joined by ``/``."""
    form_key: Mapped[str] = mapped_column(Id)
    act: Mapped[str | None] = mapped_column(Id)
    assignee: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_rule: Mapped[str | None] = mapped_column(Id)
    due_explanation: Mapped[dict[str, Any] | None] = mapped_column(TypedJSON)
    completed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Submission(Base):
    """What a person filled in: the values of one completed form, as cleaned."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_instance", "instance_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"), unique=True)
    process_key: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Id)
    form_key: Mapped[str] = mapped_column(Id)
    item: Mapped[str | None] = mapped_column(Id)
    values: Mapped[dict[str, Any]] = mapped_column(TypedJSON)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    """The idempotency key under which it was sent: a repeat of it answers the same."""


class Timer(Base):
    """A timer that an instance waits for, or waited for. Nothing polls instances: due rows are found here."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("instance_id", "spiff_id"),
        Index(
            "ix_timer_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    spiff_id: Mapped[str] = mapped_column(String(36))
    process_key: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Id)
    attached_to: Mapped[str | None] = mapped_column(Id)
    rule: Mapped[str | None] = mapped_column(Id)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    explanation: Mapped[dict[str, Any]] = mapped_column(TypedJSON)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the dispatcher hands it out next: the due time, or later after a failure."""
    error: Mapped[str | None] = mapped_column(Text)


class Passage(Base):
    """A flow node that an instance has passed: what diagrams light up and times are measured from."""

    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_instance", "instance_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    process_key: Mapped[str] = mapped_column(Id)
    element_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Moment(Base):
    """A named legal moment of an instance, such as ``case_filed``: clocks start there."""

    __tablename__ = "moment"

    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PerformedAct(Base):
    """Who performed which legal act of an instance; separation of duties reads it."""

    __tablename__ = "performed_act"
    __table_args__ = (Index("ix_performed_act_instance", "instance_id", "act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    act: Mapped[str] = mapped_column(Id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
