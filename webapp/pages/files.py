"""Documents and uploaded files: only to who may see their case, and so that nothing in them runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response
from flask_login import login_required
from sqlalchemy import select

from engine.cases.tables import Evidence
from engine.documents.tables import Document
from engine.errors import N_, NotFound
from engine.people.permissions import may_see_case, may_see_reporter
from engine.runtime.tables import ProcessInstance, Submission
from webapp.database import db
from webapp.headers import FILE_POLICY
from webapp.pages.case import the_case
from webapp.sign_in import the_actor, the_system

blueprint = Blueprint("files", __name__)
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})


@blueprint.get("/documents/<int:document_id>.pdf")
@login_required
def view_document(document_id: int) -> Response:
    """A document's PDF, in the browser."""
    return _document(document_id, download=False)


@blueprint.get("/documents/<int:document_id>/download")
@login_required
def download_document(document_id: int) -> Response:
    """A document's PDF, to be kept under its title and number."""
    return _document(document_id, download=True)


@blueprint.get("/cases/<number>/files/<digest>")
@login_required
def show(number: str, digest: str) -> Response:
    """A file that was handed in with the case's forms or entered as its evidence."""
    instance = the_case(number)
    found = next((each for each in _files_of(instance) if each["sha256"] == digest), None)
    if found is None:
        raise NotFound(N_("There is no such file."))
    kind = found.get("media_type") or "application/octet-stream"
    return _send(
        the_system().files.get(digest), kind, found.get("name") or digest, download=kind not in SHOWN_INLINE
    )


def _document(document_id: int, *, download: bool) -> Response:
    document = db.session.get(Document, document_id)
    instance = db.session.get(ProcessInstance, document.instance_id) if document else None
    if document is None or instance is None or not may_see_case(db.session(), the_actor(), instance):
        raise NotFound(N_("There is no such document."))
    if document.pdf_sha256 is None:
        raise NotFound(N_("This document is still being made."))
    name = f"{document.title} {document.number or instance.business_key}.pdf"
    return _send(the_system().files.get(document.pdf_sha256), "application/pdf", name, download=download)


def _files_of(instance: ProcessInstance) -> Iterator[dict[str, Any]]:
    """The references to all files of a case that the person may see."""
    release = the_system().library.release(instance.release_id)
    reporter = may_see_reporter(the_actor(), instance.place)
    for submission in db.session.scalars(select(Submission).where(Submission.instance_id == instance.id)):
        form = release.form(submission.form_key)
        values: Mapping[str, Any] = submission.values if reporter else form.public_values(submission.values)
        yield from (reference for _, reference in form.files(values))
    for evidence in db.session.scalars(select(Evidence).where(Evidence.case_id == instance.id)):
        yield from evidence.files


def _send(content: bytes, kind: str, name: str, *, download: bool) -> Response:
    response = Response(content, mimetype=kind)
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in '\\/:*?"<>|')[:120] or "file"
    how = "attachment" if download else "inline"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(plain)}"
    response.headers["Content-Security-Policy"] = (
        FILE_POLICY if kind == "application/pdf" else f"sandbox; {FILE_POLICY}"
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response
