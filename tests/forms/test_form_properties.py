"""What holds for any form and any input."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.definition import FLOW
from forms.schema import Form, FormErrors
from forms.view import view
from tests.forms.building import OPTIONS, REAL, form_of, page_of, real_form, seal, send, values_page_of
from tests.forms.guessing import CONTEXT, JSON, definitions, input_for

QUIET = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=60
)
FEW = settings(QUIET, max_examples=8)
any_real_form = pytest.mark.parametrize("name", REAL)


@cache
def known(name: str) -> Form:
    """A form of the product, compiled once."""
    return real_form(name)


def accepted_or_refused(form: Form, raw: Any) -> dict[str, Any] | None:
    """The clean values, having made sure that everything else about them holds; None when it was refused."""
    errors: dict[str, Any] | None = None
    try:
        values = form.clean(raw, OPTIONS, CONTEXT)
    except FormErrors as refused:
        errors = refused.errors
    if errors is not None:
        assert errors
        assert all(found and all(str(each) for each in found) for found in errors.values())
        if isinstance(raw, Mapping):  # refused input can be shown again
            view(form, raw, errors, OPTIONS, "zh", CONTEXT, seal=seal)
        return None
    assert form.clean(values, OPTIONS, CONTEXT) == values, "clean values are clean"
    shown = form.visible(values, CONTEXT)
    assert all(key in shown for key in values)
    assert all(form.field(key) for key in values)
    form.moments(values)
    form.files(values)
    flow = form.flow_values(values)
    assert all(flow[found.key] == values.get(found.key) for found in form.fields if found.kind in FLOW)
    values_page_of(form, values)
    return values


def comes_back_from_the_page(form: Form, values: Mapping[str, Any]) -> None:
    """Rendering clean values and sending the page as it is gives the same values."""
    sent = send(form, page_of(form, values, context=CONTEXT))
    assert sent.submitted
    assert form.clean(sent.raw, OPTIONS, CONTEXT) == values


@given(data=st.data(), components=definitions())
@settings(QUIET, max_examples=150)
def test_any_input_to_any_form_is_accepted_whole_or_refused_by_field(
    data: st.DataObject, components: list[Any]
) -> None:
    form = form_of(*components)
    values = accepted_or_refused(form, data.draw(input_for(form.fields)))
    if values is not None:
        comes_back_from_the_page(form, values)


@given(raw=JSON)
@QUIET
def test_rubbish_is_accepted_whole_or_refused_by_field(raw: Any) -> None:
    accepted_or_refused(known("register_tip"), raw)
    accepted_or_refused(known("report_investigation"), raw)


@any_real_form
@given(data=st.data())
@FEW
def test_any_input_to_the_products_forms_is_accepted_whole_or_refused_by_field(
    name: str, data: st.DataObject
) -> None:
    form = known(name)
    values = accepted_or_refused(form, data.draw(input_for(form.fields)))
    if values is not None:
        comes_back_from_the_page(form, values)


@any_real_form
def test_the_products_forms_begin_with_values_that_can_be_shown_in_both_languages(name: str) -> None:
    form = known(name)
    initial = form.initial(CONTEXT)
    for locale in ("zh", "en"):
        page = page_of(form, initial, locale=locale, context=CONTEXT)
        assert len(page.xpath(".//@id")) == len(set(page.xpath(".//@id"))), "ids are there once"
        words = page.text_content()
        if locale == "en":
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in words.replace("选项", ""))
    assert form.initial(CONTEXT) == initial


@given(
    raw=st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=30), max_size=3), max_size=8),
    extra=st.text(max_size=20),
)
@QUIET
def test_any_post_is_decoded(raw: dict[str, list[str]], extra: str) -> None:
    form = known("register_tip")
    page = page_of(form, {"suspects": [{}]})
    names = {name: value for name, value in raw.items() if name}
    sent = send(
        form,
        page,
        **names,
        **{"suspects.9999.name": extra, "suspects.x": extra, "_row_remove": extra, "_row_add": extra},
    )
    assert not sent.submitted
    accepted_or_refused(form, sent.raw)
