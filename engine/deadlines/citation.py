"""Citations of law, shortened for a sentence: articles of one statute are gathered behind its name."""

from __future__ import annotations

import re
from collections.abc import Callable

_ZH = re.compile(r"《(?:中华人民共和国)?(?P<law>[^》]+)》(?P<place>.*)\Z")
_EN = re.compile(r"(?P<law>.+?), art\. (?P<place>.+)\Z")


def short_zh(*citations: str) -> str:
    """Citations such as ``《中华人民共和国行政处罚法》第六十条；《…》第八十五条`` as ``行政处罚法第六十条；…``."""
    return _short(citations, "；", _ZH, lambda law, places: law + "、".join(places))


def short_en(*citations: str) -> str:
    """Citations such as ``Administrative Penalty Law, art. 60`` with the articles of one statute put together."""
    return _short(citations, "; ", _EN, lambda law, places: f"{law}, art. {', '.join(places)}")


def _short(
    citations: tuple[str, ...], separator: str, pattern: re.Pattern[str], say: Callable[[str, list[str]], str]
) -> str:
    places: dict[str, list[str]] = {}
    for citation in (part.strip() for whole in citations for part in whole.split(separator.strip())):
        found = pattern.match(citation)
        law, place = (found["law"], found["place"]) if found else (citation, "")
        known = places.setdefault(law, [])
        if place and place not in known:
            known.append(place)
    return separator.join(say(law, of_law) if of_law else law for law, of_law in places.items())
