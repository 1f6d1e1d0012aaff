"""Issuing a document in a step, and making its PDF afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.deadlines.calendar import SHANGHAI
from engine.documents import fonts, rendering
from engine.documents.catalogue import parse
from engine.documents.numbering import next_number
from engine.documents.tables import Document
from engine.documents.writing import write
from engine.errors import N_, AnliuError, NotFound
from engine.jobs.outbox import put, sends
from engine.runtime.definitions import Release

if TYPE_CHECKING:
    from engine.jobs.tables import OutboxMessage
    from engine.system import System

TOPIC = "render_document"


def issue(
    session: Session,
    release: Release,
    kind_key: str,
    instance_id: int,
    context: Mapping[str, Any],
    *,
    person_id: str | None,
    now: datetime,
    number: str | None = None,
) -> Document:
    """Issues a document within a step: numbered and worded now, for good; its PDF is made by a job.

    :param release: the release that the case runs under; it has the kind's source.
    :param context: what the source may name (see :func:`engine.documents.writing.write`); ``agency`` has at
        least ``name`` and ``short``. ``number`` and ``issued_on`` are added here.
    :param now: aware UTC time of the step.
    :param number: a number that the case already has; None takes the next one of the kind's series, if it has one.
    :returns: the document, flushed, in state pending; the next version if the case has the kind already.
    :raises NotFound: the release has no such kind.
    :raises DocumentNotWritten: the text can't be made; the step must not be committed.
    """
    kind = parse(release.source("document", kind_key), kind_key)
    agency = context["agency"]
    issued_on = now.astimezone(SHANGHAI).date()
    if number is None and kind.number_kind is not None:
        number = next_number(session, agency.short, kind.number_kind, issued_on.year)
    text = write(kind, {**context, "number": number, "issued_on": issued_on})
    version = session.scalar(
        select(func.coalesce(func.max(Document.version), 0)).where(
            Document.instance_id == instance_id, Document.kind == kind.key
        )
    )
    document = Document(
        instance_id=instance_id,
        kind=kind.key,
        title=kind.title,
        title_en=kind.title_en,
        number=number,
        version=(version or 0) + 1,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        context={"layout": kind.layout, "agency": agency.name, "issued_on": issued_on},
        issued_at=now,
        issued_by=person_id,
        state="pending",
    )
    session.add(document)
    session.flush()
    put(
        session,
        TOPIC,
        f"{TOPIC}:{document.id}",
        {"document_id": document.id},
        instance_id=instance_id,
        now=now,
    )
    return document


def render(system: System, document_id: int) -> str:
    """Makes the PDF of a document, keeps it among the files and says so on the document. Repeating is harmless.

    :returns: the SHA-256 of the PDF.
    :raises NotFound: there is no such document.
    :raises DocumentNotRendered: it can't be made; the document is failed with the reason until a later try.
    """
    with system.store.reading() as session:
        document = session.get(Document, document_id)
    if document is None:
        raise NotFound(N_("There is no such document."))
    if document.pdf_sha256 and system.files.has(document.pdf_sha256):
        return document.pdf_sha256
    try:
        _unchanged(document)
        digest = system.files.put(pdf(system, document))
    except Exception as error:
        with system.store.transaction() as session:
            row = session.get_one(Document, document_id, with_for_update=True)
            if row.state != "rendered":
                row.state, row.error = "failed", str(error)
        raise
    with system.store.transaction() as session:
        row = session.get_one(Document, document_id, with_for_update=True)
        row.state, row.pdf_sha256, row.error = "rendered", digest, None
    return digest


def pdf(system: System, document: Document) -> bytes:
    """The PDF of a document, made anew.

    :raises DocumentNotRendered: it can't be made.
    """
    settings = system.settings
    sheet = rendering.Sheet(
        layout=document.context["layout"],
        title=document.title,
        number=document.number,
        agency=document.context["agency"],
        issued_on=document.context["issued_on"],
        text=document.text,
    )
    return rendering.render(
        sheet, settings.home / rendering.STYLE, fonts.folders(settings.home, settings.instance)
    )


@sends(TOPIC)
def _send(system: System, message: OutboxMessage) -> None:
    render(system, message.payload["document_id"])


def _unchanged(document: Document) -> None:
    if hashlib.sha256(document.text.encode()).hexdigest() != document.text_sha256:
        raise AnliuError(N_("The text of document %(id)s was changed after it was issued."), id=document.id)
