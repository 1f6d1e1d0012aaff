"""Times as people say them, with the exact one on hover."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import format_date, gettext, ngettext
from markupsafe import Markup

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.compute import format_due, last_day, remaining
from webapp.language import is_english
from webapp.sign_in import the_system


def now() -> datetime:
    """The present moment of the system that is served (aware, UTC)."""
    return the_system().clock.now()


def short_day(value: date) -> str:
    """``3月11日``, with the year where it isn't this year's."""
    this_year = value.year == now().astimezone(SHANGHAI).year
    if is_english():
        return format_date(value, "d MMM" if this_year else "d MMM yyyy", rebase=False)
    return format_date(value, "M月d日" if this_year else "y年M月d日", rebase=False)


def full_day(value: datetime) -> str:
    """A day with its weekday: ``2024年3月18日星期一``."""
    return format_date(value.astimezone(SHANGHAI).date(), "full", rebase=False)


def day(value: date | datetime | None) -> str:
    """A whole date: ``2024年3月11日``."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    return format_date(local, "d MMM yyyy" if is_english() else "y年M月d日", rebase=False)


def stamp(value: datetime | None) -> Markup:
    """A moment in the past: ``3月5日 10:20``, exact on hover."""
    if value is None:
        return Markup("")
    local = value.astimezone(SHANGHAI)
    return _time(value, f"{short_day(local.date())} {local:%H:%M}", f"{local:%Y-%m-%d %H:%M:%S}")


def due_words(due_at: datetime) -> str:
    """How far away a due date is: ``3 个工作日后``, ``今天到期``, ``逾期 2 个工作日``."""
    left, overdue = remaining(due_at, now())
    if overdue:
        late = -left
        if late:
            return ngettext("%(num)s working day overdue", "%(num)s working days overdue", late)
        return gettext("overdue")
    if last_day(due_at) == now().astimezone(SHANGHAI).date():
        return gettext("due today")
    if left:
        return ngettext("in %(num)s working day", "in %(num)s working days", left)
    return gettext("before the next working day")


def due(due_at: datetime | None) -> Markup:
    """A due date as ``3 个工作日后 (3月11日)``, exact on hover."""
    if due_at is None:
        return Markup("")
    exact = format_due(due_at)
    words = short_day(last_day(due_at))
    if not exact.endswith("24:00"):
        words = f"{words} {exact[-5:]}"
    return _time(due_at, f"{due_words(due_at)} ({words})", gettext("until %(exact)s", exact=exact))


def due_day(due_at: datetime) -> str:
    """The last day of a period that no longer runs: ``3月11日``."""
    return short_day(last_day(due_at))


def urgency(due_at: datetime | None) -> str:
    """``overdue``, ``today``, ``soon`` (two working days), ``later`` or ``none``: how a due date is coloured."""
    if due_at is None:
        return "none"
    left, overdue = remaining(due_at, now())
    if overdue:
        return "overdue"
    if last_day(due_at) == now().astimezone(SHANGHAI).date():
        return "today"
    return "soon" if left <= 2 else "later"


def money(value: Decimal | int | None) -> str:
    """Yuan with thousands and cents: ``25,200.00``."""
    return "" if value is None else f"{Decimal(value):,.2f}"


def _time(value: datetime, words: str, exact: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), exact, words)


def init_app(app: Flask) -> None:
    """Gives the templates these as filters."""
    app.jinja_env.filters.update(
        day=day, stamp=stamp, due=due, due_words=due_words, due_day=due_day, urgency=urgency, money=money
    )
    app.jinja_env.globals.update(now=now, full_day=full_day)
