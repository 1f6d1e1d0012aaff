"""Why a deadline falls due when it does, in a sentence of Chinese and one of English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from engine.deadlines.calendar import ONE_DAY, SHANGHAI, Day
from engine.deadlines.citation import short_en, short_zh
from engine.deadlines.rules import DeadlineRule

_UNITS_ZH = {"working_days": "个工作日", "calendar_days": "日", "hours": "小时", "months": "个月"}
_UNITS_EN = {
    "working_days": "working day",
    "calendar_days": "calendar day",
    "hours": "hour",
    "months": "month",
}
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class _Run:
    """Days in a row with the same name."""

    first: Day
    last: Day

    def as_json(self) -> dict[str, str]:
        name = self.first.name
        return {
            "from": self.first.date.isoformat(),
            "to": self.last.date.isoformat(),
            "kind": self.first.kind,
            "name": name.zh,
            "name_en": name.en,
        }


def explain(
    rule: DeadlineRule,
    starts_at: datetime,
    due_at: datetime,
    looked_at: Sequence[Day] = (),
) -> dict[str, Any]:
    """What a due date rests on.

    :param rule: the rule.
    :param starts_at: when the clock started, aware, UTC.
    :param due_at: when the period has ended, aware, UTC.
    :param looked_at: the days that the calendar decided on: for working days all of the period, for calendar
        days and months the nominal last day and those after it; empty for hours.
    :returns: safe for JSON: ``zh`` and ``en`` (the sentences), ``rule``, ``name``, ``name_en``, ``length``, ``unit``,
        ``moment``, ``moment_name``, ``moment_name_en``, ``starts_at`` and ``due_at`` (ISO, UTC), ``last_day`` (ISO,
        local), ``article``, ``article_en``, ``counted_by``, ``counted_by_en``, ``skipped`` and ``counted`` (lists of
        {from, to, kind, name, name_en}: days off left out, make-up days at weekends taken in), ``moved_from``
        (the nominal last day, or null), ``provisional``, ``verify``.
    """
    start = starts_at.astimezone(SHANGHAI)
    due = due_at.astimezone(SHANGHAI)
    last = due.date() if rule.unit == "hours" else due.date() - ONE_DAY
    off = _runs(each for each in looked_at if not each.is_working)
    worked = _runs(each for each in looked_at if each.kind == "make_up")
    moved = rule.unit in ("calendar_days", "months") and bool(off)
    years = sorted({each.date.year for each in looked_at if each.provisional})
    said = _Said(rule, start, due, last, off, worked, moved, years)
    return {
        "zh": _chinese(said),
        "en": _english(said),
        "rule": rule.id,
        "name": rule.name,
        "name_en": rule.name_en,
        "length": rule.length,
        "unit": rule.unit,
        "moment": rule.moment.id,
        "moment_name": rule.moment.name,
        "moment_name_en": rule.moment.name_en,
        "starts_at": starts_at.isoformat(),
        "due_at": due_at.isoformat(),
        "last_day": last.isoformat(),
        "article": rule.article,
        "article_en": rule.article_en,
        "counted_by": rule.counting.article,
        "counted_by_en": rule.counting.article_en,
        "skipped": [run.as_json() for run in off],
        "counted": [run.as_json() for run in worked],
        "moved_from": off[0].first.date.isoformat() if moved else None,
        "provisional": bool(years),
        "verify": rule.verify,
    }


@dataclass(frozen=True)
class _Said:
    """What both sentences say; times are local."""

    rule: DeadlineRule
    start: datetime
    due: datetime
    last: date
    off: list[_Run]
    worked: list[_Run]
    moved: bool
    unannounced: list[int]

    @property
    def with_year(self) -> bool:
        return self.start.year != self.last.year


def _chinese(said: _Said) -> str:
    rule, year = said.rule, said.with_year
    unit = _UNITS_ZH[rule.unit]
    start = _day_zh(said.start.date(), year)
    law = f"（{short_zh(rule.article, rule.counting.article)}）"
    if rule.unit == "hours":
        parts = [f"{rule.length} {unit}", f"自 {start} {said.start:%H:%M} {rule.moment.name}起算", "连续计时"]
        parts.append(f"至 {_day_zh(said.last, year)} {said.due:%H:%M} 届满{law}")
    else:
        parts = [f"{rule.length} {unit}", f"自 {start} {rule.moment.name}起算", "次日开始计"]
        if rule.unit == "working_days":
            if said.off:
                parts.append(f"跳过 {'、'.join(_run_zh(run, year) for run in said.off)}")
            if said.worked:
                parts.append(f"计入 {'、'.join(_run_zh(run, year) for run in said.worked)}")
        else:
            parts.append("节假日计算在内")
        if said.moved:
            first = said.off[0].first
            parts.append(f"末日 {_day_zh(first.date, year)} 为{first.name.zh}，顺延至其后第一个工作日")
        parts.append(f"至 {_day_zh(said.last, year)} 24:00 届满{law}")
    sentence = "，".join(parts)
    if said.unannounced:
        which = "、".join(f"{each}年" for each in said.unannounced)
        sentence += f"。{which}放假安排尚未公布，暂以周一至周五为工作日，公布后重新计算"
    if rule.verify:
        sentence += "。期限待法制人员核实"
    return sentence


def _english(said: _Said) -> str:
    rule, year = said.rule, said.with_year
    unit = _UNITS_EN[rule.unit] + ("" if rule.length == 1 else "s")
    start = _day_en(said.start.date(), year)
    law = f"({short_en(rule.article_en, rule.counting.article_en)})"
    if rule.unit == "hours":
        parts = [f"{rule.length} {unit} from {start} {said.start:%H:%M} ({rule.moment.name_en})"]
        parts.append(f"running without a break, until {_day_en(said.last, year)} {said.due:%H:%M} {law}")
    else:
        parts = [f"{rule.length} {unit} from {start} ({rule.moment.name_en})", "counted from the next day"]
        if rule.unit == "working_days":
            if said.off:
                parts.append(f"leaving out {', '.join(_run_en(run, year) for run in said.off)}")
            if said.worked:
                parts.append(f"taking in {', '.join(_run_en(run, year) for run in said.worked)}")
        else:
            parts.append("holidays included")
        if said.moved:
            first = said.off[0].first
            parts.append(f"moved from {_day_en(first.date, year)} ({first.name.en}) to the next working day")
        parts.append(f"until {_day_en(said.last, year)} 24:00 {law}")
    sentence = ", ".join(parts)
    if said.unannounced:
        which = " and ".join(str(each) for each in said.unannounced)
        sentence += f". Provisional: the holidays of {which} are not announced; Monday to Friday are counted"
    if rule.verify:
        sentence += ". Legal staff have yet to verify this period"
    return sentence


def _runs(days: Iterable[Day]) -> list[_Run]:
    """Groups days that follow each other and have the same name."""
    numbered = enumerate(days)
    grouped = groupby(numbered, key=lambda pair: (pair[1].date.toordinal() - pair[0], pair[1].name))
    runs = [[each for _, each in group] for _, group in grouped]
    return [_Run(run[0], run[-1]) for run in runs]


def _run_zh(run: _Run, year: bool) -> str:
    first, last, name = run.first.date, run.last.date, run.first.name.zh
    if first == last:
        return f"{_day_zh(first, year)} {name}"
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else _day_zh(last, year)
    return f"{_day_zh(first, year)}—{end} {name}"


def _run_en(run: _Run, year: bool) -> str:
    first, last, name = run.first.date, run.last.date, run.first.name.en
    if first == last:
        return f"{_day_en(first, year)} ({name})"
    begin = str(first.day) if (first.year, first.month) == (last.year, last.month) else _day_en(first, year)
    return f"{begin}–{_day_en(last, year)} ({name})"


def _day_zh(on: date, year: bool) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if year else f"{on.month}月{on.day}日"


def _day_en(on: date, year: bool) -> str:
    return f"{on.day} {_MONTHS_EN[on.month - 1]}" + (f" {on.year}" if year else "")
