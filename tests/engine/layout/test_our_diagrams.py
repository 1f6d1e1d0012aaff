from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import pytest

from engine.layout import lay_out
from tests.engine.layout.drawn import CONTAINERS, expect_a_clean_picture, look_at, meaning

PROCESSES = Path(__file__).parents[3] / "processes"
DIAGRAMS = sorted(PROCESSES.glob("**/*.bpmn"))


@cache
def laid_out(path: Path) -> bytes:
    return lay_out(path.read_bytes(), path.name)


pytestmark = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


def test_a_diagram_gets_a_clean_picture(path: Path) -> None:
    expect_a_clean_picture(look_at(laid_out(path)))


def test_the_picture_in_the_file_is_clean(path: Path) -> None:
    expect_a_clean_picture(look_at(path.read_bytes()))


def test_a_diagram_keeps_its_meaning(path: Path) -> None:
    assert meaning(laid_out(path)) == meaning(path.read_bytes())


def test_the_same_diagram_gets_the_same_picture(path: Path) -> None:
    assert lay_out(laid_out(path), path.name) == laid_out(path)


def test_names_stand_neither_on_shapes_nor_on_each_other(path: Path) -> None:
    drawn = look_at(laid_out(path))
    for (a, one), (b, two) in itertools.combinations(drawn.labels.items(), 2):
        assert not one.overlaps(two), f"the names of {a} and {b} overlap"
    for id, label in drawn.labels.items():
        for other, box in drawn.shapes.items():
            if drawn.tags[other] in CONTAINERS or drawn.tags[other] == "subProcess":
                continue
            # A diamond leaves the corners of its box free.
            solid = box.grown(-12) if drawn.tags[other].endswith("Gateway") else box
            assert not label.overlaps(solid), f"the name of {id} lies on {other}"


def test_no_flow_runs_through_a_name(path: Path) -> None:
    drawn = look_at(laid_out(path))
    for id, label in drawn.labels.items():
        for flow, way in drawn.edges.items():
            crossed = any(label.crossed_by(a, b) for a, b in itertools.pairwise(way))
            assert not crossed, f"{flow} runs through the name of {id}"


def test_many_flows_need_no_bend(path: Path) -> None:
    drawn = look_at(laid_out(path))
    flows = list(drawn.edges.values())
    straight = [way for way in flows if len(way) == 2]
    assert len(straight) * 5 >= len(flows) * 2
