"""A form-js definition read into a tree of fields. Conditions and checks are added by ``forms.conditions``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True)
class _Place:
    """Where a list of components stands.

    ``prefix`` comes before a key in a pattern (``suspects.*.``), ``where`` names the container in findings, ``taken``
    are the keys of this level (a fieldset shares those around it), ``table`` says that it is inside a table.
    """

    prefix: str = ""
    where: str = ""
    taken: set[str] = field(default_factory=set)
    table: bool = False
    depth: int = 0
    confidential: bool = False


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

    def fields(self, components: Any) -> tuple[Field, ...]:
        """The tree of fields of a definition's ``components``."""
        return self._level(components, _Place())

    def _level(self, components: Any, place: _Place) -> tuple[Field, ...]:
        if not isinstance(components, list):
            self.findings.append((place.where, "components must be a list"))
            return ()
        if place.depth > _DEEPEST:
            self.findings.append((place.where, f"groups are nested more than {_DEEPEST} deep"))
            return ()
        fields = []
        for data in components:
            self._count += 1
            if self._count > MOST_COMPONENTS:
                if self._count == MOST_COMPONENTS + 1:
                    self.findings.append((place.where, f"a form holds at most {MOST_COMPONENTS} components"))
                break
            if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
                self.findings.append((place.where, "each component must be an object"))
                continue
            found = self._field(data, place)
            if found is not None:
                fields.append(found)
        return tuple(fields)

    def _field(self, data: Mapping[str, Any], place: _Place) -> Field | None:
        name = data.get("key") or data.get("path") or data.get("id") or data.get("type")
        component = Component(data, name if isinstance(name, str) else "?", self.findings)
        common = self._common(component, place)
        type_ = component.text("type")
        if type_ in LEAVES:
            found = self._leaf(component, type_, place, common)
        elif type_ == "group":
            found = self._group(component, place, common)
        elif type_ == "dynamiclist":
            found = self._table(component, place, common)
        elif type_ == "text":
            found = self._static_text(component, place, common)
        elif type_ == "separator":
            found = Field(kind=Kind.SEPARATOR, key="", pattern=f"{place.prefix}#{common['id']}", **common)
        else:
            component.refuse(f"the component type {type_!r} is not one of ours")
            return None
        self.sources[found.pattern] = component
        return found

    def _leaf(self, component: Component, type_: str, place: _Place, common: dict[str, Any]) -> Field:
        common |= self._key(component, "key", place) | self._label(component) | self._default_from(component)
        kind, own = LEAVES[type_](component)
        if own.get("moment") and place.table:
            component.refuse("properties.moment can't stand in a table")
        required, default = component.rule_flag("required"), component.take("defaultValue")
        return Field(kind=kind, required=required, default=default, **common, **own)

    def _static_text(self, component: Component, place: _Place, common: dict[str, Any]) -> Field:
        text, text_en = component.text("text"), component.property("en")
        if not text or not text_en:
            component.refuse("text and properties.en are required")
        pattern = f"{place.prefix}#{common['id']}"
        return Field(kind=Kind.STATIC_TEXT, key="", pattern=pattern, text=text, text_en=text_en, **common)

    def _table(self, component: Component, place: _Place, common: dict[str, Any]) -> Field:
        common |= self._key(component, "path", place) | self._label(component) | self._default_from(component)
        if place.table:
            component.refuse("a table can't stand in a table")
        component.ignore({"isRepeating", "allowAddRemove"})
        first = component.take("defaultRepetitions")
        if first is not None and (
            isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= 20
        ):
            component.refuse("defaultRepetitions must be a whole number from 0 to 20")
            first = None
        row, row_en = component.both("row")
        least = component.property_count("min_rows", None, 1000)
        most = component.property_count("max_rows", 200, 1000)
        required = component.rule_flag("required") or bool(least)
        inner = self._inner(component, f"{common['pattern']}.*.", place, common)
        children = self._level(component.take("components"), replace(inner, table=True))
        if not children:
            component.refuse("a table needs components")
        return Field(
            kind=Kind.TABLE,
            required=required,
            children=children,
            row=row,
            row_en=row_en,
            first_rows=1 if first is None else first,
            min_items=least,
            max_items=most,
            **common,
        )

    def _group(self, component: Component, place: _Place, common: dict[str, Any]) -> Field:
        nested = bool(component.take("path"))
        if nested:
            common |= self._key(component, "path", place) | self._default_from(component)
        else:
            common |= {"key": "", "pattern": f"{place.prefix}#{common['id']}"}
        common |= self._label(component, needed=nested)
        type_ = component.property("type")
        kind = (
            {"party": Kind.PARTY, "address": Kind.ADDRESS}.get(type_, Kind.GROUP) if nested else Kind.FIELDSET
        )
        required = component.rule_flag("required")
        if required and not type_:
            component.refuse("validate.required belongs to the group's fields, or to a party or an address")
        components = self._parts(component, type_, nested)
        inner = self._inner(component, f"{common['pattern']}." if nested else place.prefix, place, common)
        children = self._level(components, inner if nested else replace(inner, taken=place.taken))
        if not children:
            component.refuse("a group needs components")
        return Field(kind=kind, required=required, children=children, **common)

    def _parts(self, component: Component, type_: str, nested: bool) -> Any:
        """The components of a group; those of a party or an address stand before the written ones."""
        components = component.take("components")
        written = components if isinstance(components, list) else []
        if type_ == "party":
            parts = component.property_list("parts", DEFAULT_PARTY_PARTS, PARTY_PARTS)
            required = component.property_list("required_parts", ("kind", "name"), PARTY_PARTS)
            return [*party_components(parts, required), *written]
        if type_ == "address":
            if not nested:
                component.refuse("an address needs a path")
            return [*address_components(), *written]
        if type_:
            component.refuse(f"properties.type can't be {type_!r} here; it may be party, address or left out")
        return components

    def _inner(self, component: Component, prefix: str, place: _Place, common: Mapping[str, Any]) -> _Place:
        return _Place(
            prefix=prefix,
            where=component.where,
            table=place.table,
            depth=place.depth + 1,
            confidential=common["confidential"],
        )

    def _common(self, component: Component, place: _Place) -> dict[str, Any]:
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
        component.ignore(_EDITOR_KEYS)
        return {
            "id": id_ or f"{component.where}_{self._count}",
            "help": help_,
            "help_en": help_en,
            "columns": self._columns(component),
            "confidential": component.property_flag("confidential") or place.confidential,
        }

    def _columns(self, component: Component) -> int:
        layout = component.take("layout")
        columns = layout.get("columns") if isinstance(layout, Mapping) else None
        if layout is not None and not isinstance(layout, Mapping):
            component.refuse("layout must be an object")
        if columns is None:
            return 16
        if isinstance(columns, bool) or not isinstance(columns, int) or not 1 <= columns <= 16:
            component.refuse("layout.columns must be a whole number from 1 to 16")
            return 16
        return columns

    def _key(self, component: Component, name: str, place: _Place) -> dict[str, Any]:
        key = component.text(name)
        if not _KEY.fullmatch(key):
            component.refuse(f"{name} must be small letters, digits and underscores, beginning with a letter")
        elif key in _RESERVED:
            component.refuse(f"{key} is a word of the expression language and can't be a key")
        elif key in place.taken:
            component.refuse(f"the key {key} is there twice")
        pattern = place.prefix + key
        if key in place.taken:
            pattern += f"~{self._count}"  # each has findings of its own
        place.taken.add(key)
        return {"key": key, "pattern": pattern}

    def _label(self, component: Component, needed: bool = True) -> dict[str, Any]:
        label, label_en = component.text("label") or component.text("dateLabel"), component.property("en")
        if needed and not label:
            component.refuse("label is required")
        if bool(label) != bool(label_en):
            component.refuse("label and properties.en (the English label) must both be there")
        return {"label": label, "label_en": label_en}

    def _default_from(self, component: Component) -> dict[str, Any]:
        path = component.property("default_from")
        if path and not _PATH.fullmatch(path):
            component.refuse("properties.default_from must be a path of variables, such as review.fine")
        return {"default_from": path or None}
