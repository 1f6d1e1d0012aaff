"""Who sees and does what: default deny, by group, place and agency."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.cases.registration import register_tip
from engine.errors import FormRefused, NotAllowed
from engine.people import permissions
from engine.people.passwords import check_password
from engine.people.tables import Person
from engine.runtime.tables import ProcessInstance, UserTask
from engine.system import System
from tests.telling import scenario, tell


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("yuancheng-handler-1", True),
        ("yuancheng-handler-2", True),
        ("yuancheng-head", True),
        ("yuancheng-legal", True),
        ("yuancheng-collector", True),
        ("city-office", True),
        ("city-supervisor", True),
        ("city-legal-1", True),
        ("city-admin", False),
        ("zijin-handler-1", False),
        ("zijin-head", False),
        ("yuancheng-housing-liaison", True),
        ("yuancheng-women-liaison", False),
        ("city-police-liaison", False),
    ],
)
def test_a_case_is_seen_by_its_place_the_city_and_the_agencies_asked(
    sqlite_system: System, person: str, sees: bool
) -> None:
    outcome = tell(sqlite_system, "one_to_one_in_flat", until="give_opinion")
    with sqlite_system.store.reading() as session:
        actor = permissions.load(session, person)
        instance = session.get_one(ProcessInstance, outcome.instance_id)
        assert permissions.may_see_case(session, actor, instance) is sees
        listed = session.scalars(select(ProcessInstance.id).where(permissions.case_filter(actor))).all()
        assert list(listed) == ([instance.id] if sees else [])


def test_each_liaison_finds_exactly_their_own_agencys_task(sqlite_system: System) -> None:
    tell(sqlite_system, "one_to_one_in_flat", until="give_opinion")
    with sqlite_system.store.reading() as session:
        for agency, count in (("housing", 1), ("police", 1), ("women", 0)):
            actor = permissions.load(session, f"yuancheng-{agency}-liaison")
            found = session.scalars(
                select(UserTask.agency).where(UserTask.state == "open", permissions.task_filter(actor))
            ).all()
            assert list(found) == [agency] * count


def test_the_reporter_is_known_only_to_handlers_the_head_and_the_office(sqlite_system: System) -> None:
    with sqlite_system.store.reading() as session:
        knows = {
            person
            for person in session.scalars(select(Person.id))
            if permissions.may_see_reporter(permissions.load(session, person), "yuancheng")
        }
    assert knows == {"yuancheng-handler-1", "yuancheng-handler-2", "yuancheng-head", "city-office"}


def test_a_closed_account_may_do_nothing(sqlite_system: System) -> None:
    with sqlite_system.store.transaction() as session:
        session.get_one(Person, "yuancheng-head").active = False
    with sqlite_system.store.reading() as session:
        with pytest.raises(NotAllowed):
            permissions.load(session, "yuancheng-head")
        assert check_password(session, "yuancheng-head", "anliu-demo") is None


def test_signing_in_takes_the_right_password_of_a_known_account(sqlite_system: System) -> None:
    with sqlite_system.store.reading() as session:
        assert check_password(session, "yuancheng-head", "anliu-demo") is not None
        assert check_password(session, "yuancheng-head", "wrong") is None
        assert check_password(session, "nobody", "anliu-demo") is None


def test_a_tip_about_another_county_is_refused_at_its_field(sqlite_system: System) -> None:
    told = scenario("one_to_one_in_flat")
    sqlite_system.clock.set(told.at)  # type: ignore[attr-defined]
    form = dict(told.start.form)
    for county in ("zijin", "nowhere", None):
        form["address"] = {"county": county, "detail": "某路1号"}
        with pytest.raises(FormRefused) as refused:
            register_tip(sqlite_system, "yuancheng-handler-1", form, f"key-{county}")
        assert list(refused.value.errors) == ["address.county"]
    form["address"] = {"county": "zijin", "detail": "某路1号"}
    assert register_tip(sqlite_system, "city-office", form, "key").business_key == "ZJ-2024-0001"
