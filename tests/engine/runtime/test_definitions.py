"""Definitions and releases: loaded whole or not at all, and a case keeps the one that it began under."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import func, select

from engine.errors import DefinitionRefused
from engine.runtime import definitions
from engine.runtime.definitions import SourceFile
from engine.runtime.tables import Definition, ProcessInstance, Release
from engine.settings import ROOT
from engine.system import System
from tests.telling import answers, open_task, tell

SCRIPT = """<bpmn:scriptTask id="evil" name="脚本"><bpmn:script>import os; os.system('id')</bpmn:script></bpmn:scriptTask>"""


def _files() -> list[SourceFile]:
    return definitions.read_home(ROOT)


def _with(key: str, old: str, new: str) -> list[SourceFile]:
    changed = []
    for file in _files():
        if file.key == key:
            assert old in file.content
            file = dataclasses.replace(file, content=file.content.replace(old, new))
        changed.append(file)
    return changed


def _load(system: System, files: list[SourceFile]) -> tuple[int, list[str]]:
    with system.store.transaction() as session:
        return definitions.load(session, files, system.clock.now())


def _stored(system: System) -> tuple[int, int]:
    with system.store.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Definition)) or 0,
            session.scalar(select(func.count()).select_from(Release)) or 0,
        )


def test_loading_the_same_files_again_changes_nothing(system: System) -> None:
    before = _stored(system)
    _, changed = _load(system, _files())
    assert changed == []
    assert _stored(system) == before


def test_a_changed_form_becomes_a_new_version_in_a_new_release(system: System) -> None:
    with system.store.reading() as session:
        old = system.library.current(session).id
    new, changed = _load(system, _with("verify_tip", '"title": "', '"title": "（新）'))
    assert changed == ["forms/definitions/verify_tip.json"]
    assert new != old
    with system.store.reading() as session:
        assert system.library.current(session).form("verify_tip").title.startswith("（新）")
        version = session.scalar(
            select(func.max(Definition.version)).where(
                Definition.kind == "form", Definition.key == "verify_tip"
            )
        )
    assert version == 2


def test_a_running_case_keeps_the_release_that_it_began_under(system: System) -> None:
    outcome = tell(system, "one_to_one_in_flat", until="verify_tip")
    new, _ = _load(system, _with("deadlines", "length: 15", "length: 16"))
    from engine.runtime import user_tasks

    task = open_task(system, outcome, "verify_tip")
    system.clock.set(system.clock.now().replace(day=20))  # type: ignore[attr-defined]
    user_tasks.complete(
        system, task.id, "yuancheng-handler-1", answers("one_to_one_in_flat", "verify_tip"), "k"
    )
    with system.store.reading() as session:
        assert session.get_one(ProcessInstance, outcome.instance_id).release_id != new
    fresh = tell(system, "one_to_one_in_flat", until="verify_tip")
    with system.store.reading() as session:
        assert session.get_one(ProcessInstance, fresh.instance_id).release_id == new


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</bpmn:process>", SCRIPT + "</bpmn:process>", "evil"),
        ('verification.outcome = "established"', "__import__('os').system('id')", "S-FEEL"),
        (
            "<bpmn:definitions",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><bpmn:definitions",
            "DTD",
        ),
        ('calledElement="verification"', 'calledElement="nowhere"', "nowhere"),
        ('calledElement="verification"', 'calledElement="enforcement_case"', "calls itself"),
        ('anliu:operation="register_case"', 'anliu:operation="os.system"', "os.system"),
        ('anliu:operation="register_case"', "", "names an operation"),
        ('anliu:form="register_tip"', 'anliu:form="nowhere"', "nowhere"),
        ('anliu:deadline="decision_period"', 'anliu:deadline="nowhere"', "nowhere"),
        ("<bpmn:process ", '<x:preScript xmlns:x="urn:x">import os</x:preScript><bpmn:process ', "preScript"),
        ("</bpmn:process>", '<bpmn:sendTask id="mail" name="寄"/></bpmn:process>', "sendTask"),
    ],
)
def test_a_hostile_or_broken_diagram_is_never_loaded(system: System, old: str, new: str, said: str) -> None:
    before = _stored(system)
    with pytest.raises(DefinitionRefused) as refused:
        _load(system, _with("enforcement_case", old, new))
    assert said in str(refused.value)
    assert _stored(system) == before


def test_a_broken_form_keeps_everything_else_out_too(system: System) -> None:
    before = _stored(system)
    with pytest.raises(DefinitionRefused, match="verify_tip"):
        _load(system, _with("verify_tip", '"schemaVersion"', '"schemaVerison"'))
    assert _stored(system) == before
