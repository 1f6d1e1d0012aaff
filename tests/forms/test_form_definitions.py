"""A definition is compiled whole or refused with everything that is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.runtime.expressions import compile_expression
from forms.schema import FormDefinitionRefused, compile_form
from tests.forms.building import REAL, choices, day, definition, field, form_of, real_form, text, yes_no


def findings_of(*components: dict[str, Any], **properties: Any) -> list[tuple[str, str]]:
    """What is wrong with a definition."""
    with pytest.raises(FormDefinitionRefused) as refused:
        form_of(*components, **properties)
    return refused.value.findings


@pytest.mark.parametrize("name", REAL)
def test_every_form_of_the_product_compiles_and_its_id_is_its_name(name: str) -> None:
    form = real_form(name)
    assert form.key == name
    assert form.title
    assert form.title_en


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = findings_of(
        text("Name"),
        text("name", confidental="true"),
        text("name"),
        text("and"),
        {"type": "textfield", "key": "a", "properties": {"type": "iban"}},
        {"type": "button", "label": "Go"},
        field("datetime", "b"),
        field("radio", "c"),
        field("radio", "d", own={"values": [{"label": "甲", "value": "a"}]}),
        field("select", "e", own={"valuesKey": "planets"}),
        field("dynamiclist", "f", own={"components": []}),
        title_en="",
    )
    for part in [
        ("Name", "key must be small letters"), ("name", "properties.confidental is not known here"),
        ("name", "the key name is there twice"), ("and", "is a word of the expression language"),
        ("a", "label is required"), ("a", "properties.type can't be 'iban'"), ("button", "is not one of ours"),
        ("b", "subtype must be date or datetime"), ("c", "values must be a list"),
        ("d", "each choice needs the texts label, value and en"), ("e", "valuesKey must be one of"),
        ("f", "a table needs components"), ("", "properties.title_en is required"),
    ]:  # fmt: skip
        assert any(where == part[0] and part[1] in message for where, message in found), part


@pytest.mark.parametrize(
    ("component", "message"),
    [
        (text("x", hide='y = "a"'), "conditional.hide: there is no field y in this form"),
        (text("x", hide='import("os")'), "conditional.hide"),
        ({**text("x"), "conditional": {"hide": "x"}}, 'must begin with "="'),
        ({**text("x"), "conditional": {"show": "=x"}}, "conditional must be"),
        (text("x", check="x = 1"), "needs check_message and check_message_en"),
        (text("x", check="x +", check_message="a", check_message_en="a"), "properties.check"),
        (text("x", rules={"pattern": "(a+)+$"}), "could take too long"),
        (text("x", rules={"pattern": "["}), "not a regular expression"),
        (text("x", rules={"minLength": 5, "maxLength": 2}), "above"),
        (text("x", rules={"requird": True}), "validate.requird is not known here"),
        (text("x", own={"readonly": True}), "readonly is not supported"),
        (text("x", own={"defaultValue": "a\x00"}), "defaultValue does not fit"),
        (text("x", help="只有中文"), "must both be there"),
        (yes_no("x", own=choices("a", "b")), 'must be "true" and "false"'),
        (field("filepicker", "x", own={"accept": "pictures"}), "accept"),
        (field("number", "x", type="money", own={"decimalDigits": 3}), "two decimal digits"),
        (field("radio", "x", own=choices("a", "a")), "is there twice"),
        (field("group", "x", own={"components": []}, type="address", required=True, min_rows=1), "min_rows is not known"),
        (field("group", "x", own={"components": [text("y")]}, required=True), "belongs to the group's fields"),
        (field("dynamiclist", "x", own={"components": [field("dynamiclist", "y", own={"components": [text("z")]})]}),
         "a table can't stand in a table"),
        (field("dynamiclist", "x", own={"components": [day("y", moment="served")]}), "can't stand in a table"),
        ({"type": "text", "text": "只有中文"}, "text and properties.en are required"),
        ({"type": "textfield", "key": 7, "label": "x", "properties": ["en"]}, "properties must be an object"),
    ],
)  # fmt: skip
def test_a_wrong_component_is_refused_in_words(component: dict[str, Any], message: str) -> None:
    assert any(message in found for _, found in findings_of(component)), findings_of(component)


def test_conditions_in_a_circle_are_refused() -> None:
    assert "in a circle" in findings_of(yes_no("a", hide="b = true"), yes_no("b", hide="a = true"))[0][1]
    assert "in a circle" in findings_of(text("a", hide="a = null"))[0][1]
    inside = field("group", "g", hide="g.a = true", own={"components": [yes_no("a")]})
    assert "in a circle" in findings_of(inside)[0][1]


def test_a_moment_is_recorded_by_one_field_only() -> None:
    found = findings_of(day("a", moment="served"), day("b", moment="served"))
    assert found == [("", "the moment served is recorded by two fields")]


@pytest.mark.parametrize(
    "broken",
    [None, [], "x", {}, {"components": 7}, {"type": "default", "components": [1, None, {"type": 3}]}],
)
def test_what_is_no_definition_at_all_is_refused(broken: Any) -> None:
    with pytest.raises(FormDefinitionRefused):
        compile_form(broken, compile_expression)


def test_a_form_can_not_be_made_too_large_or_too_deep() -> None:
    assert "at most 300 components" in findings_of(*(text(f"x{n}") for n in range(400)))[0][1]
    nested = text("x")
    for n in range(30):
        nested = field("group", f"g{n}", own={"components": [nested]})
    assert any("deep" in message for _, message in findings_of(nested))


def test_what_the_editor_writes_besides_is_left_alone() -> None:
    component = {
        **text("x"),
        "id": "Field_1",
        "layout": {"row": "Row_1", "columns": None},
        "conditional": {"hide": ""},
    }
    whole = {
        **definition(component),
        "exporter": {"name": "form-js", "version": "1"},
        "executionPlatform": "Camunda Cloud",
    }
    assert compile_form(whole, compile_expression).field("x") is not None
