"""Forms on a page: what is shown, what comes back, and everything that has to work without JavaScript."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from forms.errors import FieldError
from forms.schema import FormErrors
from tests.forms.building import (
    OPTIONS,
    PHOTO,
    SHA,
    choices,
    day,
    field,
    form_of,
    money,
    page_of,
    seal,
    send,
    text,
    values_page_of,
    yes_no,
)

ROWS = field("dynamiclist", "rows", own={"components": [text("name", required=True), field("checklist", "kinds", own=choices("a", "b"))]},
             row="当事人", row_en="party", max_rows=3)  # fmt: skip
PHOTOS = field(
    "filepicker",
    "photos",
    own={"multiple": True, "accept": ".jpg,.png"},
    max_size_mb="1",
    capture="environment",
)


def upload(name: str, size: int = 10) -> FileStorage:
    """A file that somebody chose."""
    return FileStorage(io.BytesIO(b"x" * size), filename=name, content_type="image/jpeg")


def test_every_field_has_its_label_help_and_required_mark_for_ears_too() -> None:
    page = page_of(form_of(text("name", required=True, help="写全称", help_en="In full")), {})
    (box,) = page.xpath(".//input[@name='name']")
    (label,) = page.xpath(".//label[@for=$id]", id=box.get("id"))
    assert label.text == "name的标签"
    assert "required" in label.get("class").split()
    assert box.get("aria-required") == "true"
    assert page.get_element_by_id(box.get("aria-describedby")).text == "写全称"


def test_an_error_stands_beside_its_field_and_in_the_summary_that_leads_to_it() -> None:
    form = form_of(text("name"), money("fine", check="fine < 5", check_message="罚款过高。", check_message_en="Too high.",
                                       check_article="行政处罚法第五条"))  # fmt: skip
    with pytest.raises(FormErrors) as refused:
        form.clean({"fine": 6})
    errors = refused.value.errors
    page = page_of(form, {"fine": 6}, errors)
    (box,) = page.xpath(".//input[@name='fine']")
    assert box.get("aria-invalid") == "true"
    assert box.value == "6"
    assert page.get_element_by_id(box.get("aria-describedby")).text_content().split() == [
        "罚款过高。",
        "行政处罚法第五条",
    ]
    (link,) = page.xpath(".//*[@role='alert']//a")
    assert link.get("href") == f"#{box.get('id')}"
    assert "Too high." in page_of(form, {"fine": 6}, errors, locale="en").text_content()


def test_what_is_wrong_is_shown_again_as_it_was_typed() -> None:
    form = form_of(
        day("on"),
        field("number", "pupils"),
        field("datetime", "at", own={"subtype": "datetime"}),
        text("name"),
    )
    page = page_of(form, {"on": "30 February", "pupils": "seven", "at": "noon", "name": '"><script>'})
    assert page.xpath(".//input[@name='on'][@type='text']")[0].value == "30 February"
    assert page.xpath(".//input[@name='pupils']")[0].value == "seven"
    assert page.xpath(".//input[@name='at'][@type='text']")[0].value == "noon"
    assert page.xpath(".//input[@name='name']")[0].value == '"><script>'
    page = page_of(form, {"on": "2024年3月18日", "at": "2024-03-18 10:20"})
    assert page.xpath(".//input[@name='on'][@type='date']")[0].value == "2024-03-18"
    assert page.xpath(".//input[@name='at'][@type='datetime-local']")[0].value == "2024-03-18T10:20"


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    page = page_of(
        form_of(yes_no("grave", required=True), field("checklist", "kinds", own=choices("a", "b"))),
        {"grave": False, "kinds": ["b"]},
    )
    grave, kinds = page.xpath(".//fieldset")
    assert [grave.findtext("legend"), kinds.findtext("legend")] == ["grave的标签", "kinds的标签"]
    assert page.xpath(".//input[@type='radio'][@checked]/@value") == ["false"]
    assert page.xpath(".//input[@type='checkbox'][@checked]/@value") == ["b"]


def test_enter_submits_and_does_not_press_a_row_button() -> None:
    page = page_of(form_of(ROWS), {"rows": [{}]})
    assert page.xpath("(.//button)[1]/@name") == []


def test_rows_are_added_and_removed_without_javascript_and_nothing_is_lost() -> None:
    form = form_of(ROWS, text("note"))
    page = page_of(form, {"rows": [{"name": "甲"}], "note": "x"})
    added = send(form, page, ("_row_add", "rows"), rows__0__kinds=["b"], note="typed")
    assert (added.submitted, added.focus) == (False, "rows.1")
    assert added.raw == {"rows": [{"name": "甲", "kinds": ["b"]}, {}], "note": "typed"}
    page = page_of(form, added.raw, focus=added.focus)
    assert page.xpath(".//*[@autofocus]/@name") == ["rows.1.name"]
    full = send(
        form,
        page_of(form, send(form, page, ("_row_add", "rows"), rows__1__name="乙").raw),
        rows__2__name="丙",
    )
    assert [row["name"] for row in full.raw["rows"]] == ["甲", "乙", "丙"]
    assert full.submitted
    page = page_of(form, full.raw)
    assert not page.xpath(".//button[@name='_row_add']")  # three are the most
    removed = send(form, page, ("_row_remove", "rows.1"))
    assert [row["name"] for row in removed.raw["rows"]] == ["甲", "丙"]
    assert not removed.submitted


def test_a_row_without_any_answer_stays_on_the_page_until_it_is_submitted() -> None:
    form = form_of(field("dynamiclist", "rows", own={"components": [yes_no("told")]}))
    sent = send(form, page_of(form, {"rows": [{}, {"told": True}, {}]}))
    assert sent.raw == {"rows": [{}, {"told": "true"}, {}]}
    assert form.clean(sent.raw) == {"rows": [{"told": True}]}


def test_buttons_for_tables_that_do_not_exist_do_nothing() -> None:
    form = form_of(ROWS, text("note"))
    page = page_of(form, {"note": "x"})
    for name, value in [("_row_add", "note"), ("_row_add", "nowhere"), ("_row_remove", "rows.x"), ("_row_remove", "note.0"),
                        ("_row_remove", "rows.7"), ("_row_remove", ""), ("_file_remove", "x")]:  # fmt: skip
        sent = send(form, page, **{name: value})
        assert (sent.raw.get("note"), sent.raw.get("rows", []), sent.submitted) == ("x", [], False)


def test_the_refresh_button_shows_what_follows_from_the_answers() -> None:
    form = form_of(yes_no("told"), text("why", required=True, hide="told != false"))
    page = page_of(form, {})
    assert not page.xpath(".//input[@name='why']")
    assert page.xpath(".//noscript//button[@name='_refresh']")
    assert len(page.xpath(".//input[@name='told'][@data-refresh]")) == 2
    sent = send(form, page, ("_refresh", "1"), told="false")
    assert not sent.submitted
    assert page_of(form, sent.raw).xpath(".//input[@name='why'][@type='text']")


def test_what_was_typed_survives_being_hidden() -> None:
    form = form_of(
        yes_no("told"), text("why", hide="told != false"), ROWS | {"conditional": {"hide": "=told != false"}},
        field("group", "g", hide="told != false", own={"components": [field("checklist", "kinds", own=choices("a", "b")), PHOTOS]}),
    )  # fmt: skip
    typed = {
        "told": "false",
        "why": "x",
        "rows": [{"name": "甲"}],
        "g": {"kinds": ["a", "b"], "photos": [PHOTO]},
    }
    hidden = page_of(form, send(form, page_of(form, typed), told="true").raw)
    assert not hidden.xpath(".//input[@name='why'][@type='text']")
    assert send(form, hidden, told="false").raw == typed
    assert form.clean(send(form, hidden).raw) == {"told": True}


def test_files_are_kept_at_once_and_stay_when_something_else_is_wrong() -> None:
    form = form_of(PHOTOS, text("name", required=True))
    page = page_of(form, {})
    (box,) = page.xpath(".//input[@type='file']")
    assert (box.get("accept"), box.get("capture"), "multiple" in box.attrib) == (
        ".jpg,.png",
        "environment",
        True,
    )
    sent = send(form, page, files={"photos": [upload("a.jpg"), upload("")]})
    assert sent.raw["photos"] == [{**PHOTO, "name": "a.jpg", "size": 10}]
    page = page_of(form, sent.raw)
    again = send(form, page, name="x")
    assert form.clean(again.raw)["photos"] == sent.raw["photos"]
    removed = send(form, page, ("_file_remove", f"photos:{SHA}"))
    assert "photos" not in removed.raw
    assert not removed.submitted


def test_a_file_that_is_too_large_or_of_another_kind_is_not_kept_and_named() -> None:
    form = form_of(PHOTOS)
    sent = send(form, page_of(form, {}), files={"photos": [upload("C:\\photos\\big.jpg", 1024**2 + 1)]})
    assert sent.raw["photos"][0]["sha256"] == ""
    with pytest.raises(FormErrors, match="^photos: big.jpg is larger than 1 MB.$"):
        form.clean(sent.raw)
    assert not page_of(form, sent.raw).xpath(".//input[@type='hidden'][@name='photos']")


def test_only_references_that_the_page_was_given_come_back() -> None:
    form = form_of(PHOTOS)
    page = page_of(form, {})
    assert send(form, page, photos=seal(PHOTO)).raw == {"photos": [PHOTO]}
    for reference in [
        json.dumps(PHOTO),  # knowing a file's SHA-256 is not enough
        seal(PHOTO)[:-1],
        "x" + seal(PHOTO),
        "{",
        "[]",
        json.dumps({"sha256": SHA}),
        "[" * 100_000,
    ]:
        assert send(form, page, photos=reference).raw == {}


def test_a_new_single_file_takes_the_place_of_the_old() -> None:
    form = form_of(field("filepicker", "photo"))
    page = page_of(form, {"photo": PHOTO})
    assert send(form, page).raw == {"photo": PHOTO}
    assert send(form, page, files={"photo": upload("new.jpg")}).raw["photo"]["name"] == "new.jpg"


def test_the_pages_own_inputs_are_left_alone() -> None:
    form = form_of(text("name"))
    assert send(form, page_of(form, {}), csrf_token="t", _key="k", name="x").raw == {"name": "x"}


def test_a_page_in_english_has_no_chinese_of_the_form() -> None:
    form = form_of(ROWS, yes_no("told"), money("fine"), {"type": "text", "text": "**提示**", "properties": {"en": "**Note** <b>"}},
                   field("select", "officer", own={"valuesKey": "officers"}))  # fmt: skip
    words = page_of(form, {"rows": [{}]}, locale="en").text_content()
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in words)
    assert "Note <b>" in words


def test_an_error_on_something_unknown_or_on_the_whole_form_is_in_the_summary() -> None:
    page = page_of(
        form_of(text("x")), {}, {"": [FieldError("All wrong")], "gone": [FieldError("No such field")]}
    )
    lines = [line.text_content().strip() for line in page.xpath(".//*[@role='alert']//li")]
    assert lines == ["All wrong", "No such field"]


def test_submitted_values_are_readable_and_leave_out_what_is_confidential() -> None:
    form = form_of(
        money("fine"),
        ROWS,
        PHOTOS,
        text("phone", confidential="true"),
        field("group", "party", own={"components": []}, type="party"),
    )
    values: dict[str, Any] = {"fine": "186000", "rows": [{"name": "甲", "kinds": ["a"]}], "photos": [PHOTO], "phone": "12345",
                              "party": {"kind": "person", "name": "张某"}}  # fmt: skip
    page = values_page_of(form, form.clean(values, OPTIONS))
    words = page.text_content()
    assert "¥186,000.00 (18.6万元)" in words
    assert [cell.text_content() for cell in page.xpath(".//tbody//td")] == ["甲", "选a"]
    assert page.xpath(".//a/@href") == [f"/files/{SHA}/照片.jpg"]
    assert "张某" in words
    assert "12345" not in words
    assert "12345" in values_page_of(form, values | {"fine": None}, confidential=True).text_content()
    assert "Nothing was filled in." in values_page_of(form, {}).text_content()
