"""Numbers and amounts of money: how people write them, and the marshmallow fields that read them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from forms.errors import N_, FieldError

LARGEST = Decimal(10) ** 12
_PLAIN = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,16})(\.[0-9]{1,12})?", re.ASCII)


def read_decimal(raw: Any, places: int) -> Decimal:
    """A finite number of at most ``places`` decimal places from what a person, a YAML or a JSON file gave.

    :raises ValidationError: it isn't one, it is too exact, or its size is a million millions or more.
    """
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip().replace("−", "-")
        if not _PLAIN.fullmatch(text):
            raise ValidationError([FieldError(N_("Enter a number."))])
        value = Decimal(text.replace(",", ""))
    elif isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise ValidationError([FieldError(N_("Enter a number."))])
    elif isinstance(raw, int) and abs(raw) >= LARGEST:
        raise ValidationError([FieldError(N_("This number is too large."))])
    else:
        value = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not value.is_finite():
        raise ValidationError([FieldError(N_("Enter a number."))])
    if abs(value) >= LARGEST:
        raise ValidationError([FieldError(N_("This number is too large."))])
    rounded = value.quantize(Decimal(1).scaleb(-places))
    if rounded != value:
        if places == 0:
            raise ValidationError([FieldError(N_("Enter a whole number."))])
        raise ValidationError([FieldError(N_("At most %(places)s decimal places."), {"places": places})])
    return rounded + 0  # no negative zero


def shortest(value: Decimal) -> Decimal:
    """The same number without zeros at the end and without an exponent."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


class _Bounded(fields.Field[Any]):
    """A number between ``minimum`` and ``maximum``, both inclusive, either may be None."""

    def __init__(self, minimum: Decimal | None, maximum: Decimal | None) -> None:
        super().__init__(allow_none=True)
        self.minimum = minimum
        self.maximum = maximum

    def _within(self, value: Decimal) -> Decimal:
        if self.minimum is not None and value < self.minimum:
            raise ValidationError([FieldError(N_("At least %(limit)s."), {"limit": f"{self.minimum:,f}"})])
        if self.maximum is not None and value > self.maximum:
            raise ValidationError([FieldError(N_("At most %(limit)s."), {"limit": f"{self.maximum:,f}"})])
        return value


class NumberField(_Bounded):
    """A number: int when ``places`` is 0, otherwise a Decimal of at most that many places (6 when None)."""

    def __init__(self, places: int | None, minimum: Decimal | None, maximum: Decimal | None) -> None:
        super().__init__(minimum, maximum)
        self.places = 6 if places is None else places

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = self._within(read_decimal(value, self.places))
        return int(number) if self.places == 0 else shortest(number)


class MoneyField(_Bounded):
    """Yuan as a Decimal of two places, not negative. Takes ``20,000.00``, ``¥20000``, ``2.52万元``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        times = 1
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().removeprefix("¥").removesuffix("元").strip()
            if value.endswith("万"):
                value, times = value.removesuffix("万").strip(), 10_000
        amount = read_decimal(value, 6 if times > 1 else 2) * times
        if amount < 0:
            raise ValidationError([FieldError(N_("An amount of money can't be negative."))])
        return self._within(read_decimal(amount, 2))
