"""Every field type takes what people write, and refuses the rest in words beside the field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from forms.schema import FormErrors
from tests.forms.building import OPTIONS, PHOTO, SHA, choices, field, form_of, money, text, yes_no

TEXT = text("x", rules={"minLength": 2, "maxLength": 5})
CODE = text(
    "x",
    rules={"pattern": "^[A-Z]+$"},
    pattern_message="只能用大写字母。",
    pattern_message_en="Capitals only.",
)
LONG = field("textarea", "x")
WHOLE = field("number", "x", own={"decimalDigits": 0}, rules={"min": 1, "max": 500})
NUMBER = field("number", "x")
MONEY = money("x")
DATE = field("datetime", "x", own={"subtype": "date"})
MOMENT = field("datetime", "x", own={"subtype": "datetime"})
CHOICE = field("radio", "x", own=choices("a", "b", "1"))
OFFICER = field("select", "x", own={"valuesKey": "officers"})
SEVERAL = field("checklist", "x", own=choices("a", "b", "c"), max_choices="2")
YES_NO = yes_no("x")
TICK = field("checkbox", "x")
RESIDENT = text("x", type="resident_id")
USCC = text("x", type="uscc")
PHONE = text("x", type="phone")
FILE = field("filepicker", "x", own={"accept": ".jpg,image/png"}, max_size_mb="1")
FILES = field("filepicker", "x", own={"multiple": True}, max_files=2)
AT = datetime(2024, 3, 18, 2, 20, tzinfo=UTC)

ACCEPTED = [
    (TEXT, "  三个字 ", "三个字"),
    (TEXT, 203, "203"),
    (CODE, "ABC", "ABC"),
    (LONG, "一\r\n二", "一\n二"),
    (WHOLE, "31", 31),
    (WHOLE, 31.0, 31),
    (WHOLE, "３１", 31),
    (NUMBER, "-1,234.50", Decimal("-1234.5")),
    (NUMBER, 100, Decimal(100)),
    (MONEY, 25200, Decimal("25200.00")),
    (MONEY, "20,000.00", Decimal("20000.00")),
    (MONEY, "¥20,000", Decimal("20000.00")),
    (MONEY, "２０，０００元", Decimal("20000.00")),
    (MONEY, "2.52万元", Decimal("25200.00")),
    (MONEY, "18.6 万", Decimal("186000.00")),
    (MONEY, 0, Decimal("0.00")),
    (MONEY, "-0", Decimal("0.00")),
    (DATE, "2024-03-18", date(2024, 3, 18)),
    (DATE, "2024年3月18日", date(2024, 3, 18)),
    (DATE, "2024/3/8", date(2024, 3, 8)),
    (DATE, date(2024, 3, 18), date(2024, 3, 18)),
    (MOMENT, "2024-03-18 10:20", AT),
    (MOMENT, "2024-03-18T10:20", AT),
    (MOMENT, "2024-03-18T10:20:00+08:00", AT),
    (MOMENT, "2024-03-18T02:20:00Z", AT),
    (MOMENT, "2024年3月18日 10:20", AT),
    (MOMENT, datetime(2024, 3, 18, 10, 20), AT),
    (MOMENT, AT, AT),
    (CHOICE, "b", "b"),
    (CHOICE, 1, "1"),
    (OFFICER, "officers-1", "officers-1"),
    (SEVERAL, ["c", "a", "c"], ["a", "c"]),
    (YES_NO, True, True),
    (YES_NO, False, False),
    (YES_NO, "false", False),
    (YES_NO, "是", True),
    (TICK, "true", True),
    (RESIDENT, "11010519491231002x", "11010519491231002X"),
    (RESIDENT, "110105 19491231 002X", "11010519491231002X"),
    (RESIDENT, "441602197001010017", "441602197001010017"),  # born before 源城区 was founded
    (USCC, "9111 0000 6000 37341l", "91110000600037341L"),
    (PHONE, "+86 138 0013 8000", "13800138000"),
    (PHONE, "0762-3388123", "0762-3388123"),
    (PHONE, "400-812-3456", "400-812-3456"),
    (FILE, PHOTO, PHOTO),
    (FILE, [PHOTO], PHOTO),
    (FILES, PHOTO, [PHOTO]),
    (FILES, [PHOTO, PHOTO], [PHOTO]),
]

REFUSED = [
    (TEXT, "一", "At least 2 characters."),
    (TEXT, "一二三四五六", "At most 5 characters."),
    (TEXT, "a\x00b", "The text holds a character that can't be kept."),
    (TEXT, "a\ud800", "The text holds a character that can't be kept."),
    (TEXT, ["ab"], "Enter a text."),
    (TEXT, True, "Enter a text."),
    (CODE, "abc", "Capitals only."),
    (WHOLE, "1.5", "Enter a whole number."),
    (WHOLE, "0", "At least 1."),
    (WHOLE, 501, "At most 500."),
    (WHOLE, True, "Enter a number."),
    (WHOLE, "many", "Enter a number."),
    (NUMBER, "1,23", "Enter a number."),
    (NUMBER, float("nan"), "Enter a number."),
    (NUMBER, float("inf"), "Enter a number."),
    (NUMBER, Decimal("1E+999999"), "This number is too large."),
    (NUMBER, 10**400, "This number is too large."),
    (NUMBER, "1e5", "Enter a number."),
    (NUMBER, Decimal("0.0000001"), "At most 6 decimal places."),
    (MONEY, "-1", "An amount of money can't be negative."),
    (MONEY, "0.005", "At most 2 decimal places."),
    (MONEY, "1.2345678万", "At most 6 decimal places."),
    (MONEY, "二千元", "Enter a number."),
    (DATE, "2024-02-30", "There is no such day."),
    (DATE, "yesterday", "Enter a date, such as 2024-03-18."),
    (DATE, datetime(2024, 3, 18, 10, 20), "Enter a date, such as 2024-03-18."),
    (DATE, "0999-01-01", "Enter a year between 1900 and 2100."),
    (MOMENT, "2024-03-18", "Enter a date and a time, such as 2024-03-18 10:20."),
    (MOMENT, "2024-03-18 25:00", "There is no such time of day."),
    (MOMENT, "2024-03-18T10:20+99:00", "There is no such time of day."),
    (MOMENT, datetime.min.replace(tzinfo=UTC), "Enter a year between 1900 and 2100."),
    (MOMENT, datetime.max, "Enter a year between 1900 and 2100."),
    (CHOICE, "z", "Choose one of the options."),
    (CHOICE, ["a"], "Choose one of the options."),
    (CHOICE, True, "Choose one of the options."),
    (OFFICER, "somebody", "Choose one of the options."),
    (SEVERAL, ["a", "z"], "Choose one of the options."),
    (SEVERAL, "a", "Choose from the options."),
    (SEVERAL, ["a", "b", "c"], "Choose at most 2."),
    (YES_NO, "perhaps", "Answer yes or no."),
    (YES_NO, 1, "Answer yes or no."),
    (RESIDENT, "110105194912310021", "This is not a valid resident identity number."),  # check digit
    (RESIDENT, "11010519491331002X", "This is not a valid resident identity number."),
    (USCC, "91110000600037341M", "This is not a valid unified social credit code."),  # check digit
    (USCC, "91110000600037341", "This is not a valid unified social credit code."),
    (PHONE, "12345678901", "Enter a mobile number, or a landline with its area code."),
    (FILE, {**PHOTO, "size": 1024**2 + 1}, "照片.jpg is larger than 1 MB."),
    (FILE, {**PHOTO, "name": "a.exe", "media_type": "x/y"}, "a.exe is not of a kind that is accepted (.jpg, image/png)."),
    (FILE, {**PHOTO, "sha256": "../etc"}, "Choose a file."),
    (FILE, {"sha256": SHA}, "Choose a file."),
    (FILES, [PHOTO] * 3, "At most 2 files."),
    (FILES, ["a", "b"], "Choose a file."),
]  # fmt: skip


@pytest.mark.parametrize(("component", "raw", "value"), ACCEPTED)
def test_it_takes_what_people_write(component: dict[str, Any], raw: Any, value: Any) -> None:
    found = form_of(component).clean({"x": raw}, OPTIONS)["x"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("component", "raw", "message"), REFUSED)
def test_it_refuses_the_rest_in_words(component: dict[str, Any], raw: Any, message: str) -> None:
    with pytest.raises(FormErrors) as refused:
        form_of(component).clean({"x": raw}, OPTIONS)
    assert {path: [str(each) for each in found] for path, found in refused.value.errors.items()} == {
        "x": [message]
    }


@pytest.mark.parametrize(
    "component",
    [TEXT, LONG, WHOLE, NUMBER, MONEY, DATE, MOMENT, CHOICE, SEVERAL, YES_NO, TICK, RESIDENT, FILE, FILES],
)
@pytest.mark.parametrize("raw", [{}, {"x": None}, {"x": ""}, {"x": "  "}, {"x": []}])
def test_an_unanswered_field_is_left_out_and_demanded_only_when_required(
    component: dict[str, Any], raw: Any
) -> None:
    assert form_of(component).clean(raw) == {}
    required = {**component, "validate": {**component["validate"], "required": True}}
    with pytest.raises(FormErrors) as refused:
        form_of(required).clean(raw)
    assert str(refused.value) == "x: This field is required."


def test_no_is_an_answer_to_a_question_but_no_confirmation() -> None:
    assert form_of(yes_no("x", required=True)).clean({"x": False}) == {"x": False}
    with pytest.raises(FormErrors, match="required"):
        form_of(field("checkbox", "x", required=True)).clean({"x": False})


def test_an_unknown_field_is_refused_and_named() -> None:
    with pytest.raises(FormErrors) as refused:
        form_of(text("x")).clean({"x": "a", "fine": 1, 7: 2})
    assert set(refused.value.errors) == {"fine", "7"}
    with pytest.raises(FormErrors, match="Enter the fields"):
        form_of(text("x")).clean(["x"])  # type: ignore[arg-type]


def test_a_field_may_have_any_name_that_marshmallow_uses_itself() -> None:
    names = ["fields", "context", "load", "dump", "opts", "validate", "declared_fields", "schema"]
    raw = dict.fromkeys(names, "a")
    assert form_of(*(text(name) for name in names)).clean(raw) == raw


PARTY = field("group", "party", own={"components": []}, type="party", required_parts="kind,name,identifier")
SUSPECTS = field("dynamiclist", "suspects", own={
    "components": [
        {"type": "group", "label": "身份", "components": [], "properties": {"type": "party", "en": "Identity"}},
        text("role"),
    ]
}, max_rows=9)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "identifier", "message"),
    [
        ("person", "91110000600037341L", "This is not a valid resident identity number."),
        ("person", "110105194912310021", "This is not a valid resident identity number."),
        ("organisation", "11010519491231002X", "This is not a valid unified social credit code."),
        ("organisation", "91110000600037341M", "This is not a valid unified social credit code."),
    ],
)
def test_the_identifier_is_checked_by_the_kind_of_party(kind: str, identifier: str, message: str) -> None:
    row = {"kind": kind, "name": "张某", "identifier": identifier}
    for form, path, raw in (
        (form_of(PARTY), "party.identifier", {"party": row}),
        (form_of(SUSPECTS), "suspects.1.identifier", {"suspects": [{"kind": "person", "name": "李某"}, row]}),
    ):
        with pytest.raises(FormErrors) as refused:
            form.clean(raw)
        assert {at: str(found[0]) for at, found in refused.value.errors.items()} == {path: message}


def test_a_foreigners_passport_is_kept_as_written() -> None:
    form = form_of(
        field("group", "party", own={"components": []}, type="party", parts="identifier_type,identifier")
    )
    party = {"kind": "person", "name": "Smith", "identifier_type": "other", "identifier": "P1234567"}
    assert form.clean({"party": party}) == {"party": party}


def test_a_party_may_be_left_out_as_a_whole_but_not_in_part() -> None:
    form = form_of(PARTY)
    assert form.clean({}) == form.clean({"party": {"kind": "", "name": None}}) == {}
    with pytest.raises(FormErrors) as refused:
        form.clean({"party": {"phone": "13800138000"}})
    assert list(refused.value.errors) == ["party.kind", "party.name", "party.identifier"]
    required = form_of({**PARTY, "validate": {"required": True}})
    with pytest.raises(FormErrors):
        required.clean({})


def test_an_address_needs_its_county_and_the_rest() -> None:
    form = form_of(field("group", "address", own={"components": []}, type="address"))
    address = {"county": "counties-1", "detail": "某路1号1203室"}
    assert form.clean({"address": address}, OPTIONS) == {"address": address}
    with pytest.raises(FormErrors) as refused:
        form.clean({"address": {"county": "elsewhere"}}, OPTIONS)
    assert list(refused.value.errors) == ["address.county", "address.detail"]


def test_empty_rows_are_dropped_and_errors_keep_the_numbers_of_the_page() -> None:
    form = form_of(SUSPECTS)
    person = {"kind": "person", "name": "张某"}
    assert form.clean({"suspects": [{}, {"name": " "}, person, None]}) == {"suspects": [person]}
    with pytest.raises(FormErrors) as refused:
        form.clean({"suspects": [{}, {"role": "tutor"}, "nobody"]})
    assert list(refused.value.errors) == ["suspects.1.kind", "suspects.1.name", "suspects.2"]


def test_a_table_has_its_least_and_most_rows() -> None:
    rows = field("dynamiclist", "rows", own={"components": [text("name")]}, min_rows=2, max_rows=3)
    with pytest.raises(FormErrors, match="rows: At least 2 rows"):
        form_of(rows).clean({"rows": [{"name": "a"}, {}]})
    with pytest.raises(FormErrors, match="rows: At most 3 rows"):
        form_of(rows).clean({"rows": [{"name": "a"}] * 4})
    with pytest.raises(FormErrors, match="rows: Enter the rows"):
        form_of(rows).clean({"rows": "a"})
    required = field("dynamiclist", "rows", required=True, own={"components": [text("name")]})
    with pytest.raises(FormErrors, match="rows: At least one row"):
        form_of(required).clean({})
