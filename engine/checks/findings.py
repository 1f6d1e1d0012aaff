"""What a check has to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one element of one file.

    ``element`` is the id of an element, the key of a field or entry, or ``line N`` where the file has no such
    thing. ``rule`` is a stable code. An ``error`` keeps the file from being used, a ``warning`` doesn't.
    ``path`` are the ids of elements that together show what is wrong, in order, for an editor to light up.
    """

    file: str
    element: str
    severity: Severity
    rule: str
    message: str
    path: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.file}:{self.element}: {self.severity} {self.rule}: {self.message}"

    def as_json(self) -> dict[str, Any]:
        """The finding as ``anliu check --json`` prints it."""
        return asdict(self)


@dataclass
class Notes:
    """The findings on one file, as they are made."""

    file: str
    found: list[Finding] = field(default_factory=list)

    def error(self, element: str, rule: str, message: str, path: Sequence[str] = ()) -> None:
        """Adds something that keeps the file from being used."""
        self._add(element, "error", rule, message, path)

    def warning(self, element: str, rule: str, message: str, path: Sequence[str] = ()) -> None:
        """Adds something that should be mended."""
        self._add(element, "warning", rule, message, path)

    def _add(self, element: str, severity: Severity, rule: str, message: str, path: Sequence[str]) -> None:
        self.found.append(
            Finding(self.file, _line(element, 120), severity, rule, _line(message, 600), list(path))
        )

    def settled(self) -> list[Finding]:
        """The findings to show: each once, and warnings only when nothing worse is wrong with the file.

        A diagram that can't be used is not worth polishing, and one mistake seldom comes without warnings
        in its train.
        """
        errors = [each for each in self.found if each.severity == "error"]
        seen: dict[tuple[str, str, str], Finding] = {}
        for each in errors or self.found:
            seen.setdefault(
                (each.element, each.rule, each.message if each.severity == "warning" else ""), each
            )
        return list(seen.values())


def _line(text: str, most: int) -> str:
    """A text from a file nobody vouches for as one line that a terminal can show."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A half sentence with the known name that looks most like a wrong one, or an empty text."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"; did you mean {close[0]}?" if close else ""
