"""Who may see and do what. Pages, API, files and jobs all ask here; what isn't allowed here is denied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from engine.errors import N_, NotAllowed, NotYourTask
from engine.people.tables import Membership, Person

if TYPE_CHECKING:
    from engine.runtime.tables import ProcessInstance, UserTask

CITY = "city"
CASE_GROUPS = frozenset({"handler", "head", "legal", "presider", "collector"})
"""Groups that see the cases of their own place."""
CITY_GROUPS = frozenset({"office", "supervisor", "legal"})
"""Groups that, at city level, see the cases of every place."""
REPORTER_GROUPS = frozenset({"handler", "head"})
"""Groups of the case's place that may see who reported it; the office too, for tips that it registered."""


@dataclass(frozen=True)
class Role:
    """One membership: a candidate group at a place, for liaisons of an agency."""

    group: str
    place: str
    agency: str = ""


@dataclass(frozen=True)
class Actor:
    """A person with what they may act as."""

    id: str
    name: str
    roles: frozenset[Role]

    @property
    def groups(self) -> frozenset[str]:
        return frozenset(role.group for role in self.roles)

    def is_in(self, group: str, place: str, agency: str = "") -> bool:
        """Whether the person belongs to that group at that place."""
        return Role(group, place, agency) in self.roles


def load(session: Session, person_id: str) -> Actor:
    """The person as an actor.

    :raises NotAllowed: there is no such account, or it is closed.
    """
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise NotAllowed(N_("There is no active account %(id)s."), id=person_id)
    rows = session.scalars(select(Membership).where(Membership.person_id == person_id))
    return Actor(person.id, person.name, frozenset(Role(row.group, row.place, row.agency) for row in rows))


def may_do(actor: Actor, task: UserTask) -> bool:
    """Whether the task's candidate group, place and agency include the person.

    Separation of duties is asked separately, because it refuses with its article.
    """
    return actor.is_in(task.candidate_group, task.place, task.agency)


def require_candidate(actor: Actor, task: UserTask) -> None:
    """Refuses who isn't a candidate for the task.

    :raises NotYourTask: the task is another group's, place's or agency's.
    """
    if not may_do(actor, task):
        raise NotYourTask(N_("This task belongs to another group or place."))


def require_unclaimed(actor: Actor, task: UserTask) -> None:
    """Refuses whose colleague has the task.

    :raises NotYourTask: with who has it.
    """
    if task.assignee is not None and task.assignee != actor.id:
        raise NotYourTask(N_("This task was claimed by %(who)s."), who=task.assignee)


def task_filter(actor: Actor) -> ColumnElement[bool]:
    """The condition for the tasks that the person may do, for queries on user tasks."""
    from engine.runtime.tables import UserTask

    conditions = [
        and_(
            UserTask.candidate_group == role.group,
            UserTask.place == role.place,
            UserTask.agency == role.agency,
        )
        for role in sorted(actor.roles, key=lambda role: (role.group, role.place, role.agency))
    ]
    return or_(*conditions) if conditions else false()


def may_see_case(session: Session, actor: Actor, instance: ProcessInstance) -> bool:
    """Whether the person may open the case at all."""
    if _sees_place(actor, instance.place):
        return True
    from engine.runtime.tables import UserTask

    involved = select(UserTask.id).where(UserTask.instance_id == instance.id, _involvement(actor)).limit(1)
    return session.scalar(involved) is not None


def case_filter(actor: Actor) -> ColumnElement[bool]:
    """The condition for the cases that the person may open, for queries on process instances."""
    from engine.runtime.tables import ProcessInstance, UserTask

    if _sees_place(actor, None):
        return true()
    places = sorted({role.place for role in actor.roles if role.group in CASE_GROUPS})
    involved = exists().where(UserTask.instance_id == ProcessInstance.id, _involvement(actor))
    return or_(ProcessInstance.place.in_(places), involved)


def may_see_reporter(actor: Actor, place: str) -> bool:
    """Whether the person may see who reported a tip at that place."""
    return actor.is_in("office", CITY) or any(actor.is_in(group, place) for group in REPORTER_GROUPS)


def may_register_tip(actor: Actor, place: str) -> bool:
    """Whether the person may register a tip about that place: its handlers, and the city's office."""
    return actor.is_in("handler", place) or actor.is_in("office", CITY)


def may_start(actor: Actor) -> bool:
    """Whether the person may register tips anywhere."""
    return "handler" in actor.groups or actor.is_in("office", CITY)


def _sees_place(actor: Actor, place: str | None) -> bool:
    """Whether the person sees all cases of the place (None: of every place) by their office."""
    for role in actor.roles:
        if role.place == CITY and role.group in CITY_GROUPS:
            return True
        if place is not None and role.place == place and role.group in CASE_GROUPS:
            return True
    return False


def _involvement(actor: Actor) -> ColumnElement[bool]:
    """A liaison sees a case when a task of it is, or was, theirs to do; others when they did one."""
    from engine.runtime.tables import UserTask

    return or_(task_filter(actor), UserTask.completed_by == actor.id, UserTask.assignee == actor.id)


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Names of people by account."""
    wanted = sorted(set(ids))
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return dict(rows.all())
