"""Files that nobody of ours wrote: refused with one finding, quickly, and nothing in them is run."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.checks import check_paths
from engine.errors import SettingsRefused

BPMN = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
MINIMAL = """<bpmn:definitions {ns}><bpmn:process id="loose" name="x">
  <bpmn:startEvent id="s"/>{middle}<bpmn:endEvent id="e"/>
  <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="m"/><bpmn:sequenceFlow id="f2" sourceRef="m" targetRef="e"/>
</bpmn:process></bpmn:definitions>"""


def minimal(middle: str) -> bytes:
    return MINIMAL.format(ns=BPMN + ' xmlns:anliu="urn:anliu:bpmn"', middle=middle).encode()


HOSTILE = {
    "dtd": (f'<!DOCTYPE x SYSTEM "x.dtd"><bpmn:definitions {BPMN}/>'.encode(), "unsafe-xml"),
    "external entity": (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><bpmn:definitions {BPMN}>&e;</bpmn:definitions>'.encode(),
        "unsafe-xml",
    ),
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY a0 "ha">{BOMB}]><x>&a11;</x>'.encode(), "unsafe-xml"),
    "six megabytes": (f"<bpmn:definitions {BPMN}>".encode() + b"<!-- " + b"x" * 6_000_000 + b" --></bpmn:definitions>", "unsafe-xml"),
    "deep nesting": (f"<bpmn:definitions {BPMN}>".encode() + b"<a>" * 100_000 + b"</a>" * 100_000, "unsafe-xml"),
    "a hundred deep": (minimal("<bpmn:documentation>" * 100 + "</bpmn:documentation>" * 100), "unsafe-xml"),
    "very many elements": (minimal("<bpmn:text/>" * 30_000), "unsafe-xml"),
    "GBK": (minimal("").decode().replace('name="x"', 'name="案件"').encode("gbk"), "unsafe-xml"),
    "UTF-16": (minimal("").decode().encode("utf-16"), "unsafe-xml"),
    "UTF-16 with a DTD": ('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16-le"), "unsafe-xml"),
    "not XML": (b"print('hello')", "unsafe-xml"),
    "cut short": (minimal("")[:100], "unsafe-xml"),
    "empty": (b"", "unsafe-xml"),
    "zeros": (b"\0" * 1000, "unsafe-xml"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "unsafe-xml"),
    "other XML": (b"<html><body/></html>", "no-process"),
    "no process": (f"<bpmn:definitions {BPMN}/>".encode(), "no-process"),
    "script task": (minimal('<bpmn:scriptTask id="m"><bpmn:script>import os; os.system("id")</bpmn:script></bpmn:scriptTask>'), "no-script"),
    "Python condition": (
        minimal('<bpmn:intermediateThrowEvent id="m"/>').replace(
            b'targetRef="e"/>', b'targetRef="e"><bpmn:conditionExpression>os.popen("id").read()</bpmn:conditionExpression></bpmn:sequenceFlow>'
        ),
        "bad-expression",
    ),
    "unknown form": (minimal('<bpmn:userTask id="m" anliu:group="handler" anliu:form="no_such_form"/>'), "unknown-form"),
    "unknown role": (minimal('<bpmn:userTask id="m" anliu:group="wizard" anliu:form="verify_tip"/>'), "unknown-group"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_diagram_gives_one_error_even_far_from_any_home(name: str, tmp_path: Path) -> None:
    content, rule = HOSTILE[name]
    path = tmp_path / "loose.bpmn"
    path.write_bytes(content)
    began = time.monotonic()
    found = check_paths([path], {})
    assert time.monotonic() - began < 5
    assert [(each.file, each.severity, each.rule) for each in found] == [(path.as_posix(), "error", rule)]
    assert found[0].element
    assert "\n" not in str(found[0])
    assert path.read_bytes() == content


def test_a_script_is_refused_with_its_elements_name(tmp_path: Path) -> None:
    path = tmp_path / "loose.bpmn"
    path.write_bytes(HOSTILE["script task"][0])
    assert check_paths([path], {})[0].element == "m"


def test_nothing_that_a_file_says_is_done(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    command = f'__import__("pathlib").Path("{marker}").touch()'
    middle = f'<bpmn:scriptTask id="m"><bpmn:script>{command}</bpmn:script></bpmn:scriptTask>'
    (tmp_path / "one.bpmn").write_bytes(minimal(middle))
    (tmp_path / "two.bpmn").write_bytes(
        minimal('<bpmn:intermediateThrowEvent id="m"/>').replace(
            b'targetRef="e"/>',
            f'targetRef="e"><bpmn:conditionExpression>{command}</bpmn:conditionExpression></bpmn:sequenceFlow>'.encode(),
        )
    )
    (tmp_path / "agencies.yaml").write_text(f"groups: !!python/object/apply:os.system ['touch {marker}']\n")
    (tmp_path / "note.md").write_text(
        "---\nkey: note\ntitle: x\ntitle_en: x\nlayout: approval_table\n---\n{{ ''.__class__.__mro__[1].__subclasses__() }}\n"
    )
    before = sorted(tmp_path.iterdir())
    found = check_paths(
        [tmp_path / name for name in ("one.bpmn", "two.bpmn", "agencies.yaml", "note.md")], {}
    )
    assert {each.severity for each in found} == {"error"}
    assert {Path(each.file).name for each in found} == {"one.bpmn", "two.bpmn", "agencies.yaml", "note.md"}
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["gone.bpmn", "gone", "text.txt"])
def test_a_path_that_can_not_be_checked_is_a_misuse(name: str, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("x")
    with pytest.raises(SettingsRefused, match=name):
        check_paths([tmp_path / name], {})


def test_links_in_a_circle_and_other_files_do_not_disturb_a_walk(home: Path, check) -> None:
    (home / "processes" / "again").symlink_to(home / "processes")
    (home / "processes" / "README.md").write_text("hello")
    (home / "processes" / "notes.yaml").write_text("- x")
    (home / "forms" / "package.json").write_text("{}")
    (home / "processes" / ".hidden").mkdir()
    (home / "processes" / ".hidden" / "x.bpmn").write_text("no")
    found = check(home / "processes")
    assert found == []
