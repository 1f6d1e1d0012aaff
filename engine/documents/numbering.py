"""Document numbers: without gaps and without duplicates, whoever issues at the same time.

The number is taken in the transaction of the step that issues the document. Counting up locks the series' row
until that transaction ends, so the next one waits for it; if it is rolled back, the number was never given.
"""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.documents.tables import NumberSeries


def next_number(session: Session, agency_short: str, kind: str, year: int) -> str:
    """The next number of a series, such as ``源教罚〔2024〕3号`` (GB/T 9704 7.2.5: full year in 〔〕, no leading zeros).

    :param session: a writing transaction; the number belongs to it.
    :param agency_short: the issuing agency's short name (机关代字), such as ``源教``.
    :param kind: the kind's word, such as ``罚``.
    :param year: the year of issue, in the agency's own time zone.
    """
    if not agency_short or not kind or not 1000 <= year <= 9999:
        raise ValueError(f"no number series {agency_short!r} {kind!r} {year!r}")
    return f"{agency_short}{kind}〔{year}〕{count_up(session, agency_short, kind, year)}号"


def count_up(session: Session, agency: str, kind: str, year: int) -> int:
    """The next number of any series, from 1, in the caller's transaction: no gap, none twice."""
    series = {"agency": agency, "kind": kind, "year": year}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(NumberSeries).values(**series, last=0).on_conflict_do_nothing())
    return session.execute(
        update(NumberSeries)
        .where(NumberSeries.agency == agency, NumberSeries.kind == kind, NumberSeries.year == year)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()
