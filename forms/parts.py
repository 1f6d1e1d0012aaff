"""Composed fields, written as one group in a definition: person or organisation, and address.

Each stands for ordinary components, so that rendering, validation and display need no case of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

PARTY_PARTS = ("kind", "name", "identifier_type", "identifier", "legal_representative", "phone", "address")
DEFAULT_PARTY_PARTS = tuple(part for part in PARTY_PARTS if part != "identifier_type")


def party_components(parts: Sequence[str], required: Sequence[str]) -> list[dict[str, Any]]:
    """The components of a person or an organisation.

    :param parts: which of ``PARTY_PARTS``; ``kind`` and ``name`` always come.
    :param required: which of them must be filled in.
    """
    all_parts: dict[str, dict[str, Any]] = {
        "kind": {
            "type": "radio",
            "label": "类型",
            "values": [
                {"label": "自然人", "value": "person", "en": "Person"},
                {"label": "机构", "value": "organisation", "en": "Organisation"},
            ],
            "properties": {"en": "Kind"},
        },
        "name": {
            "type": "textfield",
            "label": "姓名或名称",
            "validate": {"maxLength": 100},
            "layout": {"columns": 8},
            "properties": {"en": "Name"},
        },
        "identifier_type": {
            "type": "radio",
            "label": "证件种类",
            "values": [
                {"label": "居民身份证", "value": "resident_id", "en": "Resident identity card"},
                {"label": "护照或其他证件", "value": "other", "en": "Passport or other document"},
            ],
            "conditional": {"hide": '=kind != "person"'},
            "properties": {"en": "Kind of document"},
        },
        "identifier": {
            "type": "textfield",
            "label": "证件号码",
            "validate": {"maxLength": 40},
            "layout": {"columns": 8},
            "properties": {
                "type": "identifier",
                "en": "Identifier",
                "help": "自然人填居民身份证号，机构填统一社会信用代码。",
                "help_en": "Resident identity number of a person, unified social credit code of an organisation.",
            },
        },
        "legal_representative": {
            "type": "textfield",
            "label": "法定代表人或负责人",
            "validate": {"maxLength": 100},
            "layout": {"columns": 8},
            "conditional": {"hide": '=kind != "organisation"'},
            "properties": {"en": "Legal representative or person in charge"},
        },
        "phone": {
            "type": "textfield",
            "label": "联系电话",
            "layout": {"columns": 8},
            "properties": {"type": "phone", "en": "Telephone"},
        },
        "address": {
            "type": "textfield",
            "label": "住所",
            "properties": {"en": "Address"},
        },
    }
    return [
        _required(dict(component, key=part), part in required)
        for part, component in all_parts.items()
        if part in parts or part in ("kind", "name")
    ]


def address_components() -> list[dict[str, Any]]:
    """The components of an address: the county, chosen, and the rest as a line of text."""
    return [
        {
            "type": "select",
            "key": "county",
            "label": "县区",
            "valuesKey": "counties",
            "validate": {"required": True},
            "layout": {"columns": 5},
            "properties": {"en": "County"},
        },
        {
            "type": "textfield",
            "key": "detail",
            "label": "详细地址",
            "validate": {"required": True, "maxLength": 200},
            "layout": {"columns": 11},
            "properties": {"en": "Street, building, room"},
        },
    ]


def _required(component: dict[str, Any], required: bool) -> dict[str, Any]:
    return dict(component, validate={**component.get("validate", {}), "required": required})
