"""Whatever is done to a file, checking it ends with findings and not with a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.checks import Finding, check_paths

NAMES = (
    "small_case.bpmn",
    "small_phase.bpmn",
    "agencies.dmn",
    "verify.json",
    "note.md",
    "deadlines.yaml",
    "agencies.yaml",
)
JUNK = st.sampled_from(
    [
        "",
        '"',
        "<",
        ">",
        "</bpmn:process>",
        "\x00",
        "\x1b[31m",
        "案",
        "'",
        "{",
        "}}",
        "- ",
        ": ",
        "null",
        "1e999",
        "\n",
    ]
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_with_random_damage_is_checked(name: str, home: Path, data: st.DataObject) -> None:
    path = next(home.rglob(name))
    good = path.read_text(encoding="utf-8")
    spoiled = good
    for _ in range(data.draw(st.integers(1, 3))):
        begin = data.draw(st.integers(0, len(spoiled)))
        end = data.draw(st.integers(begin, min(begin + 60, len(spoiled))))
        spoiled = spoiled[:begin] + data.draw(JUNK) + spoiled[end:]
    try:
        path.write_text(spoiled, encoding="utf-8")
        found = check_paths([path], {"register": (), "escalate": ()})
    finally:
        path.write_text(good, encoding="utf-8")
    assert all(isinstance(each, Finding) and each.element and str(each).isprintable() for each in found)
