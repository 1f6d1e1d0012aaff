"""Whatever can be said to people is said in Chinese too."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

HOME = Path(__file__).parents[2]
CATALOGUE = HOME / "webapp/translations/zh/LC_MESSAGES/messages.po"


@pytest.fixture(scope="module")
def chinese() -> dict[str, Message]:
    with CATALOGUE.open("rb") as file:
        return {_key(message.id): message for message in read_po(file, locale="zh") if message.id}


def test_every_message_is_translated(chinese: dict[str, Message]) -> None:
    with (HOME / "webapp/translations/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    missing = set()
    for folder in ("engine", "forms", "webapp"):
        found = extract_from_dir(
            HOME / folder,
            [
                (pattern.removeprefix(f"{folder}/"), method)
                for pattern, method in methods
                if pattern.startswith(folder)
            ],
            {pattern.removeprefix(f"{folder}/"): chosen for pattern, chosen in options.items()},
            keywords={**DEFAULT_KEYWORDS, "N_": None},
        )
        for _file, _line, message, _comments, _context in found:
            key = _key(message)
            translated = chinese.get(key)
            if translated is None or not _key(translated.string) or translated.fuzzy:
                missing.add(key)
    assert missing == set()


def test_translations_keep_the_places_for_values(chinese: dict[str, Message]) -> None:
    assert {
        key: [str(error) for error in message.check()] for key, message in chinese.items() if message.check()
    } == {}


def _key(message: str | list[str] | tuple[str, ...]) -> str:
    return message if isinstance(message, str) else message[0]
