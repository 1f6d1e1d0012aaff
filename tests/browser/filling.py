"""Filling in a rendered form with the values of a scenario, by the names of its fields, as a person would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from playwright.sync_api import Locator, Page

IDLE = "() => !document.querySelector('[data-form-fields][aria-busy]')"


class NoSuchField(AssertionError):
    """The form on the page has no field for a value."""


def fill(page: Page, values: Mapping[str, Any], *, script: bool = True) -> None:
    """Fills in all values. Fields that appear only after others are answered are filled in when they do.

    :param script: whether the page runs scripts; without, the form is refreshed by its button.
    """
    waiting = dict(_leaves(values))
    while waiting:
        done = [path for path, value in waiting.items() if _fill_one(page, path, value, script)]
        if not done:
            raise NoSuchField(f"no field for {', '.join(waiting)} on {page.url}")
        for path in done:
            del waiting[path]
        if waiting and not script:
            page.click("button[name=_refresh]")


def send(page: Page) -> None:
    """Sends the form and says what was wrong with it, if anything was."""
    before = page.url
    page.click(".work-foot button")
    page.wait_for_load_state()
    problems = page.locator("[data-form-errors], .alert-danger")
    assert problems.count() == 0, f"{before}: {problems.all_inner_texts()}"


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Paths of inputs with their values; a list of plain values is one answer of several choices."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, row in enumerate(value):
            yield from _leaves(row, f"{path}.{number}")
    elif value is not None:
        yield path, value


def _fill_one(page: Page, path: str, value: Any, script: bool) -> bool:
    """Fills in one field; returns whether it is there."""
    row = re.match(r"(.+?)\.(\d+)\.", path)
    while row and page.locator(f"[name='{row[1]}.{row[2]}._row']").count() == 0:
        add = page.locator(f"button[name=_row_add][value='{row[1]}']")
        if add.count() == 0:
            return False
        add.click()
        _settle(page, script)
    inputs = page.locator(f"[name='{path}']:not([type=hidden])")
    if inputs.count() == 0:
        return False
    kind = inputs.first.evaluate("input => input.type")
    if kind in ("radio", "checkbox"):
        _choose(page, inputs, value if isinstance(value, list) else [value], script)
    elif kind == "select-one":
        inputs.first.select_option(_text(value))
    else:
        text = _text(value)
        inputs.first.fill(text.replace(" ", "T") if kind == "datetime-local" else text)
        inputs.first.blur()
    _settle(page, script)
    return True


def _choose(page: Page, inputs: Locator, values: list[Any], script: bool) -> None:
    wanted = {_text(value) for value in values}
    name = inputs.first.get_attribute("name")
    found = inputs.evaluate_all("all => all.map(each => [each.value, each.checked, each.type])")
    for value, checked, kind in found:
        if (value in wanted) == checked or (kind == "radio" and value not in wanted):
            continue
        page.locator(f"[name='{name}'][value='{value}']:not([type=hidden])").set_checked(value in wanted)
        _settle(page, script)


def _settle(page: Page, script: bool) -> None:
    if script:
        page.wait_for_function(IDLE)
    else:
        page.wait_for_load_state()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
