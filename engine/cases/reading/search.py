"""Finding cases by what people have at hand: a number, a name, an address."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_

from engine.cases.tables import Case, Party
from engine.runtime.tables import ProcessInstance

LONGEST = 100


def matches(text: str) -> ColumnElement[bool]:
    """The condition that a case matches every word of a search.

    Each word may stand in the case's number, its filing number, its address or the name of a party.
    The query joins :class:`ProcessInstance` and (outer) :class:`Case`.

    :param text: what was typed; only its first 100 characters count.
    """
    return and_(*(_word(word) for word in text[:LONGEST].split()))


def _word(word: str) -> ColumnElement[bool]:
    named = exists().where(Party.case_id == ProcessInstance.id, Party.name.contains(word, autoescape=True))
    return or_(
        ProcessInstance.business_key.contains(word.upper(), autoescape=True),
        Case.filing_number.contains(word, autoescape=True),
        Case.address.contains(word, autoescape=True),
        named,
    )
