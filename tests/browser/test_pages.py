"""Every page shows in both languages for everybody; signing in; the keyboard; two people at one task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.clock import SimulatedClock
from tests.browser.conftest import Site
from tests.browser.filling import fill
from tests.telling import answers, open_task, tell

PEOPLE = (
    "yuancheng-handler-1",
    "yuancheng-head",
    "yuancheng-legal",
    "yuancheng-collector",
    "yuancheng-police-liaison",
    "city-office",
    "city-supervisor",
    "city-legal-1",
    "city-admin",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_shows_for_every_role(site: Site, signed_in: Callable[..., Page], language: str) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="give_opinion")
    task = open_task(site.system, outcome, "give_opinion", "police")
    case = f"/cases/{outcome.business_key}"
    pages = ("/", "/cases", "/tips/new", case, f"{case}?diagram=filing", f"/tasks/{task.id}", "/nothing")
    for person in PEOPLE:
        page = signed_in(person, language=language)
        for path in pages:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status in (200, 403, 404), f"{path} for {person}: {answer.status}"
            expect(page.locator("main h1")).to_be_visible()
            width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert width <= 0, f"{path} for {person} is too wide"
        page.context.close()


def test_pages_fit_a_screen_of_320_pixels(site: Site, signed_in: Callable[..., Page]) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="draft_notice")
    task = open_task(site.system, outcome, "draft_notice")
    page = signed_in("yuancheng-handler-1", width=320)
    for path in ("/", "/cases", "/tips/new", f"/cases/{outcome.business_key}", f"/tasks/{task.id}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_wrong_password_says_so_and_keeps_the_account(signed_in: Callable[..., Page]) -> None:
    page = signed_in(None)
    page.goto("/cases?state=open")
    page.fill("#account", "yuancheng-head")
    page.fill("#password", "wrong")
    page.click(".sign-in button.btn-primary")
    assert "账号或密码不正确" in page.inner_text("[role=alert]")
    assert page.input_value("#account") == "yuancheng-head"
    page.fill("#password", "anliu-demo")
    page.click(".sign-in button.btn-primary")
    page.wait_for_url("**/cases?state=open")
    page.click(".menu-button")
    page.click("text=退出登录")
    page.goto("/cases")
    assert "/sign-in" in page.url


def test_the_language_switches_where_one_is(signed_in: Callable[..., Page]) -> None:
    page = signed_in("city-office")
    page.goto("/cases?state=open")
    page.click("text=English")
    assert page.url.endswith("/cases?state=open")
    assert page.inner_text("h1") == "Cases"


def test_j_and_k_walk_enter_opens_and_c_claims(site: Site, signed_in: Callable[..., Page]) -> None:
    tell(site.system, "one_to_one_in_flat", until="verify_tip")
    tell(site.system, "one_to_one_in_flat", until="propose_filing")
    page = signed_in("yuancheng-handler-1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row] .row-link").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("[data-row]").nth(1)).to_contain_text("我已签收")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")


def test_the_inbox_filters_as_one_types_and_keeps_it_in_the_address(
    site: Site, signed_in: Callable[..., Page]
) -> None:
    tell(site.system, "one_to_one_in_flat", until="verify_tip")
    tell(site.system, "one_to_one_in_flat", until="propose_filing")
    page = signed_in("yuancheng-handler-1")
    expect(page.locator("[data-row]")).to_have_count(2)
    page.fill("#q", "yc-2024-0002")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "q=yc-2024-0002" in page.url
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_who_comes_second_sees_who_was_first_and_what_they_typed(
    site: Site, signed_in: Callable[..., Page]
) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="verify_tip")
    task = open_task(site.system, outcome, "verify_tip")
    assert isinstance(site.system.clock, SimulatedClock)
    site.system.clock.set(datetime(2024, 3, 20, 16, 30, tzinfo=SHANGHAI))
    second = signed_in("yuancheng-handler-2")
    second.goto(f"/tasks/{task.id}")
    second.fill("[name=findings]", "第二个人写的核查情况")
    first = signed_in("yuancheng-handler-1")
    first.goto(f"/tasks/{task.id}")
    fill(first, answers("one_to_one_in_flat", "verify_tip"))
    first.click(".work-foot button")
    expect(first.locator(".said")).to_contain_text("已提交")
    second.click(".work-foot button")
    expect(second.locator(".alert-warning")).to_contain_text("已办结此任务")
    assert second.input_value("fieldset[disabled] [name=findings]") == "第二个人写的核查情况"


def test_what_was_typed_survives_the_end_of_the_session(site: Site, signed_in: Callable[..., Page]) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="verify_tip")
    task = open_task(site.system, outcome, "verify_tip")
    page = signed_in("yuancheng-handler-1")
    page.goto(f"/tasks/{task.id}")
    page.fill("[name=findings]", "写了很久的核查情况")
    page.context.clear_cookies(name="anliu_session")
    page.click(".work-foot button")
    assert "填写的内容已保留" in page.inner_text("main")
    page.fill("#account", "yuancheng-handler-1")
    page.fill("#password", "anliu-demo")
    page.click(".sign-in button.btn-primary")
    assert page.input_value("[name=findings]") == "写了很久的核查情况"


def test_the_diagram_shows_where_the_case_stands(site: Site, signed_in: Callable[..., Page]) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="draft_notice")
    page = signed_in("yuancheng-handler-1")
    page.goto(f"/cases/{outcome.business_key}")
    expect(page.locator("[data-element-id=filing].is-done")).to_be_attached()
    expect(page.locator("[data-element-id=notice_and_hearing].is-current")).to_be_attached()
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    page.locator("[data-element-id=notice_and_hearing] .djs-hit").first.click()
    expect(page.locator("[data-element-id=draft_notice].is-current")).to_be_attached()
    page.locator(".step-list summary").click()
    page.locator(".phase-list a", has_text="立案审批").click()
    expect(page.locator("[data-element-id=approve_filing].is-done")).to_be_attached()


def test_who_may_not_see_a_case_learns_nothing_of_it(site: Site, signed_in: Callable[..., Page]) -> None:
    outcome = tell(site.system, "one_to_one_in_flat", until="verify_tip")
    stranger = signed_in("zijin-handler-1")
    answers_of = [stranger.goto(path) for path in (f"/cases/{outcome.business_key}", "/cases/YC-2024-9999")]
    assert [answer.status for answer in answers_of if answer] == [404, 404]
    legal = signed_in("yuancheng-legal")
    legal.goto(f"/cases/{outcome.business_key}")
    assert "13800000555" not in legal.content()
    handler = signed_in("yuancheng-handler-2")
    handler.goto(f"/cases/{outcome.business_key}")
    assert "13800000555" in handler.content()
