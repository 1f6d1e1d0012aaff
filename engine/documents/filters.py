"""The filters of document sources: how a value is worded. What is not known passes through and prints ／."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from engine.documents import amounts
from engine.documents.presenting import YES_NO, Choice

BUDGET: Final = "__budget__"
MAX_ROWS: Final = 20_000


class Budget:
    """How many rows the loops of one document may still go through, all together."""

    def __init__(self) -> None:
        self.left = MAX_ROWS


@pass_context
def rows(context: Context, value: Any) -> Iterator[Any]:
    """The rows that a loop goes over; every loop of a source is made to ask for them here."""
    if value is None or isinstance(value, Undefined):
        return
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError("a loop goes over the rows of a table, not over one value")
    budget: Budget = context[BUDGET]
    for row in value:
        budget.left -= 1
        if budget.left < 0:
            raise ValueError(f"the loops go through more than {MAX_ROWS} rows")
        yield row


def _money(value: Any) -> Any:
    return value if _absent(value) else amounts.money(_decimal(value))


def _yuan(value: Any) -> Any:
    return value if _absent(value) else "¥" + amounts.money(_decimal(value))


def _capital(value: Any) -> Any:
    return value if _absent(value) else amounts.capital(_decimal(value))


def _cdate(value: Any) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, date):
        raise TypeError(f"{str(value)[:40]!r} is no date")
    return amounts.cdate(value)


def _cdatetime(value: Any) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, datetime):
        raise TypeError(f"{str(value)[:40]!r} is no date with a time")
    return amounts.cdatetime(value)


def _labels(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(_labels(item) for item in value) if value else None
    if _absent(value):
        return value
    if isinstance(value, bool):
        return YES_NO[value]
    if not isinstance(value, Choice):
        raise TypeError(f"there is no Chinese label for {str(value)[:40]!r}")
    return value.label


def _cell(value: Any) -> Any:
    """For the cell of a table. Values fit there as they are, so this changes nothing; sources may say it."""
    return value


def _absent(value: Any) -> bool:
    return value is None or isinstance(value, Undefined) or value == ""


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"{str(value)[:40]!r} is no amount of money")
    return Decimal(value)


FILTERS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {
        "money": _money,  # 25,200.00
        "yuan": _yuan,  # ¥25,200.00
        "capital": _capital,  # 贰万伍仟贰佰元整
        "cdate": _cdate,  # 2024年4月15日
        "cdatetime": _cdatetime,  # 2024年3月18日10时20分
        "labels": _labels,  # the Chinese labels of a choice or of several
        "cell": _cell,
    }
)
"""The filters that sources may use, by name."""
