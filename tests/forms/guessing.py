"""Hypothesis strategies: any form, any input, and input that nearly fits a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from forms.definition import NESTING, Field, Kind, keyed
from tests.forms.building import OPTIONS, PHOTO, choices, field

WORDS = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), max_size=12)
DAYS = st.dates(date(1992, 1, 1), date(2100, 12, 31))
MOMENTS = st.datetimes(datetime(1992, 1, 1), datetime(2100, 12, 1), timezones=st.just(UTC))
AMOUNTS = st.decimals(0, 10**6, places=2)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=20), WORDS, DAYS, st.datetimes(),
    st.datetimes(timezones=st.just(UTC)), st.sampled_from(["a", "b", "true", "officers-1", "person", "2024-03-18", "¥1.5万"]),
)  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
"""Anything that a JSON or YAML file may hold."""

TYPED: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: WORDS,
    Kind.LONG_TEXT: WORDS,
    Kind.NUMBER: st.integers(-5, 300) | st.decimals(-5, 300, places=3) | st.floats(-5, 300),
    Kind.MONEY: AMOUNTS
    | AMOUNTS.map(lambda amount: f"¥{amount:,f}")
    | st.integers(0, 300).map(lambda n: f"{n}万元"),
    Kind.DATE: DAYS | DAYS.map(str) | DAYS.map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
    Kind.DATETIME: MOMENTS | MOMENTS.map(lambda at: f"{at:%Y-%m-%d %H:%M}"),
    Kind.YES_NO: st.sampled_from([True, False, "true", "否"]),
    Kind.CONFIRMATION: st.sampled_from([True, False, "true"]),
    Kind.RESIDENT_ID: st.sampled_from(["11010519491231002X", "441602197001010017"]),
    Kind.USCC: st.just("91110000600037341L"),
    Kind.IDENTIFIER: st.sampled_from(["11010519491231002X", "91110000600037341L", "P1"]),
    Kind.PHONE: st.sampled_from(["138 0013 8000", "0762-3388123"]),
}


def input_for(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    """Input for a form: about half of it careful, the rest with gaps, slips and rubbish."""
    return st.one_of(_careful(fields), _sloppy(fields))


def _careful(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    """Every field answered as it wants to be; rules over several fields may still be broken."""
    whole = st.fixed_dictionaries({found.key: _answer(found) for found in keyed(fields)})
    return whole.map(_matching_identifier)


def _sloppy(fields: Sequence[Field]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={found.key: _near(found) for found in keyed(fields)})


def _near(found: Field) -> st.SearchStrategy[Any]:
    right = _right(found)
    return st.one_of(right, right, right, right, right, st.none(), JSON)


def _matching_identifier(values: dict[str, Any]) -> dict[str, Any]:
    if "identifier" in values and "kind" in values:
        number = "11010519491231002X" if values["kind"] == "person" else "91110000600037341L"
        return {**values, "identifier": number}
    return values


def _answer(found: Field) -> st.SearchStrategy[Any]:
    match found.kind:
        case Kind.TEXT | Kind.LONG_TEXT if found.text_pattern is None:
            least = found.min_length or 1
            return st.text(
                "某市abc一二三", min_size=least, max_size=max(least, min(found.max_length or 50, least + 10))
            )
        case Kind.TEXT if found.text_pattern is not None:
            return st.from_regex(
                found.text_pattern.regex, fullmatch=True, alphabet=st.characters(codec="ascii")
            )
        case Kind.NUMBER | Kind.MONEY:
            low = found.minimum if found.minimum is not None else Decimal(0)
            return st.integers(int(low) + 1, int(min(found.maximum or low + 1000, low + 1000)))
        case Kind.CHOICES:
            return st.lists(
                st.sampled_from(_offered(found)),
                min_size=found.min_items or 1,
                max_size=found.max_items,
                unique=True,
            )
        case Kind.TABLE:
            least = found.min_items or 1
            return st.lists(_careful(found.children), min_size=least, max_size=least + 1)
        case Kind.FILE:
            ending = next((part for part in found.accept if part.startswith(".")), ".jpg")
            return st.just({**PHOTO, "name": f"照片{ending}"})
        case kind if kind in NESTING:
            return _careful(found.children)
    return _right(found)


def _right(found: Field) -> st.SearchStrategy[Any]:
    if found.kind in TYPED:
        return TYPED[found.kind]
    if found.kind in NESTING:
        return _sloppy(found.children)
    if found.kind is Kind.TABLE:
        return st.lists(_sloppy(found.children), max_size=3)
    if found.kind is Kind.FILE:
        return st.just(PHOTO) | st.lists(st.just(PHOTO), max_size=2)
    one = st.sampled_from(_offered(found))
    return st.lists(one, max_size=4) if found.kind is Kind.CHOICES else one


def _offered(found: Field) -> list[str]:
    return [option.value for option in (OPTIONS[found.options_key] if found.options_key else found.choices)]


@st.composite
def definitions(draw: st.DrawFn) -> list[Mapping[str, Any]]:
    """The components of any form: every type, some required, some hidden by an earlier answer, some in groups and tables."""
    answered: list[str] = []
    components = [_component(draw, f"x{number}", answered, 0) for number in range(draw(st.integers(1, 7)))]
    return [component for component in components if component is not None]


def _component(draw: st.DrawFn, key: str, answered: list[str], depth: int) -> dict[str, Any]:
    rest: dict[str, Any] = {"required": draw(st.booleans())}
    if answered and draw(st.booleans()):
        rest["hide"] = f"{draw(st.sampled_from(answered))} != true"
    simple = ["textfield", "textarea", "number", "money", "date", "datetime", "radio", "officers", "checklist", "yes_no",
              "checkbox", "filepicker", "resident_id", "uscc", "phone"]  # fmt: skip
    kind = draw(
        st.sampled_from(
            [*simple, "yes_no", "group", "party", "address", "dynamiclist"] if depth == 0 else simple
        )
    )
    match kind:
        case "money" | "resident_id" | "uscc" | "phone":
            return field("number" if kind == "money" else "textfield", key, type=kind, **rest)
        case "date" | "datetime":
            return field("datetime", key, own={"subtype": kind}, **rest)
        case "radio" | "checklist":
            return field(kind, key, own=choices("a", "b", "c"), **rest)
        case "officers":
            return field("select", key, own={"valuesKey": "officers"}, **rest)
        case "yes_no":
            found = field("radio", key, type="yes_no", **rest)
            if depth == 0:
                answered.append(key)
            return found
        case "party" | "address":
            return field("group", key, own={"components": []}, type=kind, **rest)
        case "group" | "dynamiclist":
            inner = [_component(draw, f"{key}_{n}", answered, 1) for n in range(draw(st.integers(1, 3)))]
            if kind == "group":
                rest.pop("required")
            return field(kind, key, own={"components": inner}, **rest)
    if kind == "number":
        return field(
            "number", key, own={"decimalDigits": draw(st.sampled_from([0, 3]))}, rules={"min": 0}, **rest
        )
    if kind == "filepicker":
        return field("filepicker", key, own={"multiple": draw(st.booleans())}, **rest)
    return field(kind, key, **rest)


CONTEXT = {
    "today": date(2024, 3, 18),
    "now": datetime(2024, 3, 18, 2, 20, tzinfo=UTC),
    "review": {"treatment": "penalty", "fine": Decimal(2000), "kinds": ["fine"], "tier": "base"},
    "notice_and_hearing": {"fine": Decimal(2000), "served_on": date(2024, 3, 1), "response": "waived"},
    "decision": {"outcome": "penalty", "money_due": True, "fine": Decimal(2000)},
}
"""Case variables as some of the product's checks read them."""
