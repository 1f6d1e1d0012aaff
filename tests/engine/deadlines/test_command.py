"""What ``anliu deadline`` answers."""

from __future__ import annotations

import json

import pytest

from engine.deadlines.command import answer, lines
from engine.deadlines.rules import DeadlineData
from engine.errors import AnliuError, NotFound, SettingsRefused


@pytest.mark.parametrize(
    "text",
    ["2024-03-04", "2024-03-04 09:00", "2024-03-04T09:00:30", "2024-03-04T01:00+00:00", "2024-03-03T23:00Z"],
)
def test_a_date_or_a_time_is_understood(text: str, data: DeadlineData) -> None:
    assert answer(data.rules, "verification", text)["due"] == "2024-03-25 24:00"


def test_the_answer_is_json_and_lines(data: DeadlineData) -> None:
    found = answer(data.rules, "payment", "2024-09-17")
    assert json.loads(json.dumps(found)) == found
    printed = lines(found)
    assert printed[1] == "due 2024-10-08 24:00"
    assert "国庆节" in printed[2]
    assert printed[4].startswith("《中华人民共和国行政处罚法》第六十七条；")


def test_a_provisional_date_is_marked(data: DeadlineData) -> None:
    assert lines(answer(data.rules, "payment", "2031-09-17"))[1].endswith("(provisional)")


def test_an_unknown_rule_is_named_together_with_the_known_ones(data: DeadlineData) -> None:
    with pytest.raises(NotFound, match="no deadline rule paymnet.*payment"):
        answer(data.rules, "paymnet", "2024-03-04")


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "2024-02-30", "2024-3-4", "20240304", "2024-03-04 25:00", "9999-12-30", "9999-12-31T23:59-12:00",
     "0001-01-01T00:00+14:00", "2024-W10-1", "２０２４-03-04"],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_one_line(text: str, data: DeadlineData) -> None:
    with pytest.raises(SettingsRefused) as refused:
        answer(data.rules, "decision_period", text)
    assert isinstance(refused.value, AnliuError)
    assert "\n" not in str(refused.value)
