"""Who must not be the same person. The rules are data (``processes/legal_rules.yaml``), each with its article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import RuleBroken


def check(
    rules: Mapping[str, Any], act: str | None, person_id: str, performed: Iterable[tuple[str, str]]
) -> None:
    """Refuses an act by somebody whose earlier act in the same case excludes them from it.

    :param rules: the content of ``legal_rules.yaml``; its ``separates`` list is read.
    :param act: the legal act about to be performed; None needs no check.
    :param performed: (act, person) pairs of what was done in the case before.
    :raises RuleBroken: with the rule's code and article (such as 行政处罚法第五十八条).
    """
    if act is None:
        return
    own = {done for done, who in performed if who == person_id}
    for rule in rules.get("separates") or ():
        if rule["act"] == act and own.intersection(rule["not_by"]):
            raise RuleBroken(rule["code"], rule["message_en"], article=rule["article"], zh=rule["message"])


def excluded(rules: Mapping[str, Any], act: str, performed: Iterable[tuple[str, str]]) -> set[str]:
    """The people who may not perform the act in a case where that was done before."""
    barred: set[str] = set()
    for rule in rules.get("separates") or ():
        if rule["act"] == act:
            barred.update(who for done, who in performed if done in rule["not_by"])
    return barred
