"""What is hidden is neither demanded nor kept, and rules over several fields are held."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forms.schema import Form, FormErrors
from tests.forms.building import PHOTO, choices, day, field, form_of, money, text, yes_no


def errors_of(form: Form, raw: dict[str, object], **context: object) -> dict[str, list[str]]:
    """The words of the errors by path; empty when it is accepted."""
    try:
        form.clean(raw, context=context)
    except FormErrors as refused:
        return {path: [str(each) for each in found] for path, found in refused.errors.items()}
    return {}


OUTCOME = field("radio", "outcome", own=choices("established", "referred"), required=True)


def test_a_hidden_field_is_neither_demanded_nor_kept_nor_checked() -> None:
    form = form_of(OUTCOME, text("agency", required=True, hide='outcome != "referred"'))
    assert errors_of(form, {"outcome": "established"}) == {}
    assert form.clean({"outcome": "established", "agency": ["rubbish"]}) == {"outcome": "established"}
    assert errors_of(form, {"outcome": "referred"}) == {"agency": ["This field is required."]}
    assert form.visible({"outcome": "referred"}) == {"outcome", "agency"}
    assert form.visible({}) == {"outcome"}


def test_what_hangs_on_a_hidden_field_is_hidden_with_it() -> None:
    form = form_of(
        text("third", hide="second != true"), yes_no("second", hide="first != true"), yes_no("first")
    )
    assert form.visible({"first": True, "second": True}) == {"first", "second", "third"}
    assert form.visible({"first": False, "second": True, "third": "x"}) == {"first"}
    assert form.clean({"first": False, "second": True, "third": "x"}) == {"first": False}


def test_a_hidden_group_hides_all_that_is_in_it() -> None:
    inner = {"components": [text("name", required=True), field("filepicker", "photo", required=True)]}
    for component in (
        field("group", "site", hide="visited != true", own=inner),
        {
            "type": "group",
            "label": "现场",
            "properties": {"en": "Site"},
            "conditional": {"hide": "=visited != true"},
            **inner,
        },
        field("dynamiclist", "sites", hide="visited != true", own=inner, required=True),
    ):
        form = form_of(yes_no("visited"), component)
        assert form.clean(
            {"visited": False, "name": "x"} if "path" not in component else {"visited": False}
        ) == {"visited": False}
        assert errors_of(form, {"visited": True})


def test_a_condition_in_a_row_reads_its_own_row_first_and_then_the_form() -> None:
    row = [text("kind"), text("school", required=True, hide='kind != "teacher" or strict != true')]
    form = form_of(yes_no("strict"), text("kind"), field("dynamiclist", "rows", own={"components": row}))
    rows = [{"kind": "teacher"}, {"kind": "other", "school": "left out"}]
    assert errors_of(form, {"strict": True, "kind": "other", "rows": rows}) == {
        "rows.0.school": ["This field is required."]
    }
    assert form.clean({"strict": False, "rows": rows})["rows"] == [{"kind": "teacher"}, {"kind": "other"}]
    assert "rows.1.school" not in form.visible({"strict": True, "rows": rows})


def test_conditions_read_typed_values_and_case_variables() -> None:
    form = form_of(
        money("fine"), text("reason", required=True, hide='not(fine >= 10000 and review.tier = "serious")')
    )
    assert errors_of(form, {"fine": "1万元"}, review={"tier": "serious"}) == {
        "reason": ["This field is required."]
    }
    assert errors_of(form, {"fine": "9,999.99"}, review={"tier": "serious"}) == {}
    assert errors_of(form, {"fine": "10000"}, review={"tier": "base"}) == {}


def test_a_check_refuses_only_what_is_false_and_says_why_with_its_article() -> None:
    second = text("officer_2", check="officer_1 != officer_2", check_message="不能是同一人。",
                  check_message_en="They must differ.", check_article="行政处罚法第四十二条")  # fmt: skip
    form = form_of(text("officer_1"), second)
    assert errors_of(form, {"officer_1": "a", "officer_2": "b"}) == {}
    with pytest.raises(FormErrors) as refused:
        form.clean({"officer_1": "a", "officer_2": "a"})
    (error,) = refused.value.errors["officer_2"]
    assert (str(error), error.chinese, error.article) == (
        "They must differ.",
        "不能是同一人。",
        "行政处罚法第四十二条",
    )


def test_a_check_with_something_unanswered_passes() -> None:
    served = day("served_on", check="served_on <= today", check_message="太晚", check_message_en="Too late")
    form = form_of(served)
    assert errors_of(form, {"served_on": "2024-03-19"}, today=date(2024, 3, 18)) == {
        "served_on": ["Too late"]
    }
    assert errors_of(form, {"served_on": "2024-03-18"}, today=date(2024, 3, 18)) == {}
    assert errors_of(form, {"served_on": "2024-03-19"}) == {}
    assert errors_of(form, {}, today=date(2024, 3, 18)) == {}


def test_checks_run_once_a_row_and_for_the_whole_form() -> None:
    row = [
        money("due"),
        money("paid", check="paid <= due", check_message="多了", check_message_en="Too much"),
    ]
    form = form_of(
        field("dynamiclist", "rows", own={"components": row}), money("total"),
        check="total = sum(rows.paid)", check_message="合计不对", check_message_en="The total is wrong",
    )  # fmt: skip
    rows = [{"due": 5, "paid": 5}, {}, {"due": 5, "paid": 6}]
    assert errors_of(form, {"rows": rows, "total": 11}) == {"rows.2.paid": ["Too much"]}
    assert errors_of(form, {"rows": rows, "total": 12}) == {
        "": ["The total is wrong"],
        "rows.2.paid": ["Too much"],
    }
    assert errors_of(form, {"rows": [{}, {"due": 1, "paid": 1}], "total": 1}) == {}


def test_rows_in_which_nothing_is_filled_in_do_not_count_in_expressions() -> None:
    rows = field("dynamiclist", "rows", own={"components": [text("name")]})
    form = form_of(rows, text("reason", required=True, hide="count(rows) < 2"))
    assert form.clean({"rows": [{"name": "a"}, {}, {"name": ""}]}) == {"rows": [{"name": "a"}]}
    assert errors_of(form, {"rows": [{"name": "a"}, {"name": "b"}]}) == {
        "reason": ["This field is required."]
    }


def test_a_day_in_an_expression_is_the_day_in_shanghai() -> None:
    at = field("datetime", "at", own={"subtype": "datetime"}, check="date(at) = served.on",
               check_message="日期不同", check_message_en="Another day")  # fmt: skip
    form = form_of(at)
    just_after_midnight = datetime(2024, 3, 17, 16, 20, tzinfo=UTC)
    assert errors_of(form, {"at": just_after_midnight}, served={"on": date(2024, 3, 18)}) == {}
    assert errors_of(form, {"at": "2024-03-18 23:59"}, served={"on": date(2024, 3, 18)}) == {}
    assert errors_of(form, {"at": "2024-03-19 00:00"}, served={"on": date(2024, 3, 18)}) == {
        "at": ["Another day"]
    }


def test_checks_wait_until_every_field_is_right_by_itself() -> None:
    low = money("low", check="low < high", check_message="低", check_message_en="Low first")
    form = form_of(low, money("high"))
    assert errors_of(form, {"low": 2, "high": "x"}) == {"high": ["Enter a number."]}
    assert errors_of(form, {"low": 2, "high": 1}) == {"low": ["Low first"]}


def test_an_expression_that_can_not_be_decided_refuses_a_check_and_shows_a_field() -> None:
    heavy = "count(for a in 1..100000, b in 1..100000 return a) > 0"
    checked = text("x", check=heavy, check_message="算不出", check_message_en="Undecided")
    assert errors_of(form_of(checked), {"x": "a"}) == {"x": ["Undecided"]}
    assert form_of(text("x", hide=heavy)).visible({}) == {"x"}


def test_files_and_confidential_fields_go_with_what_hides_them() -> None:
    form = form_of(yes_no("anonymous"), text("phone", hide="anonymous = true", confidential="true"),
                   field("filepicker", "photo", hide="anonymous = true"))  # fmt: skip
    values = form.clean({"anonymous": False, "phone": "12345", "photo": PHOTO})
    assert form.files(values) == [("photo", PHOTO)]
    assert form.public_values(values) == {"anonymous": False, "photo": PHOTO}
    assert form.clean({"anonymous": True, "phone": "12345", "photo": PHOTO}) == {"anonymous": True}
