"""Case 1 through the pages: from the tip to the closed file, by the people who handle it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from playwright.sync_api import Page
from sqlalchemy import select

from engine.deadlines.clock import SimulatedClock
from engine.jobs.outbox import send as deliver
from engine.jobs.tables import OutboxMessage
from engine.runtime.tables import ProcessInstance
from engine.scenario.script import TaskStep
from tests.browser.conftest import Site
from tests.browser.filling import fill, send
from tests.telling import scenario


def test_case_one_goes_from_tip_to_closed_file_through_the_pages(
    site: Site, signed_in: Callable[..., Page]
) -> None:
    story = scenario("one_to_one_in_flat")
    clock = site.system.clock
    assert isinstance(clock, SimulatedClock)
    pages: dict[str, Page] = {}

    def page_of(person: str) -> Page:
        if person not in pages:
            pages[person] = signed_in(person)
        return pages[person]

    clock.set(story.at.astimezone(UTC))
    page = page_of(story.start.by)
    page.goto("/tips/new")
    fill(page, story.start.form)
    send(page)
    assert page.url.endswith("/cases/YC-2024-0001")

    for step in story.steps:
        if not isinstance(step, TaskStep):
            continue
        if step.at is not None:
            clock.set(step.at.astimezone(UTC))
        page = page_of(step.by)
        page.goto(f"/?step={step.task}")
        page.locator("[data-row] .row-link").click()
        fill(page, step.form)
        send(page)

    assert len(pages) == 5
    with site.system.store.reading() as session:
        assert session.scalars(select(ProcessInstance.state)).all() == ["closed"]
        messages = session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.topic == "render_document")
        ).all()
    page = page_of(story.start.by)
    page.goto("/cases/YC-2024-0001")
    assert "已结案" in page.inner_text(".case-title")
    assert page.locator(".document").count() == 6

    deliver(site.system, messages[0])
    page.reload()
    with page.context.expect_page() as opened:
        page.locator(".document a", has_text="查看").first.click()
    address = opened.value.url
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    assert page_of("yuancheng-head").request.get(address).ok
