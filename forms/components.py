"""Each form-js component type: which of its keys count, and what kind of field it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.definition import Kind, Option, Pattern
from forms.notes import Component

OPTION_LISTS = ("officers", "presiders", "heads", "agencies", "counties", "parties", "evidence")
"""Lists of choices that are known only at run time (``valuesKey``)."""

_VALUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d+,\}")
_ACCEPT = re.compile(r"\.[a-z0-9]{1,10}|[a-z]+/(\*|[a-z0-9.+-]+)")
_TEXTS: Mapping[str, Kind] = {
    "": Kind.TEXT,
    "resident_id": Kind.RESIDENT_ID,
    "uscc": Kind.USCC,
    "phone": Kind.PHONE,
    "identifier": Kind.IDENTIFIER,
}
_MEGABYTE = 1024**2

Read = tuple[Kind, dict[str, Any]]


def textfield(component: Component) -> Read:
    """One line of text, or an identifier or telephone number when ``properties.type`` says so."""
    kind = _own_type(component, _TEXTS)
    if kind not in (Kind.TEXT, Kind.IDENTIFIER):
        return kind, {}
    return kind, _text_rules(component, 200, 1000)


def textarea(component: Component) -> Read:
    """Several lines of text."""
    _own_type(component, {"": Kind.LONG_TEXT})
    return Kind.LONG_TEXT, _text_rules(component, 5000, 50_000)


def number(component: Component) -> Read:
    """A number, or an amount of money."""
    kind = _own_type(component, {"": Kind.NUMBER, "money": Kind.MONEY})
    places = component.take("decimalDigits")
    if places is not None and (
        isinstance(places, bool) or not isinstance(places, int) or not 0 <= places <= 6
    ):
        component.refuse("decimalDigits must be a whole number from 0 to 6")
        places = None
    if kind is Kind.MONEY and places not in (None, 2):
        component.refuse("money has two decimal digits")
    least, most = component.rule_number("min"), component.rule_number("max")
    if least is not None and most is not None and least > most:
        component.refuse("validate.min is above validate.max")
    component.ignore({"increment", "serializeToString"})
    return kind, {
        "places": 2 if kind is Kind.MONEY else places,
        "minimum": least,
        "maximum": most,
        **_adorners(component),
    }


def moment(component: Component) -> Read:
    """A day or a moment."""
    kinds = {"date": Kind.DATE, "datetime": Kind.DATETIME}
    subtype = component.text("subtype")
    if subtype not in kinds:
        component.refuse("subtype must be date or datetime")
    _own_type(component, {"": Kind.DATE})
    component.ignore({"dateLabel", "timeLabel", "timeSerializingFormat", "timeInterval", "use24h"})
    name = component.property("moment")
    if name and not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        component.refuse("properties.moment must be a name of small letters, digits and underscores")
    return kinds.get(subtype, Kind.DATE), {"moment": name or None}


def choice(component: Component) -> Read:
    """One of several choices, or yes and no."""
    kind = _own_type(component, {"": Kind.CHOICE, "yes_no": Kind.YES_NO})
    widget = "select" if component.take("type") == "select" and kind is Kind.CHOICE else "radio"
    component.ignore({"searchable"})
    if kind is Kind.YES_NO:
        if component.take("values") is None:
            return kind, {
                "widget": widget,
                "choices": (Option("true", "是", "Yes"), Option("false", "否", "No")),
            }
        choices = _choices(component)
        if sorted(option.value for option in choices) != ["false", "true"]:
            component.refuse('the values of a yes/no field must be "true" and "false"')
        return kind, {"widget": widget, "choices": choices}
    return kind, {"widget": widget, **_options(component)}


def choices(component: Component) -> Read:
    """Several of the choices."""
    _own_type(component, {"": Kind.CHOICES})
    limits = {
        "min_items": component.property_count("min_choices", None, 1000),
        "max_items": component.property_count("max_choices", None, 1000),
    }
    return Kind.CHOICES, {"widget": "checklist", **_options(component), **limits}


def confirmation(component: Component) -> Read:
    """A single tick."""
    _own_type(component, {"": Kind.CONFIRMATION})
    return Kind.CONFIRMATION, {"widget": "checkbox", "choices": (Option("true", "是", "Yes"),)}


def file(component: Component) -> Read:
    """One file or several."""
    _own_type(component, {"": Kind.FILE})
    multiple = component.flag("multiple")
    accept = tuple(part.strip().lower() for part in component.text("accept").split(",") if part.strip())
    for part in accept:
        if not _ACCEPT.fullmatch(part):
            component.refuse(f"accept: {part!r} is neither an extension (.pdf) nor a media type (image/*)")
    capture = component.property("capture")
    if capture not in ("", "environment", "user"):
        component.refuse("properties.capture must be environment or user")
    megabytes = component.property_count("max_size_mb", 50, 2048) or 50
    most = component.property_count("max_files", 20, 200)
    return Kind.FILE, {
        "multiple": multiple,
        "accept": accept,
        "capture": capture,
        "max_bytes": megabytes * _MEGABYTE,
        "max_items": most if multiple else 1,
    }


LEAVES: Mapping[str, Callable[[Component], Read]] = {
    "textfield": textfield,
    "textarea": textarea,
    "number": number,
    "datetime": moment,
    "radio": choice,
    "select": choice,
    "checklist": choices,
    "checkbox": confirmation,
    "filepicker": file,
}


def _own_type(component: Component, kinds: Mapping[str, Kind]) -> Kind:
    name = component.property("type")
    if name in kinds:
        return kinds[name]
    component.refuse(
        f"properties.type can't be {name!r} here; it may be {', '.join(filter(None, kinds)) or 'left out'}"
    )
    return next(iter(kinds.values()))


def _text_rules(component: Component, default: int, most: int) -> dict[str, Any]:
    least = component.rule_count("minLength", None, most)
    longest = component.rule_count("maxLength", default, most)
    if least is not None and longest is not None and least > longest:
        component.refuse("validate.minLength is above validate.maxLength")
    rules = {"min_length": least, "max_length": longest, "text_pattern": _pattern(component)}
    return {**rules, **_adorners(component)}


def _pattern(component: Component) -> Pattern | None:
    text = component.rule_text("pattern")
    message, message_en = component.both("pattern_message")
    if not text:
        return None
    if (
        len(text) > 200
        or _REPEATED_GROUP.search(text)
        or len(_UNBOUNDED.findall(text)) > 3
        or re.search(r"\\[1-9]|\(\?P=", text)
    ):
        component.refuse(
            "validate.pattern is too long or could take too long: no repeated groups, at most three of * + {n,}"
        )
        return None
    try:
        return Pattern(re.compile(text), message or None, message_en or None)
    except (re.error, OverflowError) as error:
        component.refuse(f"validate.pattern is not a regular expression: {error}")
        return None


def _adorners(component: Component) -> dict[str, Any]:
    found = component.take("appearance")
    suffix_en = component.property("suffix_en")
    if found is None:
        return {}
    if not isinstance(found, Mapping) or not all(isinstance(text, str) for text in found.values()):
        component.refuse("appearance must hold texts")
        return {}
    for key in set(found) - {"prefixAdorner", "suffixAdorner"}:
        component.refuse(f"appearance.{key} is not known here")
    if found.get("suffixAdorner") and not suffix_en:
        component.refuse("appearance.suffixAdorner needs properties.suffix_en")
    return {
        "prefix": found.get("prefixAdorner", ""),
        "suffix": found.get("suffixAdorner", ""),
        "suffix_en": suffix_en,
    }


def _options(component: Component) -> dict[str, Any]:
    values_key = component.text("valuesKey")
    if not values_key:
        return {"choices": _choices(component)}
    if component.take("values"):
        component.refuse("values and valuesKey can't both be there")
    if values_key not in OPTION_LISTS:
        component.refuse(f"valuesKey must be one of {', '.join(OPTION_LISTS)}")
    return {"options_key": values_key}


def _choices(component: Component) -> tuple[Option, ...]:
    values = component.take("values")
    if not isinstance(values, list) or not values:
        component.refuse("values must be a list of choices, or valuesKey must name one")
        return ()
    found: dict[str, Option] = {}
    for each in values:
        if not isinstance(each, Mapping) or not all(
            isinstance(each.get(key), str) and each[key].strip() for key in ("label", "value", "en")
        ):
            component.refuse("each choice needs the texts label, value and en")
            continue
        value = each["value"]
        if not _VALUE.fullmatch(value):
            component.refuse(
                f"the value {value!r} may hold letters, digits, underscores, dots and dashes only"
            )
        if value in found:
            component.refuse(f"the value {value!r} is there twice")
        for key in set(each) - {"label", "value", "en"}:
            component.refuse(f"{key} is not known in a choice")
        found[value] = Option(value, each["label"].strip(), each["en"].strip())
    return tuple(found.values())
