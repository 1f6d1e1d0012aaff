"""What the loader of deadlines.yaml lets through, and how it says no."""

from __future__ import annotations

import re

import pytest

from engine.deadlines.rules import DeadlineData, load
from engine.deadlines.strict_yaml import DataRefused, read

GOOD = """\
moments:
  started: {name: 本环节开始, name_en: this step began}
counting:
  plain: {unit: calendar_days, article: 《民事诉讼法》第八十五条, article_en: 'Civil Procedure Law, art. 85'}
deadlines:
  archive:
    name: 归档
    name_en: Archiving
    length: 30
    unit: calendar_days
    starts_at: started
    article: 《行政处罚法》第四十七条
    article_en: Administrative Penalty Law, art. 47
    counting: plain
"""

IN_THE_BLUEPRINT = {
    "verification": (15, "working_days", "tip_registered"),
    "filing_approval": (7, "working_days", "tip_verified"),
    "decision_period": (90, "calendar_days", "case_filed"),
    "preservation": (7, "working_days", "preservation_approved"),
    "joint_inspection": (5, "working_days", "started"),
    "consultation": (5, "working_days", "started"),
    "statement_period": (5, "working_days", "notice_served"),
    "hearing_request": (5, "working_days", "notice_served"),
    "hearing_announcement": (7, "working_days", "hearing_announced"),
    "service": (7, "working_days", "decided"),
    "payment": (15, "calendar_days", "decision_served"),
    "demand": (10, "working_days", "demand_served"),
    "listing_statement": (5, "working_days", "listing_notice_served"),
    "archive": (30, "calendar_days", "closed"),
    "transfer_decision": (3, "calendar_days", "transfer_reported"),
    "transfer_handover": (24, "hours", "transfer_decided"),
    "police_answer": (3, "calendar_days", "transfer_handed_over"),
}


def test_the_products_rules_are_the_laws(data: DeadlineData) -> None:
    assert {
        id: (rule.length, rule.unit, rule.starts_at) for id, rule in data.rules.items()
    } == IN_THE_BLUEPRINT


def test_every_rule_cites_its_article_and_how_it_is_counted(data: DeadlineData) -> None:
    for rule in data.rules.values():
        assert re.search("《.+》|国办发", rule.article), rule.id
        assert "《" in rule.counting.article, rule.id
        assert rule.counting.unit == rule.unit


def test_numbers_without_the_text_of_the_law_are_marked(data: DeadlineData) -> None:
    marked = {id for id, rule in data.rules.items() if rule.verify}
    assert marked == {"verification", "filing_approval", "listing_statement", "archive"}


def test_a_good_file_is_read() -> None:
    rule = load(GOOD).rules["archive"]
    assert (rule.length, rule.name, rule.moment.name, rule.verify) == (30, "归档", "本环节开始", False)


@pytest.mark.parametrize(
    ("change", "key", "line", "problem"),
    [
        (("length: 30", "length: 0"), "deadlines.archive.length", 9, "whole number"),
        (("length: 30", "length: many"), "deadlines.archive.length", 9, "whole number"),
        (("length: 30", "length: true"), "deadlines.archive.length", 9, "whole number"),
        (("length: 30", "length: 99999999"), "deadlines.archive.length", 9, "from 1 to 3660"),
        (
            ("unit: calendar_days\n", "unit: fortnights\n"),
            "deadlines.archive.unit",
            10,
            "unknown unit 'fortnights'",
        ),
        (
            ("unit: calendar_days\n", "unit: hours\n"),
            "deadlines.archive.counting",
            14,
            "counts calendar_days",
        ),
        (
            ("starts_at: started", "starts_at: dawn"),
            "deadlines.archive.starts_at",
            11,
            "unknown moment 'dawn'",
        ),
        (("counting: plain", "counting: fancy"), "deadlines.archive.counting", 14, "unknown way of counting"),
        (("    name: 归档\n", ""), "deadlines.archive", 6, "'name' is missing"),
        (("    name: 归档", "    name: ''"), "deadlines.archive.name", 7, "not empty"),
        (
            ("    counting: plain", "    counting: plain\n    colour: red"),
            "deadlines.archive.colour",
            15,
            "unknown key",
        ),
        (
            ("    counting: plain", "    counting: plain\n    verify: perhaps"),
            "deadlines.archive.verify",
            15,
            "true or",
        ),
        (("    name_en: Archiving", "    name: 再来"), "deadlines.archive.name", 8, "stands twice"),
        (("  archive:", "  Archive!:"), "deadlines.Archive!", 6, "an id is small letters"),
        (("  started:", "  begun:"), "moments", 1, "'started' is missing"),
        (("deadlines:", "deadline:"), "deadline", 5, "unknown key"),
        (("name: 归档", "name: &x 归档"), "", 7, "anchors"),
        (("name: 归档", "name: !!python/name:os.system"), "", 7, "tags"),
        (("name: 归档", "name: [归档"), "", 8, "not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_line(
    change: tuple[str, str], key: str, line: int, problem: str
) -> None:
    assert change[0] in GOOD
    with pytest.raises(DataRefused, match=re.escape(problem)) as refused:
        load(GOOD.replace(change[0], change[1], 1) if "unit: cal" not in change[0] else _in_rule(*change))
    assert (refused.value.key, refused.value.line) == (key, line)
    assert str(refused.value).startswith("deadlines.yaml can't be loaded: line ")


def _in_rule(old: str, new: str) -> str:
    head, rule = GOOD.split("deadlines:\n")
    return f"{head}deadlines:\n{rule.replace(old, new)}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a list",
        "just words",
        "a: &a [x]\nb: *a",
        "\x00",
        "a: 1\n" * 3,
        "{" * 5000,
        "a: " + "x" * 1_000_001,
    ],
)
def test_what_is_no_data_file_is_refused(text: str) -> None:
    with pytest.raises(DataRefused):
        load(text)


def test_a_date_that_is_none_is_refused_with_its_line() -> None:
    with pytest.raises(DataRefused) as refused:
        read("from: 1\nto: 2024-13-45\n", "x.yaml")
    assert (refused.value.key, refused.value.line) == ("to", 2)
