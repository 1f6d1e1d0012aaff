"""The command ``anliu`` keeps its contract: exit codes, JSON, and one clear line on error."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from engine.cli import anliu as group
from engine.settings import ROOT
from engine.store.database import Store


def all_commands(command: click.Command = group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            found += all_commands(inner, (*path, name))
    return found


@pytest.mark.parametrize("path", all_commands(), ids=" ".join)
def test_every_command_explains_itself(anliu, path) -> None:
    ran = anliu(*path, "--help")
    assert ran.code == 0
    assert ran.out.startswith("Usage: ")


def test_the_promised_commands_are_there() -> None:
    promised = {"init", "demo", "serve", "worker", "check", "scenario", "deadline", "audit", "user", "layout"}
    assert promised <= set(group.commands)


def test_an_unknown_command_is_misuse_in_one_line(anliu) -> None:
    ran = anliu("fly")
    assert ran.code == 2
    assert ran.err.startswith("anliu: No such command 'fly'.")
    assert len(ran.err.splitlines()) == 1


def test_check_finds_nothing_in_what_we_ship(anliu) -> None:
    ran = anliu("check", ROOT / "processes", ROOT / "forms")
    assert (ran.code, ran.out) == (0, "")


def test_check_exits_1_with_one_line_a_finding(anliu, tmp_path: Path) -> None:
    bad = tmp_path / "bad.bpmn"
    bad.write_text('<!DOCTYPE x [<!ENTITY a "b">]><definitions>&a;</definitions>')
    ran = anliu("check", bad)
    assert ran.code == 1
    assert ran.out.startswith(f"{bad}:")
    assert ": error " in ran.out
    found = json.loads(anliu("check", "--json", bad).out)
    assert [set(entry) for entry in found] == [{"file", "element", "severity", "rule", "message", "path"}]


def test_check_of_what_is_not_there_is_misuse(anliu, tmp_path: Path) -> None:
    assert anliu("check", tmp_path / "nothing.bpmn").code == 2


def test_deadline_says_when_and_why(anliu) -> None:
    ran = anliu("deadline", "statement_period", "2024-04-10")
    assert ran.code == 0
    assert "2024-04-17 24:00" in ran.out
    assert "行政处罚法" in ran.out
    assert (
        json.loads(anliu("deadline", "statement_period", "2024-04-10", "--json").out)["due"]
        == "2024-04-17 24:00"
    )


def test_deadline_of_an_unknown_rule_names_the_known_ones(anliu) -> None:
    ran = anliu("deadline", "someday", "2024-04-10")
    assert ran.code == 1
    assert "statement_period" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_nothing_works_on_a_database_that_was_not_made(anliu) -> None:
    ran = anliu("user", "list")
    assert ran.code == 2
    assert ran.err == "anliu: The database is not up to date: run `anliu init`.\n"


def test_init_can_be_repeated_and_keeps_the_secret_key(anliu, tmp_path: Path) -> None:
    assert "definitions are new or changed" in anliu("init").out
    key = tmp_path / "secret_key"
    made = key.read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = anliu("init")
    assert again.code == 0
    assert "new or changed" not in again.out
    assert key.read_text() == made


def test_an_account_is_made_listed_and_given_a_password(anliu, sqlite_url: str, monkeypatch) -> None:
    monkeypatch.setenv("ANLIU_PASSWORD", "four geese 8")
    added = anliu(
        "user", "add", "lin.mei", "林梅", "--role", "handler:yuancheng", "--role", "presider:yuancheng"
    )
    assert (added.code, added.out) == (0, "lin.mei can sign in.\n")
    listed = {entry["id"]: entry for entry in json.loads(anliu("user", "list", "--json").out)}
    assert listed["lin.mei"]["roles"] == ["handler:yuancheng", "presider:yuancheng"]
    assert anliu("user", "password", "lin.mei").code == 0
    assert anliu("user", "add", "lin.mei", "林梅", "--role", "head:yuancheng").code == 1
    assert "no account nobody" in anliu("user", "password", "nobody").err


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("handler", "is no role"),
        ("pilot:yuancheng", "no group pilot"),
        ("handler:atlantis", "no place atlantis"),
        ("liaison:city:navy", "no agency navy"),
        ("liaison:city", "A liaison has an agency"),
    ],
)
def test_a_role_that_does_not_exist_is_refused(
    anliu, sqlite_url: str, monkeypatch, role: str, says: str
) -> None:
    monkeypatch.setenv("ANLIU_PASSWORD", "four geese 8")
    ran = anliu("user", "add", "lin.mei", "林梅", "--role", role)
    assert ran.code == 2
    assert says in ran.err


def test_a_short_password_is_refused(anliu, sqlite_url: str, monkeypatch) -> None:
    monkeypatch.setenv("ANLIU_PASSWORD", "short")
    ran = anliu("user", "add", "lin.mei", "林梅", "--role", "head:zijin")
    assert ran.code == 2
    assert "at least 8" in ran.err


def test_audit_verify_names_the_first_entry_that_was_changed(anliu, sqlite_url: str) -> None:
    assert anliu("audit", "verify").code == 0
    store = Store(sqlite_url)
    with store.transaction() as session:
        session.execute(
            text("UPDATE audit_event SET kind = 'nothing happened' WHERE chain = 'system' AND seq = 1")
        )
    store.dispose()
    ran = anliu("audit", "verify")
    assert ran.code == 1
    assert ran.out.startswith("system: entry 1: ")


def test_audit_verify_of_an_unknown_case_is_an_error(anliu, sqlite_url: str) -> None:
    assert "no case XX-1" in anliu("audit", "verify", "--case", "XX-1").err


def test_a_scenario_with_a_mistake_says_the_line(anliu, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("scenario: 错\nprocess: enforcement_case\nat: 2024-03-04 09:00\nspeed: fast\n")
    ran = anliu("scenario", wrong)
    assert ran.code == 1
    assert "0 of 1 scenarios hold." in ran.out
    assert "speed" in ran.out


def test_a_scenario_is_told_and_holds(anliu) -> None:
    path = ROOT / "tests" / "scenarios" / "tip_not_established.yaml"
    ran = anliu("scenario", path)
    assert ran.code == 0, ran.out
    assert "completed verify_tip" in ran.out
    [result] = json.loads(anliu("scenario", path, "--json").out)
    assert result["failure"] is None
    assert result["trace"]


def test_a_scenario_can_be_kept_in_a_database(anliu, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    path = ROOT / "tests" / "scenarios" / "tip_not_established.yaml"
    assert anliu("scenario", path, path, "--keep", url).code == 0
    store = Store(url)
    with store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM process_instance")) == 2
    store.dispose()


def test_layout_draws_a_diagram_in_place(anliu, tmp_path: Path) -> None:
    copy = tmp_path / "filing.bpmn"
    copy.write_bytes((ROOT / "processes" / "phases" / "filing.bpmn").read_bytes())
    assert anliu("layout", copy).code == 0
    assert b"BPMNDiagram" in copy.read_bytes()
    assert anliu("layout", copy).out == f"{copy}: unchanged\n"
