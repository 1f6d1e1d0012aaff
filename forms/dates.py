"""Days and moments: how people write them, and the marshmallow fields that read them. Wall time is Asia/Shanghai."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields

from forms.errors import N_, FieldError

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?", re.ASCII)
_MOMENT = re.compile(
    rf"(?P<day>{_DAY.pattern})\s*[T ]?\s*(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})"
    r"(:(?P<second>[0-9]{2})(\.[0-9]{1,9})?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


def start_of(day: date) -> datetime:
    """00:00 of a day in Asia/Shanghai, as an aware moment in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def in_shanghai(moment: datetime) -> datetime:
    """An aware moment as Asia/Shanghai wall time."""
    return moment.astimezone(SHANGHAI)


def wall_time(value: Any, depth: int = 0) -> Any:
    """The same value with every aware moment in it in Asia/Shanghai, so that ``date(received_at)`` is that day there."""
    if isinstance(value, datetime):
        return in_shanghai(value) if value.tzinfo is not None else value
    if isinstance(value, dict) and depth < 20:
        return {key: wall_time(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list) and depth < 20:
        return [wall_time(each, depth + 1) for each in value]
    return value


def _bounded(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError([FieldError(N_("Enter a year between 1900 and 2100."))])
    return day


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValidationError([FieldError(N_("There is no such day."))]) from None


class DateField(fields.Field[Any]):
    """A day. Takes a date or text such as ``2024-03-18`` and ``2024年3月18日``."""

    def __init__(self) -> None:
        super().__init__(allow_none=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            found = _DAY.fullmatch(unicodedata.normalize("NFKC", value).strip())
            if found:
                return _bounded(_day(*found.groups()))
        elif isinstance(value, date) and not isinstance(value, datetime):
            return _bounded(value)
        raise ValidationError([FieldError(N_("Enter a date, such as 2024-03-18."))])


class DateTimeField(fields.Field[Any]):
    """A moment, given in Asia/Shanghai (or with its own offset), kept as an aware UTC datetime to the second."""

    def __init__(self) -> None:
        super().__init__(allow_none=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        moment = self._read(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime):
            raise ValidationError([FieldError(N_("Enter a date and a time, such as 2024-03-18 10:20."))])
        if not FIRST_YEAR - 1 <= moment.year <= LAST_YEAR + 1:  # before changing zones, which may overflow
            raise ValidationError([FieldError(N_("Enter a year between 1900 and 2100."))])
        local = moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
        _bounded(local.date())
        return local.astimezone(UTC).replace(microsecond=0)

    def _read(self, text: str) -> datetime | None:
        found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if found is None:
            return None
        day = _day(*found.group(2, 3, 4))
        try:
            at = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        except ValueError:
            raise ValidationError([FieldError(N_("There is no such time of day."))]) from None
        return datetime.combine(day, at, self._zone(found["zone"]))

    def _zone(self, text: str | None) -> tzinfo | None:
        if text is None:
            return None
        if text == "Z":
            return UTC
        offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
        if offset > timedelta(hours=14):
            raise ValidationError([FieldError(N_("There is no such time of day."))])
        return timezone(-offset if text[0] == "-" else offset)
