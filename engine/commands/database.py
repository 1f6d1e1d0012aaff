"""``anliu init`` and ``anliu demo``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.commands.opened import opened

if TYPE_CHECKING:
    from engine.setup import Prepared
    from engine.system import System


@click.command()
def init() -> None:
    """Create or upgrade the database and load processes, forms and agencies. Safe to repeat."""
    from engine.setup import prepare

    with opened(current=False) as system:
        _tell(prepare(system))


def _tell(done: Prepared) -> None:
    if done.migrated:
        click.echo("The tables are created or upgraded.")
    if done.changed:
        click.echo(f"{len(done.changed)} definitions are new or changed.")
    click.echo(f"The database is up to date (release {done.release_id}).")


@click.command()
@click.option("--once", is_flag=True, help="Do nothing when the database has cases already.")
def demo(once: bool) -> None:
    """Make demo accounts, and cases in every stage by running scenario files through the engine.

    Does what init does first.
    """
    from engine import demo as demonstration
    from engine.commands.progress import progress
    from engine.setup import prepare

    with opened(current=False) as system:
        _tell(prepare(system))
        if once and _has_cases(system):
            click.echo("The database has cases: no demo is added.")
        else:
            demonstration.seed_people(system)
            total = len(demonstration.entries(system.settings.home))
            with progress("demo cases") as step:
                for done, _ in enumerate(demonstration.load(system), start=1):
                    step(done, total)
            click.echo(f"{total} demo cases are made.")
        _tell_accounts(system)


def _has_cases(system: System) -> bool:
    from sqlalchemy import select

    from engine.runtime.tables import ProcessInstance

    with system.store.reading() as session:
        return session.scalar(select(ProcessInstance.id).limit(1)) is not None


def _tell_accounts(system: System) -> None:
    """Prints one demo account of each role that can sign in here."""
    from engine.people.accounts import listing
    from engine.people.agencies import CITY, read
    from engine.people.demo import PASSWORD

    # The file that was just loaded: parsing the whole release for it would take a second.
    agencies = read((system.settings.home / "processes" / "agencies.yaml").read_text(encoding="utf-8"))
    with system.store.reading() as session:
        found = [account for account in listing(session) if account.active and account.demo]
    if not found:
        return
    click.echo(f"Demo accounts, password {PASSWORD}:")
    # Of one county where it can be, so that they meet in the same cases.
    places = [*agencies.counties, CITY]
    for group in agencies.groups.values():
        holders = (account for place in places for account in found if account.holds(group.id, place))
        if holder := next(holders, None):
            click.echo(f"  {holder.id:<32} {group.name} {group.name_en}")
