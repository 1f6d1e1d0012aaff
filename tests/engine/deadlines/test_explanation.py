"""The sentences that people read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from engine.deadlines.calendar import SHANGHAI
from engine.deadlines.citation import short_en, short_zh
from engine.deadlines.compute import due
from engine.deadlines.rules import DeadlineData


@pytest.fixture
def explain(data: DeadlineData) -> Any:
    def ask(rule: str, start: str) -> dict[str, Any]:
        started = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
        return due(data.rules[rule], started).explanation

    return ask


def test_working_days_name_what_was_skipped(explain: Any) -> None:
    said = explain("statement_period", "2024-04-10")
    assert said["zh"] == (
        "5 个工作日，自 4月10日 告知书送达起算，次日开始计，跳过 4月13日—14日 休息日，"
        "至 4月17日 24:00 届满（行政处罚法第四十五条、第六十二条、第八十五条）"
    )
    assert said["en"] == (
        "5 working days from 10 Apr (prior notice served), counted from the next day, "
        "leaving out 13–14 Apr (weekend), until 17 Apr 24:00 (Administrative Penalty Law, art. 45, 62, 85)"
    )


def test_holidays_and_make_up_days_are_named(explain: Any) -> None:
    said = explain("verification", "2024-03-18")
    assert "4月4日—6日 清明节" in said["zh"]
    assert "计入 4月7日 清明节调休上班日" in said["zh"]
    assert "4–6 Apr (Qingming Festival)" in said["en"]
    assert "7 Apr (make-up working day for Qingming Festival)" in said["en"]
    assert "期限待法制人员核实" in said["zh"]


@pytest.mark.parametrize(
    ("start", "named"),
    [
        ("2024-02-08", "2月10日—17日 春节"),
        ("2024-09-30", "10月1日—7日 国庆节"),
        ("2024-04-30", "5月1日—5日 劳动节"),
        ("2024-06-07", "6月10日 端午节"),
        ("2024-09-14", "9月15日—17日 中秋节"),
        ("2025-12-31", "2026年1月1日—3日 元旦"),
    ],
)
def test_each_holiday_has_its_chinese_name(start: str, named: str, explain: Any) -> None:
    assert named in explain("service", start)["zh"]


def test_a_calendar_period_says_that_it_was_moved(explain: Any) -> None:
    said = explain("payment", "2024-09-17")
    assert said["zh"] == (
        "15 日，自 9月17日 决定书送达起算，次日开始计，节假日计算在内，末日 10月2日 为国庆节，顺延至其后第一个工作日，"
        "至 10月8日 24:00 届满（行政处罚法第六十七条、第八十五条；民事诉讼法第八十五条）"
    )
    assert "moved from 2 Oct (National Day) to the next working day" in said["en"]
    assert said["moved_from"] == "2024-10-02"
    assert explain("payment", "2024-04-15")["moved_from"] is None


def test_hours_name_both_instants(explain: Any) -> None:
    said = explain("transfer_handover", "2024-12-31 15:30")
    assert said["zh"].startswith(
        "24 小时，自 2024年12月31日 15:30 批准移送起算，连续计时，至 2025年1月1日 15:30 届满"
    )
    assert said["last_day"] == "2025-01-01"


def test_a_year_that_is_not_announced_is_said_to_be_provisional(explain: Any) -> None:
    said = explain("service", "2031-12-29")
    assert said["provisional"] is True
    assert "2031年、2032年放假安排尚未公布" in said["zh"]
    assert "Provisional: the holidays of 2031 and 2032 are not announced" in said["en"]


def test_a_calendar_period_is_provisional_only_where_its_end_is(data: DeadlineData) -> None:
    started = datetime(2030, 12, 20, tzinfo=SHANGHAI)
    assert due(data.rules["payment"], started).provisional
    assert not due(data.rules["transfer_handover"], started).provisional


def test_an_explanation_is_safe_for_json(data: DeadlineData) -> None:
    for rule in data.rules.values():
        explanation = due(rule, datetime(2024, 9, 27, 10, tzinfo=SHANGHAI)).explanation
        assert json.loads(json.dumps(explanation)) == explanation


def test_articles_of_one_statute_are_gathered() -> None:
    assert short_zh(
        "《中华人民共和国行政处罚法》第六十条", "《中华人民共和国行政处罚法》第八十五条；《甲办法》第一条"
    ) == ("行政处罚法第六十条、第八十五条；甲办法第一条")
    assert short_zh("国办发〔2020〕49号", "国办发〔2020〕49号") == "国办发〔2020〕49号"
    assert short_en("A Law, art. 1; B Law, art. 2", "A Law, art. 3") == "A Law, art. 1, 3; B Law, art. 2"
