"""The tables of documents: the series that number them, and the documents themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Id, TypedJSON, UTCDateTime


class NumberSeries(Base):
    """The last number given out of one series: an agency's documents of one kind in one year."""

    __tablename__ = "number_series"

    agency: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Document(Base):
    """An issued document. Its text never changes; issuing the kind again in the case makes the next version.

    ``text`` is Markdown in which values are escaped (``engine.documents.escaping.plain_text`` takes that off),
    ``context`` is what the layout prints outside of it: layout, agency's name, day of issue.
    ``state`` is pending (the PDF is still to be made), rendered, or failed with the reason in ``error``.
    """

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("instance_id", "kind", "version"),
        Index("ix_document_number", "number", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"))
    kind: Mapped[str] = mapped_column(Id)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    context: Mapped[dict[str, Any]] = mapped_column(TypedJSON)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(12), default="pending")
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(Text)
