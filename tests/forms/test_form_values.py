"""What becomes of clean values: variables of the flow, moments, words for people, defaults for the next form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.forms.building import OPTIONS, PHOTO, choices, day, field, form_of, money, text, yes_no

MOMENT = field("datetime", "at", own={"subtype": "datetime"}, moment="handed_over")


def test_only_what_the_flow_decides_on_becomes_a_variable() -> None:
    form = form_of(
        text("name"), field("textarea", "facts"), money("fine"), field("number", "pupils", own={"decimalDigits": 0}),
        day("on"), MOMENT, field("radio", "outcome", own=choices("a", "b")), field("checklist", "kinds", own=choices("a", "b")),
        yes_no("grave"), field("checkbox", "told"), field("filepicker", "photo"), text("phone", type="phone"),
        field("dynamiclist", "rows", own={"components": [yes_no("inner")]}),
        field("group", "party", own={"components": []}, type="party"), field("group", "notes", own={"components": [text("x")]}),
    )  # fmt: skip
    values = form.clean({
        "name": "a", "facts": "b", "fine": "2000", "pupils": 7, "on": "2024-03-18", "at": "2024-03-18 10:20", "outcome": "a",
        "kinds": ["b"], "grave": False, "told": True, "photo": PHOTO, "phone": "13800138000", "rows": [{"inner": True}],
        "party": {"kind": "person", "name": "张某"},
    })  # fmt: skip
    assert form.flow_values(values) == {
        "fine": Decimal("2000.00"), "pupils": 7, "on": date(2024, 3, 18), "at": datetime(2024, 3, 18, 2, 20, tzinfo=UTC),
        "outcome": "a", "kinds": ["b"], "grave": False, "told": True, "party": {"kind": "person"},
    }  # fmt: skip


def test_a_second_round_leaves_nothing_of_the_first_among_the_variables() -> None:
    form = form_of(yes_no("again"), money("fine", hide="again != true"))
    assert form.flow_values(form.clean({"again": False, "fine": 5})) == {"again": False, "fine": None}


def test_a_day_counts_from_its_first_minute_in_shanghai() -> None:
    form = form_of(
        day("served_on", moment="notice_served"),
        MOMENT,
        field("group", "g", own={"components": [day("d", moment="m")]}),
    )
    values = form.clean({"served_on": "2024-04-10", "at": "2024-04-10 09:30", "g": {"d": "2024-01-01"}})
    assert form.moments(values) == {
        "notice_served": datetime(2024, 4, 9, 16, 0, tzinfo=UTC),
        "handed_over": datetime(2024, 4, 10, 1, 30, tzinfo=UTC),
        "m": datetime(2023, 12, 31, 16, 0, tzinfo=UTC),
    }
    assert form.moments({}) == {}


def test_confidential_fields_are_known_and_left_out() -> None:
    reporter = field("group", "reporter", own={"components": [text("name")]}, confidential="true")
    rows = field("dynamiclist", "rows", own={"components": [text("a"), text("b", confidential=True)]})
    form = form_of(text("open"), reporter, rows)
    assert form.confidential_keys == {"reporter", "reporter.name", "rows.*.b"}
    values = {"open": "x", "reporter": {"name": "李某"}, "rows": [{"a": "1", "b": "2"}]}
    assert form.public_values(values) == {"open": "x", "rows": [{"a": "1"}]}


@pytest.mark.parametrize(
    ("component", "value", "chinese", "english"),
    [
        (money("x"), Decimal("20000.00"), "¥20,000.00", "¥20,000.00"),
        (day("x"), date(2024, 3, 18), "2024年3月18日", "18 March 2024"),
        (field("datetime", "x", own={"subtype": "datetime"}), datetime(2024, 3, 17, 17, 5, tzinfo=UTC), "2024年3月18日 01:05",
         "18 March 2024 01:05"),
        (yes_no("x"), True, "是", "Yes"),
        (yes_no("x"), False, "否", "No"),
        (field("radio", "x", own=choices("a", "b")), "b", "选b", "Choice b"),
        (field("checklist", "x", own=choices("a", "b")), ["a", "b"], "选a、选b", "Choice a, Choice b"),
        (field("select", "x", own={"valuesKey": "officers"}), "officers-2", "选项2", "Option 2"),
        (field("select", "x", own={"valuesKey": "officers"}), "left-long-ago", "left-long-ago", "left-long-ago"),
        (field("number", "x", own={"appearance": {"suffixAdorner": "人"}}, suffix_en="pupils"), Decimal(1200), "1,200人", "1,200 pupils"),
        (field("filepicker", "x"), PHOTO, "照片.jpg", "照片.jpg"),
        (field("group", "x", own={"components": []}, type="party"), {"kind": "person", "name": "张某"},
         "类型：自然人，姓名或名称：张某", "Kind: Person, Name: 张某"),
        (field("group", "x", own={"components": []}, type="address"), {"county": "counties-0", "detail": "某路1号"},
         "选项0某路1号", "Option 0, 某路1号"),
        (field("dynamiclist", "x", own={"components": [text("y")]}), [{"y": "a"}, {"y": "b"}], "y的标签：a；y的标签：b",
         "Label of y: a; Label of y: b"),
        (text("x"), None, "", ""),
    ],
)  # fmt: skip
def test_a_value_in_words(component: dict[str, Any], value: Any, chinese: str, english: str) -> None:
    form = form_of(component)
    found = form.field("x")
    assert found is not None
    assert form.display(found, value, "zh", OPTIONS) == chinese
    assert form.display(found, value, "en", OPTIONS) == english


def test_a_form_begins_with_what_is_known() -> None:
    form = form_of(
        field("checklist", "agencies", own={"valuesKey": "agencies"}, default_from="consultation.proposed"),
        field("radio", "kind", own={**choices("a", "b"), "defaultValue": "b"}),
        yes_no("told", own={"defaultValue": "true"}),
        day("on", default_from="today"),
        money("fine", default_from="review.fine"),
        text("name", default_from="review.nothing"),
        field("dynamiclist", "rows", own={"components": [text("x")], "defaultRepetitions": 2}),
    )
    variables = {
        "consultation": {"proposed": ["agencies-1"]},
        "review": {"fine": Decimal(5), "nothing": None},
        "today": date(2024, 3, 18),
    }
    assert form.initial(variables) == {
        "agencies": ["agencies-1"], "kind": "b", "told": True, "on": date(2024, 3, 18), "fine": Decimal("5.00"), "rows": [{}, {}],
    }  # fmt: skip
    assert form.initial({"consultation": "broken", "review": {"fine": "much"}}) == {
        "kind": "b",
        "told": True,
        "rows": [{}, {}],
    }


def test_a_field_is_found_by_its_path_or_its_pattern() -> None:
    form = form_of(field("dynamiclist", "rows", own={"components": [text("x")]}))
    assert form.field("rows.0.x") is form.field("rows.*.x") is not None
    assert form.field("rows.x") is None
