"""How documents write money and dates.

Capital amounts follow the People's Bank's rules for filling in bills (支付结算办法附一《正确填写票据和结算凭证的
基本规定》一至三) and 会计基础工作规范第五十二条 (整 after 元 and after 角). The library ``cn2an`` loses the zero of 700005000 (柒亿零伍仟), so they are written here.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

LARGEST = Decimal(10) ** 12
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_GROUPS = ((10**8, "亿"), (10**4, "万"), (1, ""))
_CHINA = ZoneInfo("Asia/Shanghai")


def money(amount: Decimal) -> str:
    """``25,200.00``: yuan with two places, grouped.

    :raises ValueError: the amount is no number or has more than two places.
    """
    return f"{_exact(amount):,.2f}"


def capital(amount: Decimal) -> str:
    """``贰万伍仟贰佰元整``: yuan, jiao and fen in capital figures.

    :raises ValueError: the amount is no number, negative, too large or has more than two places.
    """
    exact = _exact(amount)
    if exact < 0:
        raise ValueError(f"no capital figures for {amount}")
    yuan, cents = divmod(int(exact * 100), 100)
    jiao, fen = divmod(cents, 10)
    written = _whole(yuan)
    if written:
        written += "元"
    if not cents:
        return (written or "零元") + "整"
    if jiao:
        written += _DIGITS[jiao] + "角"
    elif written:
        written += "零"
    return written + (_DIGITS[fen] + "分" if fen else "整")


def cdate(moment: date | datetime) -> str:
    """``2024年4月15日``, in China's time."""
    day = moment.astimezone(_CHINA) if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def cdatetime(moment: datetime) -> str:
    """``2024年3月18日10时20分``, in China's time."""
    local = moment.astimezone(_CHINA)
    return f"{cdate(moment)}{local.hour}时{local.minute:02d}分"


def _exact(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) >= LARGEST:
        raise ValueError(f"{amount} is no amount of money")
    rounded = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    if rounded != amount:
        raise ValueError(f"{amount} has parts of a fen")
    return rounded + 0  # no negative zero


def _whole(yuan: int) -> str:
    written = ""
    skipped = False
    for size, unit in _GROUPS:
        group = yuan // size % 10**4
        if not group:
            skipped = bool(written)
            continue
        if written and (skipped or group < 1000):
            written += "零"
        written += _group(group) + unit
        skipped = False
    return written


def _group(number: int) -> str:
    written = ""
    zero = False
    for size, unit in _PLACES:
        digit = number // size % 10
        if digit:
            written += ("零" if zero and written else "") + _DIGITS[digit] + unit
        zero = not digit
    return written
