"""A form-js definition read into a tree of fields. Conditions and checks are added by ``forms.conditions``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forms.components import LEAVES
from forms.definition import Field, Kind
from forms.notes import Component, Findings
from forms.parts import DEFAULT_PARTY_PARTS, PARTY_PARTS, address_components, party_components

MOST_COMPONENTS = 300
_DEEPEST = 6
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_RESERVED = frozenset(
    {
        "and",
        "or",
        "not",
        "in",
        "between",
        "true",
        "false",
        "null",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "instance",
        "of",
        "function",
        "external",
        "date",
        "time",
        "duration",
        "today",
        "now",
        "item",
        "partial",
    }
)
_EDITOR_KEYS = frozenset(
    {"layout", "disableCollapse", "nonCollapsedItems", "verticalAlignment", "showOutline"}
)


class Reader:
    """Reads one definition.

    :param findings: where everything that is wrong with it is added.

    ``sources`` holds the component of each field by its pattern, for conditions and checks.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.sources: dict[str, Component] = {}
        self._ids: set[str] = set()
        self._count = 0

    def level(
        self,
        components: Any,
        prefix: str = "",
        where: str = "",
        *,
        taken: set[str] | None = None,
        table: bool = False,
        depth: int = 0,
        confidential: bool = False,
    ) -> tuple[Field, ...]:
        """The fields of one list of components.

        :param components: the JSON list.
        :param prefix: what comes before a key in a pattern, such as ``suspects.*.``.
        :param where: the container's key, for findings.
        :param taken: the keys that are taken in this level already (a fieldset shares those around it).
        :param table: whether this is inside a table.
        """
        if not isinstance(components, list):
            self.findings.append((where, "components must be a list"))
            return ()
        if depth > _DEEPEST:
            self.findings.append((where, f"groups are nested more than {_DEEPEST} deep"))
            return ()
        taken = set() if taken is None else taken
        fields = []
        for data in components:
            self._count += 1
            if self._count > MOST_COMPONENTS:
                if self._count == MOST_COMPONENTS + 1:
                    self.findings.append((where, f"a form holds at most {MOST_COMPONENTS} components"))
                break
            if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
                self.findings.append((where, "each component must be an object"))
                continue
            found = self._field(data, prefix, taken, table, depth, confidential)
            if found is not None:
                fields.append(found)
        return tuple(fields)

    def _field(
        self,
        data: Mapping[str, Any],
        prefix: str,
        taken: set[str],
        table: bool,
        depth: int,
        confidential: bool,
    ) -> Field | None:
        name = data.get("key") or data.get("path") or data.get("id") or data.get("type")
        component = Component(data, name if isinstance(name, str) else "?", self.findings)
        common = self._common(component, confidential)
        type_ = component.text("type")
        if type_ in LEAVES:
            common |= self._key(component, "key", prefix, taken)
            kind, own = LEAVES[type_](component)
            common |= self._label(component) | self._default(component, own)
            common["required"] = component.rule_flag("required")
            if own.get("moment") and table:
                component.refuse("properties.moment can't stand in a table")
            found = Field(kind=kind, **common, **own)
        elif type_ in ("group", "dynamiclist"):
            found = self._container(component, type_, prefix, taken, table, depth, common)
        elif type_ in ("text", "separator"):
            common["pattern"] = f"{prefix}#{common['id']}"
            kind, own = Kind.SEPARATOR, {}
            if type_ == "text":
                kind, own = (
                    Kind.STATIC_TEXT,
                    {"text": component.text("text"), "text_en": component.property("en")},
                )
                if not own["text"] or not own["text_en"]:
                    component.refuse("text and properties.en are required")
            found = Field(kind=kind, key="", **common, **own)
        else:
            component.refuse(f"the component type {type_!r} is not one of ours")
            return None
        self.sources[found.pattern] = component
        return found

    def _common(self, component: Component, confidential: bool) -> dict[str, Any]:
        id_ = component.text("id")
        if id_ and (id_ in self._ids or not re.fullmatch(r"[A-Za-z_][\w-]{0,79}", id_, re.ASCII)):
            component.refuse(
                f"the id {id_!r} is there twice or holds other signs than letters, digits, _ and -"
            )
        self._ids.add(id_)
        for key in ("disabled", "readonly"):
            if component.take(key) not in (None, False):
                component.refuse(f"{key} is not supported")
        help_, help_en = component.both("help", component.text("description"))
        layout = component.take("layout")
        columns = layout.get("columns") if isinstance(layout, Mapping) else None
        if layout is not None and not isinstance(layout, Mapping):
            component.refuse("layout must be an object")
        if columns is not None and (
            isinstance(columns, bool) or not isinstance(columns, int) or not 1 <= columns <= 16
        ):
            component.refuse("layout.columns must be a whole number from 1 to 16")
            columns = None
        component.ignore(_EDITOR_KEYS)
        return {
            "id": id_ or f"{component.where}_{self._count}",
            "help": help_,
            "help_en": help_en,
            "columns": columns or 16,
            "confidential": component.property_flag("confidential") or confidential,
        }

    def _key(self, component: Component, name: str, prefix: str, taken: set[str]) -> dict[str, Any]:
        key = component.text(name)
        if not _KEY.fullmatch(key):
            component.refuse(f"{name} must be small letters, digits and underscores, beginning with a letter")
        elif key in _RESERVED:
            component.refuse(f"{key} is a word of the expression language and can't be a key")
        elif key in taken:
            component.refuse(f"the key {key} is there twice")
        pattern = f"{prefix}{key}~{self._count}" if key in taken else prefix + key  # each has findings of its own
        taken.add(key)
        return {"key": key, "pattern": pattern}

    def _label(self, component: Component, needed: bool = True) -> dict[str, Any]:
        label, label_en = component.text("label") or component.text("dateLabel"), component.property("en")
        if needed and not label:
            component.refuse("label is required")
        if bool(label) != bool(label_en):
            component.refuse("label and properties.en (the English label) must both be there")
        return {"label": label, "label_en": label_en}

    def _default(self, component: Component, own: Mapping[str, Any]) -> dict[str, Any]:
        path = component.property("default_from")
        if path and not _PATH.fullmatch(path):
            component.refuse(
                "properties.default_from must be a path of variables such as consultation.proposed"
            )
        return {"default": component.take("defaultValue"), "default_from": path or None}

    def _container(
        self,
        component: Component,
        type_: str,
        prefix: str,
        taken: set[str],
        table: bool,
        depth: int,
        common: dict[str, Any],
    ) -> Field:
        nested = type_ == "dynamiclist" or bool(component.take("path"))
        if nested:
            common |= self._key(component, "path", prefix, taken)
        else:
            component.ignore({"path"})
            common |= {"key": "", "pattern": f"{prefix}#{common['id']}"}
        common |= self._label(component, needed=nested)
        components = component.take("components")
        inside: dict[str, Any] = {
            "depth": depth + 1,
            "confidential": common["confidential"],
            "where": component.where,
        }
        if type_ == "dynamiclist":
            if table:
                component.refuse("a table can't stand in a table")
            row, row_en = component.both("row")
            component.ignore({"isRepeating", "allowAddRemove"})
            first = component.take("defaultRepetitions")
            if first is not None and (
                isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= 20
            ):
                component.refuse("defaultRepetitions must be a whole number from 0 to 20")
                first = None
            least = component.property_count("min_rows", None, 1000)
            required = component.rule_flag("required") or bool(least)
            limits: dict[str, Any] = {
                "min_items": least,
                "max_items": component.property_count("max_rows", 200, 1000),
            }
            children = self.level(components, f"{common['pattern']}.*.", table=True, **inside)
            if not children:
                component.refuse("a table needs components")
            return Field(
                kind=Kind.TABLE,
                required=required,
                children=children,
                row=row,
                row_en=row_en,
                first_rows=1 if first is None else first,
                **limits,
                **common,
            )
        return self._group(component, components, prefix, taken, table, nested, inside, common)

    def _group(
        self,
        component: Component,
        components: Any,
        prefix: str,
        taken: set[str],
        table: bool,
        nested: bool,
        inside: dict[str, Any],
        common: dict[str, Any],
    ) -> Field:
        type_ = component.property("type")
        kind = {"": Kind.GROUP, "party": Kind.PARTY, "address": Kind.ADDRESS}.get(type_, Kind.GROUP)
        required = component.rule_flag("required")
        extra = components if isinstance(components, list) else []
        if type_ == "party":
            parts = component.property_list("parts", DEFAULT_PARTY_PARTS, PARTY_PARTS)
            needed = component.property_list("required_parts", ("kind", "name"), PARTY_PARTS)
            components = [*party_components(parts, needed), *extra]
        elif type_ == "address":
            components = [*address_components(), *extra]
            if not nested:
                component.refuse("an address needs a path")
        elif type_:
            component.refuse(f"properties.type can't be {type_!r} here; it may be party, address or left out")
        elif required:
            component.refuse("validate.required belongs to the group's fields, or to a party or an address")
        if nested:
            children = self.level(components, f"{common['pattern']}.", table=table, **inside)
        else:
            children = self.level(components, prefix, table=table, taken=taken, **inside)
        if not children:
            component.refuse("a group needs components")
        return Field(kind=kind if nested else Kind.FIELDSET, required=required, children=children, **common)
