"""What pages read of cases: the inbox, the list, the file, the diagram."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import event

from engine.cases.reading import case_file, case_list, diagram, inbox
from engine.deadlines.calendar import SHANGHAI
from engine.people import permissions
from engine.people.permissions import Actor
from engine.runtime.tables import ProcessInstance
from engine.system import System
from tests.telling import open_task, tell

HANDLER = "yuancheng-handler-1"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def actor(system: System, person: str) -> Actor:
    with system.store.reading() as session:
        return permissions.load(session, person)


def read_inbox(system: System, person: str, now: datetime, **wanted: str) -> inbox.Inbox:
    with system.store.reading() as session:
        return inbox.read(session, permissions.load(session, person), inbox.Wanted(**wanted), now)


@contextmanager
def counted(system: System) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(system.store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(system.store.engine, "before_cursor_execute", note)


def test_the_inbox_groups_by_when_a_task_is_due(system: System) -> None:
    tell(system, "one_to_one_in_flat", until="verify_tip")
    groups = {
        day: [row.group for row in read_inbox(system, HANDLER, at(day)).rows]
        for day in ("2024-03-20", "2024-04-08", "2024-04-09", "2024-04-10")
    }
    assert groups == {
        "2024-03-20": ["later"],
        "2024-04-08": ["week"],
        "2024-04-09": ["today"],
        "2024-04-10": ["overdue"],
    }


def test_the_inbox_holds_only_what_the_person_may_do(system: System) -> None:
    tell(system, "one_to_one_in_flat", until="approve_filing")
    now = at("2024-03-22")
    assert [row.element_id for row in read_inbox(system, "yuancheng-head", now).rows] == ["approve_filing"]
    assert read_inbox(system, HANDLER, now).total == 0
    assert read_inbox(system, "zijin-head", now).total == 0


def test_a_colleagues_claimed_task_is_shown_only_when_asked_for(system: System) -> None:
    from engine.runtime.user_tasks import claim

    outcome = tell(system, "one_to_one_in_flat", until="verify_tip")
    claim(system, open_task(system, outcome, "verify_tip").id, "yuancheng-handler-2")
    now = at("2024-03-20")
    assert read_inbox(system, HANDLER, now).total == 0
    assert [row.assignee for row in read_inbox(system, HANDLER, now, whose="everybody").rows] == [
        "yuancheng-handler-2"
    ]
    assert read_inbox(system, "yuancheng-handler-2", now, whose="mine").total == 1


def test_the_inbox_is_found_by_number_party_and_address(system: System) -> None:
    tell(system, "one_to_one_in_flat", until="verify_tip")
    now = at("2024-03-20")
    for found in ("yc-2024-0001", "周某", "春和苑", "周某 1203房"):
        assert read_inbox(system, HANDLER, now, search=found).total == 1, found
    for nothing in ("%", "_", "李某", "周某 9999"):
        assert read_inbox(system, HANDLER, now, search=nothing).total == 0, nothing


def test_pages_of_the_inbox_follow_each_other_without_gaps(system: System) -> None:
    for until in ("verify_tip", "propose_filing", "verify_tip"):
        tell(system, "one_to_one_in_flat", until=until)
    now = at("2024-03-22")
    seen, cursor = [], ""
    with system.store.reading() as session:
        for _ in range(3):
            page = inbox.read(
                session, permissions.load(session, HANDLER), inbox.Wanted(after=cursor), now, limit=1
            )
            seen += [row.task_id for row in page.rows]
            cursor = page.next
        whole = [
            row.task_id
            for row in inbox.read(session, permissions.load(session, HANDLER), inbox.Wanted(), now).rows
        ]
    assert cursor == ""
    assert seen == whole
    assert len(seen) == 3


def test_the_list_shows_a_person_their_cases_newest_first(system: System) -> None:
    first = tell(system, "one_to_one_in_flat", until="verify_tip").business_key
    second = tell(system, "one_to_one_in_flat", until="propose_filing").business_key
    now = at("2024-03-22")
    with system.store.reading() as session:
        found = case_list.read(session, permissions.load(session, HANDLER), case_list.Wanted(), now)
        none = case_list.read(session, permissions.load(session, "zijin-handler-1"), case_list.Wanted(), now)
        everywhere = case_list.read(
            session, permissions.load(session, "city-supervisor"), case_list.Wanted(), now
        )
        late = case_list.read(
            session, permissions.load(session, HANDLER), case_list.Wanted(state="overdue"), at("2024-04-10")
        )
    assert [row.number for row in found.rows] == [second, first]
    assert none.total == 0
    assert everywhere.total == 2
    assert [row.number for row in late.rows] == [first]


def test_a_page_takes_the_same_number_of_statements_for_one_case_and_for_three(system: System) -> None:
    now = at("2024-03-22")

    def statements() -> tuple[int, int]:
        with system.store.reading() as session:
            who = permissions.load(session, HANDLER)
            with counted(system) as of_inbox:
                inbox.read(session, who, inbox.Wanted(), now)
            with counted(system) as of_list:
                case_list.read(session, who, case_list.Wanted(), now)
        return len(of_inbox), len(of_list)

    tell(system, "one_to_one_in_flat", until="verify_tip")
    one = statements()
    tell(system, "one_to_one_in_flat", until="verify_tip")
    tell(system, "one_to_one_in_flat", until="propose_filing")
    assert statements() == one == (3, 3)


def test_only_who_may_know_reads_who_reported(system: System) -> None:
    outcome = tell(system, "one_to_one_in_flat", until="verify_tip")
    with system.store.reading() as session:
        instance = session.get_one(ProcessInstance, outcome.instance_id)
        knows = {
            person: case_file.read(session, permissions.load(session, person), instance).reporter is not None
            for person in (HANDLER, "yuancheng-head", "city-office", "yuancheng-legal", "city-supervisor")
        }
    assert knows == {
        HANDLER: True,
        "yuancheng-head": True,
        "city-office": True,
        "yuancheng-legal": False,
        "city-supervisor": False,
    }


def test_the_diagram_marks_what_is_done_current_and_overdue(system: System) -> None:
    outcome = tell(system, "one_to_one_in_flat", until="approve_filing")
    with system.store.reading() as session:
        instance = session.get_one(ProcessInstance, outcome.instance_id)
        release = system.library.release(instance.release_id)
        file = case_file.read(session, permissions.load(session, HANDLER), instance)
    states = {}
    for day in ("2024-03-22", "2024-04-02"):
        found = diagram.diagrams(release, instance.process_key, file.passages, file.tasks, at(day))
        states[day] = [
            found["enforcement_case"].marks["verification"].state,
            found["enforcement_case"].marks["filing"].state,
            found["filing"].marks["propose_filing"].state,
            found["filing"].marks["approve_filing"].state,
            found["enforcement_case"].marks["investigation"].state,
        ]
    assert states == {
        "2024-03-22": ["done", "current", "done", "current", None],
        "2024-04-02": ["done", "overdue", "done", "overdue", None],
    }
