"""S-FEEL, the language of conditions, decision tables and forms: what its texts mean."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.expressions import compile_expression, compile_unary_tests

CASE: dict[str, Any] = {
    "verification": {"outcome": "established", "on": dt.date(2024, 3, 5)},
    "review": {
        "fine": 52000,
        "income": 12000.5,
        "hard_case": True,
        "treatment": "penalty",
        "kinds": ["fine"],
    },
    "审查": {"结论": "通过", "罚款金额": Decimal("20000.00")},
    "agencies": ["police", "market", "education"],
    "parties": [{"name": "甲", "age": 35}, {"name": "乙", "age": 17}],
    "registered_at": dt.datetime(2024, 3, 4, 1, 0, tzinfo=dt.UTC),
    "Monthly Salary": 10000,
    "nothing": None,
}


def value(text: str, context: dict[str, Any] | None = None) -> Any:
    return compile_expression(text).evaluate(CASE if context is None else context)


# What the specification says (DMN 1.5), by its sections. Expected values are written in the language too.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Numbers: 10.3.2.3.1 and tables 57 to 60; 34 digits, not binary
        ("0.1 + 0.2", "0.3"),
        ("10 + 20 / -5 - 3", "3"),
        ("10 + 20 / (-5 - 3)", "7.5"),
        ("(10 + 20) - (-5 + 3)", "32"),
        ("10 - -5", "15"),
        ("5 + 2 ** 5 + 3", "40"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ("10 ** -5", "0.00001"),
        ("1 / 3 * 3 = 1", "false"),
        ("(10 + 20) / 0", "null"),
        (".872", "0.872"),
        ("1.23e4", "12300"),
        ("10 + null", "null"),
        ('"a" + 1', "null"),
        ("[10] + 10", "null"),
        # Texts: 10.3.2.3.2
        ('"行政" + "处罚"', '"行政处罚"'),
        (r'"a\"b\n"', '"a\\"b\\n"'),
        (r'"\u884c\u653f"', '"行政"'),
        (r'string length("\uD83D\uDCA9")', "1"),
        ('"a" - "a"', "null"),
        # Equality: tables 52 and 53
        ("1 = 1.0", "true"),
        ("null = null", "true"),
        ("1 = null", "false"),
        ("1 != null", "true"),
        ('100 = "100"', "null"),
        ('100 != "100"', "null"),
        ("true = 1", "null"),
        ("[1, 2, [3]] = [1, 2, [3]]", "true"),
        ("[1, 2] = [2, 1]", "false"),
        ("[] = null", "false"),
        ("[1..5) = [1..5[", "true"),
        # Order: table 54
        ('"a" < "b"', "true"),
        ('1 < "b"', "null"),
        ("1 < null", "null"),
        ("true < false", "null"),
        ("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3", "true"),
        # Three-valued logic: tables 50 and 51
        ("true and null", "null"),
        ("false and null", "false"),
        ("null and false", "false"),
        ("true or null", "true"),
        ("false or null", "null"),
        ('true and "true"', "null"),
        ("not(null)", "null"),
        ("not(1)", "null"),
        ("not(false)", "true"),
        # between and in: table 55
        ("5 between 1 and 5 and true", "true"),
        ("5 in [1..5)", "false"),
        ("5 in (1..5]", "true"),
        ("5 in ]1..5[", "false"),
        ("1 in ]1..5[", "false"),
        ("5 in <= 5", "true"),
        ("5 in (> 7, 5)", "true"),
        ("5 in (1, 2)", "false"),
        ("1 in [[2..4], [1..3]]", "true"),
        ("1 in [2, 3, 1]", "true"),
        ('"b" in ["a".."c"]', "true"),
        ("null in [1..5]", "null"),
        # if, for, some, every: 10.3.2.14 and table 49
        ('if 1 > 2 then "a" else "b"', '"b"'),
        ('if null then "a" else "b"', '"b"'),
        ('if "true" then "a" else "b"', '"b"'),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1, 2], j in [3, 4] return i * j", "[3, 4, 6, 8]"),
        ("for i in 1..2, j in 1..i return j", "[1, 1, 2]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2] satisfies x > 1", "false"),
        ("some x in [] satisfies true", "false"),
        ("every x in [] satisfies false", "true"),
        # Lists: table 68
        ("[1, 2, 3][1]", "1"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][0]", "null"),
        ("[1, 2, 3][4]", "null"),
        ("[][1]", "null"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("100[1]", "100"),
        ("100[item > 200]", "[]"),
        # Dates, times, durations: 10.3.2.3.4 to 10.3.2.3.8, table 57, table 66
        ('date("2024-01-31") + duration("P1M")', '@"2024-02-29"'),
        ('date("2024-03-31") - duration("P1M")', '@"2024-02-29"'),
        ('date("2024-03-04") - date("2024-02-28")', '@"P5D"'),
        ('@"2024-01-02" - @"PT1H"', '@"2024-01-01"'),
        ('date("2024-02-30")', "null"),
        ('date("4 March")', "null"),
        ("date(2024, 3, 4)", '@"2024-03-04"'),
        ('date("2024-03-04").weekday', "1"),
        ('date and time("2024-03-04T23:30:00Z") + duration("PT45M")', '@"2024-03-05T00:15:00Z"'),
        ('@"2024-03-04T09:00:00+08:00" = @"2024-03-04T01:00:00Z"', "true"),
        ('@"2024-03-04T09:00:00@Asia/Shanghai" = @"2024-03-04T01:00:00Z"', "true"),
        ('@"2024-03-04T24:00:00"', '@"2024-03-05T00:00:00"'),
        ('@"2024-03-04T09:00:00" < @"2024-03-04T10:00:00+08:00"', "true"),
        ('date and time(date("2024-03-04"), time("10:30:00"))', '@"2024-03-04T10:30:00"'),
        ('date("2024-03-04") < date and time("2024-03-04T09:00:00")', "null"),
        ('time("23:00:00") + duration("PT2H")', '@"01:00:00"'),
        ('time("10:10:10") - time("11:10:10")', '@"-PT1H"'),
        ('duration("P1D") = duration("PT24H")', "true"),
        ('duration("P1Y") = duration("P12M")', "true"),
        ('duration("P1Y") = duration("P365D")', "null"),
        ('duration("P1D") * 1.5', '@"P1DT12H"'),
        ('duration("P1D") / 3', '@"PT8H"'),
        ('duration("P1Y") / duration("P6M")', "2"),
        ('-duration("P3D")', '@"-P3D"'),
        ('duration("P1Y2M").months', "2"),
        ('duration("P3DT4H").hours', "4"),
        ('duration("P")', "null"),
        ('duration("PT")', "null"),
        ('duration("P1H")', "null"),
        # Functions: 10.3.4
        ("count([1, 2, 3])", "3"),
        ("sum([1, 2, 3])", "6"),
        ("sum(1, 2, 3)", "6"),
        ("sum([])", "null"),
        ('sum([1, "a"])', "null"),
        ("min([3, 1, 2])", "1"),
        ('max("a", "b")', '"b"'),
        ("mean([1, 2])", "1.5"),
        ("all([true, null])", "null"),
        ("any([true, null])", "true"),
        ('contains("foobar", "of")', "false"),
        ('starts with("foobar", "fo")', "true"),
        ('ends with("foobar", "r")', "true"),
        ('upper case("aBc4")', '"ABC4"'),
        ('lower case("aBc4")', '"abc4"'),
        ('string length("处罚决定")', "4"),
        ('substring("foobar", 3)', '"obar"'),
        ('substring("foobar", 3, 3)', '"oba"'),
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("foobar", 0)', "null"),
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring after("foobar", "ob")', '"ar"'),
        ("list contains([1, 2, null], null)", "true"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("concatenate([1, 2], [3])", "[1, 2, 3]"),
        ("distinct values([1, 2, 1])", "[1, 2]"),
        ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("floor(1.5)", "1"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("decimal(1 / 3, 2)", "0.33"),
        ("decimal(2.5, 0)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("abs(-10)", "10"),
        ('abs(@"-P3D")', '@"P3D"'),
        ("modulo(-12, 5)", "3"),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("abc")', "null"),
        ("string(1.10)", '"1.1"'),
        ('string(date("2024-03-04"))', '"2024-03-04"'),
        ('string([1, "a", null])', '"[1, \\"a\\", null]"'),
        ("string(null)", "null"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', '@"P1Y8M"'),
        ("contains(null, 1)", "null"),
        ('contains(["foobar"], "bar")', "true"),
    ],
)
def test_an_expression_means_what_the_specification_says(text: str, expected: str) -> None:
    assert value(text, {}) == value(expected, {})
    assert type(value(text, {})) is type(value(expected, {}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('verification.outcome = "established"', True),
        ('审查.结论 = "通过" and 审查.罚款金额 >= 10000', True),
        ("review.fine in [10000..50000)", False),
        ("review.fine + review.income", Decimal("64000.5")),
        ("Monthly Salary * 12", Decimal(120000)),
        ('list contains(agencies, "police")', True),
        ("count(parties[age < 18]) > 0", True),
        ('parties[name = "乙"].age', [Decimal(17)]),
        ("some p in parties satisfies p.age < 18", True),
        ("parties.name", ["甲", "乙"]),
        ("verification.on.year", Decimal(2024)),
        ('verification.on + duration("P3D")', dt.date(2024, 3, 8)),
        ('registered_at < date and time("2024-03-04T09:30:00+08:00")', True),
        ("is defined(review.fine)", True),
        ("is defined(review.nothing)", False),
        ("is defined(nothing)", True),
        ("is defined(no_such)", False),
        ('get value(review, "fine")', Decimal(52000)),
        ("review // a comment\n.fine /* another */ > 0", True),
        ("review.hard_case　=　true", True),  # the wide space of a Chinese keyboard
    ],
)
def test_a_condition_reads_the_variables_of_the_case(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text", ["unknown", "review.unknown", "review.fine.deeper", "unknown.a.b", "agencies.x.y[1]"]
)
def test_what_does_not_exist_is_null(text: str) -> None:
    assert value(text) is None


def test_numbers_of_the_context_are_decimals_whatever_they_were() -> None:
    context = {"a": 1, "b": 1.5, "c": Decimal("1.50"), "d": True, "e": float("nan"), "f": Decimal("Infinity")}
    assert [value(name, context) for name in "abcdef"] == [
        Decimal(1),
        Decimal("1.5"),
        Decimal("1.50"),
        True,
        None,
        None,
    ]
    assert type(value("a", context)) is Decimal
    assert value("d = 1", context) is None


def test_a_result_may_be_changed_without_changing_the_expression() -> None:
    value("[1, 2]", {}).append(3)
    assert value("[1, 2]", {}) == [1, 2]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('verification.outcome = "established"', {"verification.outcome"}),
        ("a and not(b.c) or d[1].e > 0", {"a", "b.c", "d"}),
        ("some x in xs satisfies x.age > limit", {"xs", "limit"}),
        ("parties[age > 18]", {"parties"}),
        ('date("2024-03-04") + duration("P1D")', set()),
        ("审查.罚款金额 > Monthly Salary", {"审查.罚款金额", "Monthly Salary"}),
    ],
)
def test_an_expression_tells_which_variables_it_reads(text: str, names: set[str]) -> None:
    assert compile_expression(text).names == names


# Cells of decision tables


@pytest.mark.parametrize(
    ("cell", "matching", "other"),
    [
        ("-", [1, None, "a"], []),
        ("5", [5, 5.0, Decimal("5.00")], [4, None, "5"]),
        ("< 5", [4], [5, None, "a"]),
        ("!= 5", [4, None], [5]),
        ("[1..5)", [1, 4.99], [5, 0, None]),
        ("< 0, [10..20], 50", [-1, 15, 50], [0, 30]),
        ("not(1, 2)", [3], [1, 2]),
        ("not(> 10)", [10], [11, None]),
        ('"warning", "fine"', ["warning", "fine"], ["a", None]),
        ('not("warning")', ["fine", None], ["warning"]),
        ("true", [True], [False, None, 1]),
        ("false", [False], [True, None]),
        ("null", [None], [0, False, ""]),
        ('["a", "b"]', ["a", "b"], ["c"]),
        ("limit", [7], [8]),
        ("> limit * 2", [15], [14]),
        ("? > 3 and ? != 5", [4, 6], [3, 5, None]),
        ('contains(?, "补课")', ["一对一补课"], ["自习", None]),
        ('date("2024-01-01")', [dt.date(2024, 1, 1)], [dt.date(2024, 1, 2)]),
        ('>= date("2024-01-01")', [dt.date(2024, 2, 1)], [dt.date(2023, 2, 1), None]),
        ("limit = 7", ["any value"], []),
    ],
)
def test_a_cell_matches_its_values_and_no_others(cell: str, matching: list[Any], other: list[Any]) -> None:
    tests = compile_unary_tests(cell)
    assert [one for one in matching if not tests.matches(one, {"limit": 7})] == []
    assert [one for one in other if tests.matches(one, {"limit": 7})] == []


def test_a_cell_tells_which_variables_it_reads() -> None:
    assert compile_unary_tests("> limit, ? in review.allowed").names == {"limit", "review.allowed"}


def test_the_same_text_is_compiled_once() -> None:
    assert compile_expression("a.b.c > 1") is compile_expression("a.b.c > 1")


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(one=AMOUNTS, two=AMOUNTS)
def test_arithmetic_is_that_of_decimals(one: Decimal, two: Decimal) -> None:
    context = {"one": one, "two": two}
    assert value("one + two", context) == one + two
    assert value("one - two", context) == one - two
    assert value("one * two", context) == one * two
    assert value("one < two", context) == (one < two)
    assert value("one >= two", context) == (one >= two)
    assert value("-one", context) == -one
    if two:
        assert abs(value("one / two", context) - one / two) <= abs(one / two) * Decimal("1e-26")


@given(day=st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)), days=st.integers(-9999, 9999))
def test_days_added_are_days_between(day: dt.date, days: int) -> None:
    context = {"day": day, "days": dt.timedelta(days=days)}
    assert value("day + days", context) == day + dt.timedelta(days=days)
    assert value("(day + days) - day = days", context) is True
