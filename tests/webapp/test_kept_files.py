"""Files in a form that is not done yet: they stay with it, and nobody hands in what was never theirs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from engine.people.demo import PASSWORD
from engine.system import System
from webapp import create_app

CONTENT = b"what a parent wrote"
OURS, THEIRS = "yuancheng-handler-1", "heping-handler-1"


@pytest.fixture
def system(sqlite_system: System) -> System:
    """Which database it is makes no difference here."""
    return sqlite_system


def sent(client: FlaskClient, page: Any, **more: Any) -> Any:
    """The page that answers when the form of a page is sent."""
    (form,) = page.xpath("//form[@data-form or .//input[@name='password']]")
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    answer = client.post(form.get("action"), data={**data, **more}, content_type="multipart/form-data")
    assert answer.status_code in (200, 401, 422), answer.status_code
    return html.fromstring(answer.text)


def form_of(system: System, account: str) -> tuple[FlaskClient, Any]:
    """Somebody's browser, and the form for a tip in it."""
    client = create_app(system).test_client()
    page = html.fromstring(client.get("/sign-in").text)
    (form,) = page.xpath("//form[.//input[@name='password']]")
    data = dict(form.form_values()) | {"account": account, "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    return client, html.fromstring(client.get("/tips/new").text)


def with_file(client: FlaskClient, page: Any) -> Any:
    """The form after a file was chosen and the form refreshed."""
    return sent(
        client, page, _refresh="1", attachments=(io.BytesIO(CONTENT), "聊天记录.pdf", "application/pdf")
    )


def kept(page: Any) -> list[str]:
    """The references in a page."""
    return list(page.xpath("//input[@type='hidden'][@name='attachments']/@value"))


def test_a_file_stays_over_errors_and_rows(system: System) -> None:
    client, page = form_of(system, OURS)
    page = with_file(client, page)
    for more in ({}, {"_row_add": "suspects"}, {"_row_remove": "suspects.0"}, {"_refresh": "1"}):
        page = sent(client, page, **more)
        assert len(kept(page)) == 1
        assert "聊天记录.pdf" in page.text_content()


def test_a_file_stays_when_the_session_has_ended(system: System) -> None:
    client, page = form_of(system, OURS)
    page = with_file(client, page)
    client.delete_cookie("anliu_session")
    page = sent(client, page)
    assert page.xpath("//input[@name='typed']")
    page = sent(client, page, account=OURS, password=PASSWORD)
    assert len(kept(page)) == 1
    assert len(kept(sent(client, page))) == 1


def test_a_file_of_somebody_else_is_not_taken(system: System) -> None:
    client, page = form_of(system, OURS)
    (theirs,) = kept(with_file(client, page))
    client, page = form_of(system, THEIRS)
    digest = system.files.put(CONTENT)
    plain = {"sha256": digest, "name": "a.pdf", "size": len(CONTENT), "media_type": "application/pdf"}
    (own,) = kept(with_file(client, page))
    for text, taken in ((theirs, 0), (json.dumps(plain), 0), (own[:-1], 0), (own, 1)):
        page.xpath("//form[@data-form]")[0].append(
            html.Element("input", type="hidden", name="attachments", value=text)
        )
        assert len(kept(sent(client, page, _refresh="1"))) == taken
        page.xpath("//form[@data-form]")[0].remove(page.xpath("//form[@data-form]")[0][-1])


def test_a_file_of_somebody_else_is_not_taken_after_the_session_has_ended(system: System) -> None:
    client, page = form_of(system, OURS)
    (theirs,) = kept(with_file(client, page))
    client, page = form_of(system, THEIRS)
    client.delete_cookie("anliu_session")
    page.xpath("//form[@data-form]")[0].append(
        html.Element("input", type="hidden", name="attachments", value=theirs)
    )
    page = sent(client, page)
    assert kept(sent(client, page, account=THEIRS, password=PASSWORD)) == []
