"""S-FEEL means here what it means to feelin, the evaluator that the makers of bpmn-js and dmn-js use.

Expressions are made by a seeded generator, evaluated by one Node process and by the product, and compared.
What feelin (8.2.0) itself does otherwise than the DMN specification (1.5) is not generated:

- the order of unlike types, false for feelin, is null (table 52);
- a duration times or divided by a number, and its negative, null for feelin, are durations (tables 59, 62);
- the months between two dates have no days left over (table 72, years and months duration);
- the least and greatest of texts and dates, null for feelin, are defined (10.3.4.4);
- a time with an offset and one without are compared with the offset of the one (table 54);
- not(...) round a test of another type than the input is null, so not met (table 51);

and what further comments below say.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.expressions import YearsMonths, compile_expression, compile_unary_tests
from engine.runtime.expressions.temporal import write_duration, write_time

ROOT = Path(__file__).parents[3]
EXPRESSIONS = 1_500
CELLS = 600

CONTEXT: dict[str, Any] = {
    "罚款": 50000,
    "案件": {"金额": 12000.5, "人数": 3, "严重": True, "类型": "学科类", "日期": None},
    "review": {"treatment": "penalty", "fine": 0, "hard_case": False},
    "agencies": ["police", "market", "education"],
    "amounts": [100, 250.5, 3],
    "parties": [{"name": "甲", "age": 35}, {"name": "乙", "age": 17}],
    "nothing": None,
}
NUMBERS = ["罚款", "案件.金额", "案件.人数", "review.fine", "amounts[2]", "count(agencies)", "parties[1].age"]
TEXTS = ["案件.类型", "review.treatment", "agencies[1]", 'parties[name = "乙"][1].name']
BOOLEANS = ["案件.严重", "review.hard_case", 'list contains(agencies, "police")']
NULLS = ["null", "nothing", "案件.日期", "no.such.name", "unknown"]

# Reads {context, expressions, cells} and writes for each its value as [type, text] or ["error", message].
SCRIPT = """
import { evaluate, unaryTest } from 'feelin';
const told = (v) => {
  if (v === null || v === undefined) return ['null', ''];
  if (Array.isArray(v)) return ['list', v.map(told)];
  if (typeof v === 'object') return [v.constructor.name, String(v)];
  return [typeof v, String(v)];
};
const trying = (run) => { try { return told(run().value); } catch (e) { return ['error', e.message]; } };
let input = '';
for await (const chunk of process.stdin) input += chunk;
const { context, expressions, cells } = JSON.parse(input);
process.stdout.write(JSON.stringify({
  expressions: expressions.map((text) => trying(() => evaluate(text, context))),
  cells: cells.map(([text, value]) => trying(() => unaryTest(text, { ...context, '?': value }))),
}));
"""


class Writer:
    """Writes expressions of a wanted type, at random but the same ones every time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *makers: Any) -> str:
        chosen = self.random.choice(makers)
        return chosen if isinstance(chosen, str) else str(chosen())

    def any(self, depth: int) -> str:
        return self.pick(*(lambda make=make: make(depth) for make in (self.number, self.text, self.boolean)))

    def literal_number(self) -> str:
        whole = self.random.choice([0, 1, 2, 3, 7, 10, 50, 365, 10000])
        return f"{whole}{self.random.choice(['', '', '.5', '.25', '.05'])}"

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.pick(self.literal_number, self.literal_number, self.random.choice(NUMBERS))
        one, two = self.number(depth - 1), self.number(depth - 1)
        return self.pick(
            f"{one} {self.random.choice(['+', '-', '*', '/'])} {two}",
            f"({one} {self.random.choice(['+', '-', '*'])} {two}) {self.random.choice(['+', '-', '*'])} 2",
            f"-({one})",
            f"({one}) ** 2",
            f"(if {self.boolean(depth - 1)} then {one} else {two})",
            f"{self.random.choice(['floor', 'ceiling', 'abs'])}({one})",
            f"{self.random.choice(['sum', 'min', 'max', 'mean', 'count'])}({self.numbers(depth - 1)})",
            f"{self.random.choice(['min', 'max', 'sum'])}({one}, {two})",
            f"string length({self.text(depth - 1)})",
            # Of a short number: feelin rounds to nine places, the specification (10.3.4.5) doesn't.
            f"modulo({self.literal_number()}, {self.random.choice(['3', '-3', '0.5', '7'])})",
            f"{self.numbers(depth - 1)}[{self.random.choice(['1', '2', '-1', '5'])}]",
            f"{self.day()}.{self.random.choice(['year', 'month', 'day', 'weekday'])}",
        )

    def numbers(self, depth: int) -> str:
        listed = ", ".join(self.number(depth - 1) for _ in range(self.random.randint(1, 3)))
        return self.pick(
            f"[{listed}]",
            "amounts",
            "parties.age",
            f"amounts[item > {self.literal_number()}]",
            f"(for n in [{listed}] return n * 2)",
            f"(for i in 1..{self.random.randint(1, 4)} return i)",
            f"append([{listed}], 1)",
            f"concatenate([{listed}], amounts)",
            f"reverse([{listed}])",
            f"distinct values([{listed}, {listed}])",
        )

    def text(self, depth: int) -> str:
        literal = self.random.choice(['""', '"a"', '"学科类"', '"penalty"', '"一对一 补课"', '"Ab\\"c"'])
        if depth <= 0:
            return self.pick(literal, self.random.choice(TEXTS))
        one = self.text(depth - 1)
        return self.pick(
            f"{one} + {literal}",
            f"upper case({one})",
            f"lower case({one})",
            f"substring({one}, {self.random.choice(['1', '2', '-1'])})",
            f'substring before({one}, "a")',
            f"(if {self.boolean(depth - 1)} then {one} else {literal})",
            f"string({self.random.choice(['1', '2.5', 'true', one])})",
        )

    def day(self) -> str:
        return f'date("2024-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}")'

    def moment(self) -> str:
        return f'date and time("2024-02-{self.random.randint(1, 29):02d}T{self.random.randint(0, 23):02d}:30:00Z")'

    def days(self) -> str:
        return f'duration("P{self.random.randint(0, 40)}DT{self.random.randint(0, 30)}H")'

    def months(self) -> str:
        return f'duration("P{self.random.randint(0, 2)}Y{self.random.randint(0, 14)}M")'

    def temporal(self) -> str:
        return self.pick(
            f"{self.day()} + {self.months()}",
            f"{self.day()} - {self.months()}",
            f"{self.day()} - {self.day()}",
            f"{self.moment()} + {self.days()}",
            f"{self.moment()} - {self.moment()}",
            f"{self.days()} + {self.days()}",
            f"{self.months()} + {self.months()}",
            f'time("{self.random.randint(0, 23):02d}:15:00") + duration("PT{self.random.randint(0, 30)}H")',
            f'@"2024-03-{self.random.randint(1, 31):02d}"',
        )

    def boolean(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("true", "false", self.random.choice(BOOLEANS), self.random.choice(NULLS))
        one, two = self.boolean(depth - 1), self.boolean(depth - 1)
        number, other = self.number(depth - 1), self.number(depth - 1)
        sign = self.random.choice(["=", "!=", "<", "<=", ">", ">="])
        equality = self.random.choice(["=", "!="])
        return self.pick(
            f"({one} and {two})",
            f"({one} or {two})",
            f"not({one})",
            f"({number} {sign} {other})",
            f"({self.text(depth - 1)} {sign} {self.text(depth - 1)})",
            f"({self.day()} {sign} {self.day()})",
            f"({self.moment()} {sign} {self.moment()})",
            f"({self.days()} {sign} {self.days()})",
            f"({self.any(depth - 1)} {equality} {self.any(depth - 1)})",
            f"({self.any(depth - 1)} {equality} {self.random.choice(NULLS)})",
            "({} between {} and {})".format(number, *self.ends()),
            f"({number} in {self.interval()})",
            f"({number} in ({self.literal_number()}, {sign} {self.literal_number()}))",
            f'({self.text(depth - 1)} in ("a", "学科类"))',
            f"({number} in {self.numbers(depth - 1)})",
            f'{self.random.choice(["contains", "starts with", "ends with"])}({self.text(depth - 1)}, "a")',
            f"list contains({self.numbers(depth - 1)}, {number})",
            f"(some n in {self.numbers(depth - 1)} satisfies n {sign} {self.literal_number()})",
            f"(every p in parties satisfies p.age {sign} {self.literal_number()})",
            # Not with a list of one: feelin takes its element then, the specification (table 53) the list.
            f"(append({self.numbers(depth - 1)}, 1, 2) {equality} append({self.numbers(depth - 1)}, 1, 2))",
        )

    def interval(self) -> str:
        start, end = self.ends()
        return f"{self.random.choice('[(]')}{start}..{end}{self.random.choice('])[')}"

    def ends(self) -> list[str]:
        # Not from the greater to the lesser: feelin turns such a range round, the specification compares
        # with both ends (table 55), so that nothing is in it.
        return sorted([self.literal_number(), self.literal_number()], key=float)

    def expression(self) -> str:
        depth = self.random.randint(0, 3)
        return self.pick(
            lambda: self.number(depth),
            lambda: self.text(depth),
            lambda: self.boolean(depth),
            lambda: self.boolean(depth),
            lambda: self.numbers(depth),
            self.temporal,
        )

    def cell(self) -> tuple[str, Any]:
        """The cell of a decision table and a value for it."""
        number, other = self.literal_number(), self.literal_number()
        sign = self.random.choice(["<", "<=", ">", ">="])
        for_number = self.pick(
            number,
            f"{sign} {number}",
            f"{number}, {sign} {other}",
            self.interval(),
            f"not({number}, {other})",
            f"not({self.interval()})",
            f"? {sign} {number} and ? != {other}",
            "-",
            "review.fine",
            "amounts",
        )
        for_text = self.pick(
            '"a"', '"a", "学科类"', 'not("a")', 'not("a", "b")', 'contains(?, "a")', "-", "案件.类型"
        )
        # Not a boolean variable: for feelin a cell that is true matches every value, even false.
        for_boolean = self.pick("true", "false", "not(true)", "-")
        return self.random.choice(
            [
                (for_number, self.random.choice([0, 1, 3, 7.5, 10, 50, 365])),
                (for_text, self.random.choice(["", "a", "b", "学科类", "banana"])),
                (for_boolean, self.random.choice([True, False])),
            ]
        )


def told(value: Any) -> list[Any]:
    """A value of ours in the words of the script."""
    match value:
        case None:
            return ["null", ""]
        case bool():
            return ["boolean", str(value).lower()]
        case Decimal():
            return ["number", value]
        case str():
            return ["string", value]
        case list():
            return ["list", [told(one) for one in value]]
        case dt.datetime():
            return ["FeelDateTime", write_time(value)]
        case dt.time():
            return ["FeelTime", write_time(value)]
        case dt.date():
            return ["FeelDate", value.isoformat()]
        case dt.timedelta():
            return ["FeelDuration", write_duration(value)]
        case YearsMonths():
            return ["FeelDuration", str(value)]
    return ["unknown", repr(value)]


def same(ours: list[Any], theirs: list[Any]) -> bool:
    """Whether two told values are one. Numbers of JavaScript are binary: the first twelve digits count."""
    if ours[0] != theirs[0]:
        return False
    if ours[0] == "number":
        found, expected = ours[1], Decimal(theirs[1])
        return abs(found - expected) <= Decimal("1e-12") * max(abs(found), abs(expected), Decimal(1))
    if ours[0] == "list":
        return len(ours[1]) == len(theirs[1]) and all(map(same, ours[1], theirs[1]))
    return bool(ours[1] == theirs[1])


@pytest.fixture(scope="module")
def answers() -> dict[str, list[tuple[Any, list[Any]]]]:
    """What feelin makes of every expression and cell, from one Node process."""
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "feelin").exists():
        pytest.skip("feelin is installed with the front end (npm ci)")
    writer = Writer(seed=20240304)
    expressions = [writer.expression() for _ in range(EXPRESSIONS)]
    cells = [writer.cell() for _ in range(CELLS)]
    given = json.dumps({"context": CONTEXT, "expressions": expressions, "cells": cells})
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT],
        input=given, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return {
        "expressions": list(zip(expressions, found["expressions"], strict=True)),
        "cells": list(zip(cells, found["cells"], strict=True)),
    }


def test_expressions_have_the_value_that_feelin_gives_them(answers: dict[str, Any]) -> None:
    differences = []
    for text, theirs in answers["expressions"]:
        ours = told(compile_expression(text).evaluate(CONTEXT))
        if not same(ours, theirs):
            differences.append(f"{text}\n    here {ours}, feelin {theirs}")
    assert not differences, f"{len(differences)} differ:\n" + "\n".join(differences[:20])


def test_cells_match_what_feelin_lets_match(answers: dict[str, Any]) -> None:
    differences = []
    for (text, value), theirs in answers["cells"]:
        ours = ["boolean", str(compile_unary_tests(text).matches(value, CONTEXT)).lower()]
        if not same(ours, theirs):
            differences.append(f"{text} for {value!r}: here {ours}, feelin {theirs}")
    assert not differences, f"{len(differences)} differ:\n" + "\n".join(differences[:20])
