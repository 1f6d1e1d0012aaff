"""What ``anliu deadline RULE FROM`` answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import due, format_due
from engine.deadlines.rules import DeadlineRule
from engine.errors import N_, NotFound, SettingsRefused

_FROM = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)?)?\Z")


def answer(rules: Mapping[str, DeadlineRule], rule_id: str, from_text: str) -> dict[str, Any]:
    """The due date of a rule, with its reasons.

    :param rules: the rules by id.
    :param rule_id: which one.
    :param from_text: when the clock starts: ``2024-04-10``, ``2024-04-10 15:30`` (Asia/Shanghai), or with an
        offset ``2024-04-10T15:30+08:00``.
    :returns: safe for JSON: ``due`` (such as ``2024-04-17 24:00``) and all of
        :func:`engine.deadlines.explanation.explain`, and ``note`` and ``note_en``.
    :raises NotFound: there is no such rule.
    :raises SettingsRefused: ``from_text`` is no date or time, or too late for a due date.
    """
    rule = rules.get(rule_id)
    if rule is None:
        raise NotFound(
            N_("There is no deadline rule %(rule)s. Rules: %(known)s."), rule=rule_id, known=", ".join(rules)
        )
    starts_at = _moment(from_text)
    try:
        found = due(rule, starts_at)
        text = format_due(found.due_at)
    except OverflowError:
        raise SettingsRefused(N_("%(text)s is too far away to count from."), text=from_text) from None
    return {"due": text, **found.explanation, "note": rule.note, "note_en": rule.note_en}


def lines(answered: Mapping[str, Any]) -> list[str]:
    """An answer as lines for a terminal."""
    printed = [
        f"{answered['rule']} {answered['name']} ({answered['name_en']})",
        f"due {answered['due']}" + (" (provisional)" if answered["provisional"] else ""),
        answered["zh"],
        answered["en"],
        "；".join(dict.fromkeys([*answered["article"].split("；"), *answered["counted_by"].split("；")])),
    ]
    if answered["note"]:
        printed.append(answered["note"])
    return printed


def _moment(text: str) -> datetime:
    """A date or time as an aware moment; without an offset it is Asia/Shanghai's."""
    try:
        if not _FROM.match(text.strip()):
            raise ValueError(text)
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        moment.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise SettingsRefused(
            N_("%(text)s is no date or time; write it as 2024-04-10 or 2024-04-10 15:30."), text=text
        ) from None
    return moment
