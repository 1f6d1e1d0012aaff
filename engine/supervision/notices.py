"""Notices in the product: what the outbox's topic ``notice`` becomes, and marking one as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from engine.errors import N_, NotFound
from engine.jobs.outbox import sends
from engine.jobs.tables import OutboxMessage
from engine.people import permissions
from engine.supervision.tables import Notice

if TYPE_CHECKING:
    from engine.system import System


@sends("notice")
def deliver(system: System, message: OutboxMessage) -> None:
    """Puts a notice before the group that it is for; a repeat changes nothing."""
    with system.store.transaction() as session:
        if session.scalar(select(Notice.id).where(Notice.key == message.key)) is not None:
            return
        params = dict(message.payload)
        session.add(
            Notice(
                key=message.key,
                instance_id=message.instance_id,
                group=params.pop("group"),
                place=params.pop("place"),
                kind=params.pop("kind"),
                params=params,
                at=message.created_at,
            )
        )


def mark_read(system: System, notice_id: int, person_id: str) -> None:
    """Takes a notice out of the inboxes of its group; ``who`` and when is kept.

    :raises NotFound: there is none that is meant for this person.
    """
    with system.store.transaction() as session:
        notice = session.get(Notice, notice_id, with_for_update=True)
        actor = permissions.load(session, person_id)
        if notice is None or not actor.is_in(notice.group, notice.place):
            raise NotFound(N_("There is no such notice."))
        if notice.read_at is None:
            notice.read_at, notice.read_by = system.clock.now(), person_id
