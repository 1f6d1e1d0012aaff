"""Forms in a real browser: with JavaScript the page stays, without it the same buttons do the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request, send_from_directory
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from forms.html import decode
from forms.schema import FormErrors
from tests.forms import building
from tests.forms.building import OPTIONS, ROOT, choices, form_of, keep, text, unseal, yes_no
from tests.forms.building import field as component

pytestmark = pytest.mark.browser
FORM = form_of(
    component("radio", "outcome", own=choices("established", "referred"), required=True),
    text("agency", required=True, hide='outcome != "referred"'),
    text("note"),
    component(
        "dynamiclist",
        "rows",
        own={"components": [text("name"), yes_no("adult"), text("guardian", hide="adult != false")]},
    ),
    component("filepicker", "photos", own={"multiple": True}),
    component("datetime", "at", own={"subtype": "datetime"}),
)


@dataclass
class Site:
    """A page with one form, as the product's pages do it."""

    address: str = ""
    loads: int = 0
    accepted: list[dict[str, Any]] = field(default_factory=list)
    slow: threading.Event | None = None


def application(site: Site) -> Flask:
    """The page; it counts how often it is loaded whole."""
    app = Flask(__name__)

    @app.get("/forms.js")
    def script() -> Response:
        return send_from_directory(ROOT / "webapp" / "frontend", "forms.js")

    @app.route("/", methods=["GET", "POST"])
    def page() -> Response | str:
        values: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        focus = None
        site.loads += request.headers.get("X-Requested-With") is None
        if request.method == "POST":
            sent = decode(FORM, request.form, request.files, keep=keep, unseal=unseal)
            values, focus = sent.raw, sent.focus
            if site.slow is not None:
                site.slow.wait(10)
            if sent.submitted:
                try:
                    site.accepted.append(FORM.clean(values, OPTIONS))
                    return "<p>Thank you</p>"
                except FormErrors as refused:
                    errors = refused.errors
        fields = building.source_of(FORM, values, errors, focus=focus)
        return (
            '<!doctype html><title>Form</title><script type="module" src="/forms.js"></script>'
            f'<form method="post" action="/" enctype="multipart/form-data" novalidate>{fields}<button>Send</button></form>'
        )

    return app


@pytest.fixture
def site() -> Iterator[Site]:
    """A served page."""
    site = Site()
    server = make_server("127.0.0.1", 0, application(site), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}/"
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The form in a browser with JavaScript."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(site.address)
    yield page
    page.close()


def test_an_answer_brings_up_its_questions_and_the_page_stays(page: Page, site: Site) -> None:
    page.fill("[name=note]", "typed before")
    assert page.locator("[name=agency]").count() == 0
    page.check("[name=outcome][value=referred]")
    page.wait_for_selector("[name=agency]")
    assert page.input_value("[name=note]") == "typed before"
    assert page.evaluate("document.activeElement.value") == "referred"
    page.fill("[name=agency]", "市场监管局")
    page.check("[name=outcome][value=established]")
    page.wait_for_selector("[name=agency]", state="hidden")
    page.check("[name=outcome][value=referred]")
    page.wait_for_selector("[name=agency]:not([type=hidden])")
    assert page.input_value("[name=agency]") == "市场监管局"
    assert site.loads == 1
    assert page.inner_text("[data-form-status]") == "The form was updated."


def test_what_is_typed_while_the_answer_is_under_way_is_kept(page: Page, site: Site) -> None:
    site.slow = threading.Event()
    page.check("[name=outcome][value=referred]")
    page.fill("[name=note]", "typed meanwhile")
    page.focus("[name=note]")
    site.slow.set()
    page.wait_for_selector("[name=agency]")
    assert page.input_value("[name=note]") == "typed meanwhile"
    assert page.evaluate("document.activeElement.name") == "note"


def test_rows_come_and_go_without_a_page_load_and_the_cursor_is_where_one_writes(
    page: Page, site: Site
) -> None:
    for number, name in enumerate(["甲", "乙"]):
        page.click("[name=_row_add]")
        page.wait_for_selector(f"[name='rows.{number}.name']")
        assert page.evaluate("document.activeElement.name") == f"rows.{number}.name"
        page.keyboard.type(name)
    page.check("[name='rows.1.adult'][value=false]")
    page.wait_for_selector("[name='rows.1.guardian']")
    assert page.locator("[name='rows.0.guardian']").count() == 0
    page.fill("[name='rows.1.guardian']", "丙")
    page.click("[name=_row_remove][value='rows.0']")
    page.wait_for_selector("[name='rows.1.name']", state="detached")
    page.check("[name=outcome][value=established]")
    page.click("text=Send")
    page.wait_for_selector("text=Thank you")
    assert site.accepted == [
        {"outcome": "established", "rows": [{"name": "乙", "adult": False, "guardian": "丙"}]}
    ]
    assert site.loads == 2


def test_files_that_were_chosen_survive_the_form_changing(page: Page, site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(b"photo")
    page.set_input_files("[name=photos]", photo)
    page.check("[name=outcome][value=established]")
    page.wait_for_selector("[name=_file_remove]")
    page.click("text=Send")
    page.wait_for_selector("text=Thank you")
    assert [file["name"] for file in site.accepted[0]["photos"]] == ["现场.jpg"]


def test_enter_sends_the_form_and_errors_get_the_attention(page: Page, site: Site) -> None:
    page.click("[name=_row_add]")
    page.wait_for_selector("[name='rows.0.name']")
    page.fill("[name=at]", "2024-03-18T10:20")
    page.press("[name='rows.0.name']", "Enter")
    page.wait_for_selector("[role=alert]")
    assert page.evaluate("document.activeElement.dataset.formErrors") == ""
    page.click("[role=alert] a")
    assert page.evaluate("document.activeElement.id") == "f-outcome"
    assert page.input_value("[name=at]") == "2024-03-18T10:20"


def test_the_same_without_javascript(browser: Browser, site: Site) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(10_000)
    page.goto(site.address)
    page.check("[name=outcome][value=referred]")
    page.fill("[name=note]", "typed before")
    page.click("[name=_refresh]")
    page.fill("[name=agency]", "市场监管局")
    page.click("[name=_row_add]")
    page.fill("[name='rows.0.name']", "甲")
    page.click("[name=_row_add]")
    page.click("[name=_row_remove][value='rows.1']")
    page.click("text=Send")
    page.wait_for_selector("text=Thank you")
    assert site.accepted == [
        {"outcome": "referred", "agency": "市场监管局", "note": "typed before", "rows": [{"name": "甲"}]}
    ]
    page.context.close()
