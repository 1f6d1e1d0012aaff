"""Forms, decision tables, documents and data: one mistake, one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

MISTAKES = [
    ("verify.json", '"type": "radio"', '"type": "wheel"', "outcome", "bad-form"),
    ("verify.json", '"key": "remark"', '"key": "asked"', "asked", "bad-form"),
    ("verify.json", '"label": "备注", ', "", "remark", "bad-form"),
    ("verify.json", '{"en": "Remark"}', "{}", "remark", "bad-form"),
    ("verify.json", '"=tip.channel = ', '"=tip.channel == ', "served_on", "bad-form"),
    ("verify.json", "tip.channel", "tip.chanel", "served_on", "unknown-variable"),
    ("verify.json", "small_phase.proposed", "small_phase.proposal", "asked", "unknown-variable"),
    ("verify.json", "notice_served", "notice_severed", "served_on", "unknown-moment"),
    ("verify.json", '"id": "verify"', '"id": "verification"', "verification", "wrong-key"),
    ("verify.json", '"components": [', '"components": [,', "line 2", "bad-form"),
    ("verify.json", '"id": "verify",', '"id": "verify", "id": "verify",', "line 1", "bad-form"),
    ("verify.json", '"schemaVersion": 16', '"schemaVersion": NaN', "line 1", "bad-form"),
    ("agencies.dmn", "<text>tip.channel</text>", "<text>tip.chanel</text>", "by_channel", "unknown-variable"),
    ("agencies.dmn", "<text>\"police\"</text>", "<text>os.popen('id')</text>", "o1", "bad-decision"),
    ("agencies.dmn", '<decision id="agencies"', '<decision id="agency"', "agency", "wrong-key"),
    ("agencies.dmn", "<definitions", "<!DOCTYPE x []><definitions", "line 2", "unsafe-xml"),
    ("note.md", "tip.summary", "tip.sumary", "tip.sumary", "unknown-placeholder"),
    ("note.md", "tip.summary", "tipp.summary", "tipp.summary", "unknown-placeholder"),
    ("note.md", "agency.name", "agency.nmae", "agency.nmae", "unknown-placeholder"),
    ("note.md", "{{ tip.summary }}", "{{ tip.summary", "line 7", "bad-document"),
    ("note.md", "{{ tip.summary }}", "{{ tip.summary.__class__() }}", "line 7", "bad-document"),
    ("note.md", "layout: approval_table", "layout: comic", "line 5: layout", "bad-document"),
    ("legal_rules.yaml", "code: separation_of_duties", "kode: separation_of_duties", "separates[0].kode", "bad-data"),
    ("deadlines.yaml", "length: 90", "length: ninety", "deadlines.decision_period.length", "bad-data"),
    ("agencies.yaml", "name: 承办人", "nome: 承办人", "groups.handler.nome", "bad-data"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "element", "rule"), MISTAKES, ids=lambda value: None)
def test_a_mistake_gives_one_error(
    name: str, old: str, new: str, element: str, rule: str, spoil, check
) -> None:
    found = [(each.element, each.severity, each.rule) for each in check(spoil(name, old, new))]
    assert found == [(element, "error", rule)]


def test_a_legal_rule_about_an_act_that_nobody_performs_is_a_warning(spoil, check) -> None:
    found = check(spoil("legal_rules.yaml", "act: investigate", "act: meditate"))
    assert [(each.element, each.severity, each.rule) for each in found] == [
        ("separates[0].act", "warning", "unknown-act")
    ]


@pytest.mark.parametrize("name", ["verify.json", "note.md", "legal_rules.yaml"])
@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"\0\0\0", "案".encode("gbk"), b"[" * 100_000, b"x" * 6_000_000]
)
def test_what_is_no_such_file_at_all_gives_one_error(name: str, content: bytes, home: Path, check) -> None:
    path = next(home.rglob(name))
    path.write_bytes(content)
    found = check(path)
    assert [each.severity for each in found] == ["error"]
    assert found[0].element
    assert "\n" not in str(found[0])


def test_a_broken_file_is_not_blamed_on_those_that_refer_to_it(spoil, home: Path, check) -> None:
    spoil("verify.json", '"type": "radio"', '"type": "wheel"')
    found = check(home / "processes", home / "forms")
    assert [(Path(each.file).name, each.rule) for each in found] == [("verify.json", "bad-form")]


def test_data_that_a_diagram_needs_and_that_can_not_be_read_is_said(spoil, home: Path, check) -> None:
    spoil("deadlines.yaml", "length: 90", "length: ninety")
    found = check(home / "processes" / "small_case.bpmn")
    assert [(Path(each.file).name, each.rule) for each in found] == [("deadlines.yaml", "bad-data")]
    (home / "processes" / "deadlines.yaml").unlink()
    assert "missing" in check(home / "processes" / "small_case.bpmn")[0].message


def test_two_files_of_one_name_are_an_error_on_the_one_that_would_be_lost(home: Path, check) -> None:
    (home / "processes" / "standing").mkdir()
    copy = home / "processes" / "standing" / "small_phase.bpmn"
    copy.write_bytes((home / "processes" / "phases" / "small_phase.bpmn").read_bytes())
    found = check(home / "processes")
    assert [each.rule for each in found] == ["duplicate-key"]


def test_files_given_together_see_each_other(
    home: Path, tmp_path_factory: pytest.TempPathFactory, spoil, check
) -> None:
    draft = tmp_path_factory.mktemp("draft")
    diagram = spoil("small_phase.bpmn", 'anliu:form="opinion"', 'anliu:form="view"')
    form = next(home.rglob("opinion.json"))
    view = draft / "view.json"
    view.write_text(
        form.read_text(encoding="utf-8").replace('"id": "opinion"', '"id": "view"'), encoding="utf-8"
    )
    assert [each.rule for each in check(diagram)] == ["unknown-form"]
    (home / "forms" / "definitions" / "view.json").write_bytes(view.read_bytes())
    assert check(diagram) == []


def test_a_file_that_is_given_twice_is_checked_once(home: Path, spoil, check) -> None:
    path = spoil("small_phase.bpmn", 'anliu:form="opinion"', 'anliu:form="view"')
    assert len(check(path, path, path.parent)) == 1
