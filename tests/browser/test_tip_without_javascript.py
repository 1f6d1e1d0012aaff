"""The tip form works in a browser that runs no scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from playwright.sync_api import Page

from engine.deadlines.clock import SimulatedClock
from tests.browser.conftest import Site
from tests.browser.filling import fill, send
from tests.telling import scenario


def test_a_tip_is_registered_without_javascript(site: Site, signed_in: Callable[..., Page]) -> None:
    story = scenario("one_to_one_in_flat")
    assert isinstance(site.system.clock, SimulatedClock)
    site.system.clock.set(story.at.astimezone(UTC))
    page = signed_in("yuancheng-handler-1", script=False)
    page.click("text=登记线索")

    # A second suspect is a second row; adding it loses nothing.
    page.fill("[name='address.detail']", "建设大道春和苑3栋1203房")
    page.click("button[name=_row_add][value=suspects]")
    assert page.locator("[name='suspects.1.name']").count() == 1
    assert page.input_value("[name='address.detail']") == "建设大道春和苑3栋1203房"

    # Something is wrong: it is said beside the field, and nothing typed is lost.
    page.fill("[name='suspects.0.name']", "周某宁")
    page.check("[name='suspects.0.kind'][value=person]")
    page.fill("[name='suspects.0.identifier']", "441602198803121521")
    page.click(".work-foot button")
    assert "居民身份证号不正确" in page.inner_text("#f-suspects-0-identifier-error")
    assert page.input_value("[name='suspects.0.name']") == "周某宁"
    assert page.input_value("[name='suspects.0.identifier']") == "441602198803121521"

    page.fill("[name='suspects.0.identifier']", "")
    fill(page, story.start.form, script=False)
    send(page)
    assert page.url.endswith("/cases/YC-2024-0001")
    assert "线索已登记，案号 YC-2024-0001" in page.inner_text(".said")
    assert "赖某生" in page.inner_text("main")
