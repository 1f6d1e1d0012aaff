"""What people are told about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Id, TypedJSON, UTCDateTime


class Notice(Base):
    """A notice to a group at a place, shown in its inbox until somebody there has seen to it."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_group", "group_id", "place", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    group: Mapped[str] = mapped_column("group_id", Id)
    place: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(Id)
    params: Mapped[dict[str, Any]] = mapped_column(TypedJSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
