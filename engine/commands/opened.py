"""The system that a command works on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.errors import N_, SettingsRefused

if TYPE_CHECKING:
    from engine.system import System


@contextmanager
def opened(*, current: bool = True) -> Iterator[System]:
    """The system of this environment, closed at the end.

    :param current: refuse a database whose tables are not those of this code.
    :raises SettingsRefused: the database can't be reached, or isn't current.
    """
    from sqlalchemy.exc import OperationalError

    from engine.settings import Settings
    from engine.store import schema
    from engine.system import System

    settings = Settings.from_environment(os.environ)
    settings.instance.mkdir(parents=True, exist_ok=True)
    system = System.open(settings)
    try:
        if current and schema.revision(system.store) != schema.newest():
            raise SettingsRefused(N_("The database is not up to date: run `anliu init`."))
        yield system
    except OperationalError as error:
        raise SettingsRefused(
            N_("The database can't be used: %(reason)s"), reason=str(error.orig).strip().splitlines()[0]
        ) from error
    finally:
        system.store.dispose()
