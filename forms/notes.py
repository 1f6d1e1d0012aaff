"""Reading a component of a definition key by key, collecting everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

Findings = list[tuple[str, str]]


class Component:
    """One JSON object of a definition. Each read key is ticked off; ``finish`` refuses the ones nobody read.

    :param data: the JSON object.
    :param where: its id or key, for the findings.
    :param findings: where findings are added.
    """

    def __init__(self, data: Mapping[str, Any], where: str, findings: Findings) -> None:
        self.data = data
        self.where = where
        self.findings = findings
        found = data.get("properties", {})
        self.properties: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        if not isinstance(found, Mapping):
            self.refuse("properties must be an object")
        found = data.get("validate", {})
        self.rules: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        if not isinstance(found, Mapping):
            self.refuse("validate must be an object")
        self._read: set[str] = {"properties", "validate"}
        self._read_properties: set[str] = set()
        self._read_rules: set[str] = set()

    def refuse(self, message: str) -> None:
        """Adds a finding about this component."""
        self.findings.append((self.where, message))

    def take(self, key: str) -> Any:
        """The value of an own key, or None."""
        self._read.add(key)
        return self.data.get(key)

    def text(self, key: str) -> str:
        """An own key that must be a text; empty when absent."""
        return self._text(key, self.take(key))

    def flag(self, key: str) -> bool:
        """An own key that must be true or false."""
        return self._flag(key, self.take(key))

    def ignore(self, keys: Collection[str]) -> None:
        """Own keys that form-js-editor writes and that change nothing here."""
        self._read.update(keys)

    def take_property(self, key: str) -> Any:
        """The value of one of our properties, or None."""
        self._read_properties.add(key)
        return self.properties.get(key)

    def property(self, key: str) -> str:
        """One of our properties that must be a text; empty when absent."""
        return self._text(f"properties.{key}", self.take_property(key))

    def property_flag(self, key: str) -> bool:
        """One of our properties that must be true or false, or the same as text."""
        return self._flag(f"properties.{key}", self.take_property(key))

    def property_count(self, key: str, default: int | None, most: int) -> int | None:
        """One of our properties that must be a whole number from 0 to ``most``, or the same as text."""
        return self._count(f"properties.{key}", self.take_property(key), default, most)

    def property_list(self, key: str, default: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
        """One of our properties that must be a list with commas, each entry among ``allowed``."""
        text = self.property(key)
        entries = tuple(part.strip() for part in text.split(",") if part.strip()) if text else tuple(default)
        for entry in entries:
            if entry not in allowed:
                self.refuse(f"properties.{key} can't hold {entry!r}; it may hold {', '.join(allowed)}")
        return tuple(entry for entry in entries if entry in allowed)

    def both(self, key: str, chinese: str = "") -> tuple[str, str]:
        """A text and its English counterpart: ``key`` and ``key_en``; both or none."""
        texts = chinese or self.property(key), self.property(f"{key}_en")
        self.property(key)
        if bool(texts[0]) != bool(texts[1]):
            self.refuse(f"properties.{key} and properties.{key}_en must both be there, or neither")
        return texts

    def rule_flag(self, key: str) -> bool:
        """A key of ``validate`` that must be true or false."""
        self._read_rules.add(key)
        return self._flag(f"validate.{key}", self.rules.get(key))

    def rule_count(self, key: str, default: int | None, most: int) -> int | None:
        """A key of ``validate`` that must be a whole number from 0 to ``most``."""
        self._read_rules.add(key)
        return self._count(f"validate.{key}", self.rules.get(key), default, most)

    def rule_number(self, key: str) -> Decimal | None:
        """A key of ``validate`` that must be a number."""
        self._read_rules.add(key)
        value = self.rules.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10**12:
            self.refuse(f"validate.{key} must be a number")
            return None
        return Decimal(str(value))

    def rule_text(self, key: str) -> str:
        """A key of ``validate`` that must be a text; empty when absent."""
        self._read_rules.add(key)
        return self._text(f"validate.{key}", self.rules.get(key))

    def finish(self) -> None:
        """Refuses every key that was not read."""
        for prefix, data, read in (
            ("", self.data, self._read),
            ("properties.", self.properties, self._read_properties),
            ("validate.", self.rules, self._read_rules),
        ):
            for key in data:
                if key not in read:
                    self.refuse(f"{prefix}{key} is not known here")

    def _text(self, key: str, value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(f"{key} must be a text")
            return ""
        return value.strip()

    def _flag(self, key: str, value: Any) -> bool:
        if value not in (None, True, False, "true", "false", "") or (
            isinstance(value, int) and not isinstance(value, bool)
        ):
            self.refuse(f"{key} must be true or false")
        return value is True or value == "true"

    def _count(self, key: str, value: Any, default: int | None, most: int) -> int | None:
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.refuse(f"{key} must be a whole number from 0 to {most}")
            return default
        return value
