"""Numbers that identify people and organisations, and telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError as NumberRefused

_SPACES = re.compile(r"[\s\-·]+")
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_USCC = re.compile(r"[0-9ANY][0-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_PHONE = re.compile(
    r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}", re.ASCII
)


def _compact(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()


def resident_id(text: str) -> str | None:
    """The 18 characters of a 居民身份证 number (GB 11643), or None when it can't be one.

    Check digit and date of birth are checked. The place is not: python-stdnum refuses a number whose county was
    founded after the holder's birth (源城区: 1988) and the residence permits of Hong Kong, Macao and Taiwan (83…).
    """
    number = _compact(text)
    if not _RESIDENT_ID.fullmatch(number) or number[-1] != ric.calc_check_digit(number):
        return None
    try:
        born: date = ric.get_birth_date(number)
    except NumberRefused:
        return None
    return number if born.year >= 1850 else None


def uscc_code(text: str) -> str | None:
    """The 18 characters of a 统一社会信用代码 (GB 32100), or None when it can't be one.

    Village collectives and others begin with a letter (N2…), which python-stdnum's own format check refuses.
    """
    number = _compact(text)
    if not _USCC.fullmatch(number) or number[-1] != uscc.calc_check_digit(number):
        return None
    return number


def phone(text: str) -> str | None:
    """A mobile, landline (with area code) or 400/800 number without spaces, or None when it can't be one."""
    number = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"[‐-―−]", "-", number)
    if re.fullmatch(r"(\+|00)?86.*", number):
        number = re.sub(r"^(\+|00)?86-?", "", number)
    if re.fullmatch(r"1[0-9]{2}-[0-9]{4}-[0-9]{4}", number, re.ASCII):
        number = number.replace("-", "")
    return number if _PHONE.fullmatch(number) else None
