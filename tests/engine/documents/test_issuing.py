"""Issuing a document in a case, and making its PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from engine.documents import issue as issuing
from engine.documents.errors import DocumentNotWritten, GlyphMissing
from engine.documents.issue import issue, render
from engine.documents.tables import Document
from engine.errors import AnliuError, NotFound
from engine.jobs import outbox
from engine.jobs.tables import OutboxMessage
from engine.system import System


@dataclass(frozen=True)
class Agency:
    name: str = "河源市源城区教育局"
    short: str = "源教"


def demand(system: System, instance_id: int, name: str = "张三", **changes: Any) -> Document:
    """A demand notice, issued in a step of its own."""
    context: dict[str, Any] = {
        "agency": Agency(),
        "case": {"officer_1": {"name": "李建国"}, "officer_2": {"name": "王丽"}},
        "decision": {"party": {"name": name}, "payment_bank": "建设银行"},
        "collection": {},
        "documents": {},
        "moments": {"decided": date(2024, 3, 1)},
        **changes,
    }
    with system.store.transaction() as session:
        release = system.library.current(session)
        now = system.clock.now()
        return issue(
            session, release, "demand_notice", instance_id, context, person_id="yuancheng-head", now=now
        )


def test_an_issued_document_has_a_number_its_text_and_waits_for_its_pdf(
    system: System, instance_id: int
) -> None:
    document = demand(system, instance_id)
    assert document.number == "源教催〔2024〕1号"
    assert (document.version, document.state, document.pdf_sha256) == (1, "pending", None)
    assert "张三：" in document.text
    assert document.context == {
        "layout": "official_letter",
        "agency": "河源市源城区教育局",
        "issued_on": date(2024, 3, 18),
    }
    with system.store.reading() as session:
        message = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "render_document")).one()
    assert message.key == f"render_document:{document.id}"
    assert message.payload == {"document_id": document.id}


def test_issuing_again_makes_the_next_version_and_leaves_the_first_as_it_was(
    system: System, instance_id: int
) -> None:
    first = demand(system, instance_id)
    second = demand(system, instance_id, name="李四")
    assert (second.version, second.number) == (2, "源教催〔2024〕2号")
    with system.store.reading() as session:
        kept = session.get_one(Document, first.id)
    assert (kept.text, kept.text_sha256) == (first.text, first.text_sha256)


def test_a_document_that_can_not_be_worded_takes_no_number(system: System, instance_id: int) -> None:
    with pytest.raises(DocumentNotWritten):
        demand(system, instance_id, collection={"total_due": "much"})
    assert demand(system, instance_id).number == "源教催〔2024〕1号"


def test_a_kind_that_the_release_does_not_have_is_not_found(system: System, instance_id: int) -> None:
    with system.store.transaction() as session:
        release = system.library.current(session)
        with pytest.raises(NotFound):
            issue(session, release, "love_letter", instance_id, {}, person_id=None, now=system.clock.now())


def test_the_job_makes_the_pdf_and_keeps_it_once(
    system: System, instance_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = demand(system, instance_id)
    digest = render(system, document.id)
    with system.store.reading() as session:
        kept = session.get_one(Document, document.id)
    assert (kept.state, kept.pdf_sha256) == ("rendered", digest)
    text = PdfReader(BytesIO(system.files.get(digest))).pages[0].extract_text()
    assert "源教催" in text
    monkeypatch.setattr(issuing, "pdf", lambda *_: pytest.fail("it was made before"))
    assert render(system, document.id) == digest


def test_the_outbox_sends_the_document_to_be_rendered(system: System, instance_id: int) -> None:
    document = demand(system, instance_id)
    with system.store.reading() as session:
        message_id = session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.topic == "render_document")
        ).one()
    outbox.send(system, message_id)
    with system.store.reading() as session:
        assert session.get_one(Document, document.id).state == "rendered"
        assert session.get_one(OutboxMessage, message_id).state == "sent"


def test_a_failure_is_kept_with_its_reason_and_a_later_try_may_succeed(
    system: System, instance_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = demand(system, instance_id, name="张\U0001f600")
    with pytest.raises(GlyphMissing):
        render(system, document.id)
    with system.store.reading() as session:
        failed = session.get_one(Document, document.id)
    assert failed.state == "failed"
    assert "U+1F600" in (failed.error or "")
    monkeypatch.setattr(issuing, "pdf", lambda *_: b"%PDF-1.7 with another font")
    render(system, document.id)
    with system.store.reading() as session:
        kept = session.get_one(Document, document.id)
    assert (kept.state, kept.error) == ("rendered", None)


def test_a_text_that_was_changed_afterwards_is_not_printed(system: System, instance_id: int) -> None:
    document = demand(system, instance_id)
    with system.store.transaction() as session:
        session.get_one(Document, document.id).text += "另罚一百万元。"
    with pytest.raises(AnliuError, match="was changed"):
        render(system, document.id)


def test_a_document_that_does_not_exist_can_not_be_rendered(sqlite_system: System) -> None:
    with pytest.raises(NotFound):
        render(sqlite_system, 4711)
