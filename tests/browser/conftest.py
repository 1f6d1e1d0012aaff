"""A served system and a browser: the pages as people use them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.people.demo import PASSWORD
from engine.system import System
from webapp import create_app

LANGUAGE_COOKIE = "anliu_language"


@dataclass(frozen=True)
class Site:
    """A served system."""

    address: str
    system: System


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture
def site(sqlite_system: System) -> Iterator[Site]:
    """The pages of a prepared system with the demo's accounts, its clock in the test's hands."""
    server = make_server("127.0.0.1", 0, create_app(sqlite_system), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", sqlite_system)
    server.shutdown()
    thread.join()


@pytest.fixture
def signed_in(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Gives a page of a browser of their own for a person; what goes wrong in a script fails the test."""
    contexts = []
    problems: list[str] = []

    def sign_in(person: str | None, *, language: str = "zh", script: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            java_script_enabled=script, viewport={"width": width, "height": 900}, base_url=site.address
        )
        contexts.append(context)
        context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        if person is not None:
            page.goto("/sign-in")
            page.fill("#account", person)
            page.fill("#password", PASSWORD)
            page.click(".sign-in button.btn-primary")
            page.wait_for_selector(".top-nav")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert problems == []
