"""YAML for data files that people write by hand: every value knows its line, and nothing unknown is let through.

Only plain mappings, lists and scalars are read. Anchors, aliases and tags are refused, so a small file stays
small when read, and a key that stands twice is an error, not a silent last one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import DefinitionRefused

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class DataRefused(DefinitionRefused):
    """A data file can't be used.

    :param name: the file's name.
    :param key: the path of the entry, such as ``deadlines.demand.unit``; empty for the whole file.
    :param line: the line that it stands on, from 1.
    :param problem: what is wrong, in English.
    """

    def __init__(self, name: str, key: str, line: int, problem: str) -> None:
        super().__init__(name, [(f"line {line}: {key}" if key else f"line {line}", problem)])
        self.name = name
        self.key = key
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Node:
    """A value with the place where it stands. ``value`` is a scalar, a list of nodes or a dict of nodes."""

    file: str
    key: str
    line: int
    value: Any

    def refuse(self, problem: str) -> DataRefused:
        """The error that says what is wrong with this value, to be raised."""
        return DataRefused(self.file, self.key, self.line, problem)

    def mapping(self, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, Node]:
        """The value as a mapping that has all the required keys and no other than the optional ones.

        :raises DataRefused: it is none, lacks a key or has one too many.
        """
        entries = self.entries()
        for key, node in entries.items():
            if key not in required and key not in optional:
                known = ", ".join([*required, *optional])
                raise node.refuse(f"unknown key {key!r}; known keys are {known}")
        for key in required:
            if key not in entries:
                raise self.refuse(f"{key!r} is missing")
        return entries

    def entries(self) -> dict[str, Node]:
        """The value as a mapping with keys of any name.

        :raises DataRefused: it is none.
        """
        if not isinstance(self.value, dict):
            raise self.refuse("must be a mapping")
        return self.value

    def items(self) -> Iterator[Node]:
        """The members of a list.

        :raises DataRefused: it is none.
        """
        if not isinstance(self.value, list):
            raise self.refuse("must be a list")
        return iter(self.value)

    def text(self) -> str:
        """The value as a text that is not empty.

        :raises DataRefused: it is none.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("must be a text that is not empty")
        return self.value.strip()

    def flag(self) -> bool:
        """The value as true or false.

        :raises DataRefused: it is neither.
        """
        if not isinstance(self.value, bool):
            raise self.refuse("must be true or false")
        return self.value

    def whole(self, least: int, most: int) -> int:
        """The value as a whole number between two bounds, both allowed.

        :raises DataRefused: it is none, or outside.
        """
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            raise self.refuse(f"must be a whole number from {least} to {most}")
        return self.value


def read(text: str, name: str) -> Node:
    """The content of a YAML file, with lines.

    :param text: the file's text.
    :param name: what to call it in an error.
    :raises DataRefused: it is no YAML, is larger than 1 MB, or uses anchors, aliases, tags or a key twice.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise DataRefused(name, "", 1, f"larger than {MAX_BYTES:,} bytes")
    try:
        _refuse_clever(text, name)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DataRefused(name, "", mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise DataRefused(name, "", 1, f"not YAML: {error}".splitlines()[0]) from None
    if root is None:
        raise DataRefused(name, "", 1, "the file is empty")
    return _node(root, name, "")


def _refuse_clever(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DataRefused(name, "", line, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise DataRefused(name, "", line, "tags are not allowed")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise DataRefused(name, "", line, f"nested deeper than {MAX_DEPTH}")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1


def _node(raw: yaml.Node, name: str, key: str) -> Node:
    line = raw.start_mark.line + 1
    if isinstance(raw, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for raw_key, raw_value in raw.value:
            key_line = raw_key.start_mark.line + 1
            if not isinstance(raw_key, yaml.ScalarNode):
                raise DataRefused(name, key, key_line, "a key must be a plain word")
            word = str(raw_key.value)
            path = f"{key}.{word}" if key else word
            if word in entries:
                raise DataRefused(name, path, key_line, "the key stands twice")
            value = _node(raw_value, name, path)
            entries[word] = Node(name, path, key_line, value.value)
        return Node(name, key, line, entries)
    if isinstance(raw, yaml.SequenceNode):
        members = [_node(member, name, f"{key}[{index}]") for index, member in enumerate(raw.value)]
        return Node(name, key, line, members)
    try:
        value = yaml.SafeLoader("").construct_object(raw, deep=True)
    except (yaml.YAMLError, ValueError):
        raise DataRefused(name, key, line, f"{raw.value!r} can't be read") from None
    return Node(name, key, line, value)
