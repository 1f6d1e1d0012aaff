"""``anliu audit``."""

from __future__ import annotations

import sys

import click

from engine.commands.opened import opened


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@click.option("--case", "number", metavar="NO", help="Only the chain of this case.")
def verify(number: str | None) -> None:
    """Check that no entry was changed, removed or moved. Exit 1 names the first bad one."""
    from engine.audit import events
    from engine.commands.progress import progress
    from engine.errors import N_, NotFound

    bad: list[events.BadEntry] = []
    chains = entries = 0
    with opened() as system, system.store.reading() as session, progress("chains") as step:
        total = 1 if number else events.count_chains(session)
        for found in events.verify(session, number):
            chains += 1
            step(chains, total)
            if isinstance(found, events.BadEntry):
                bad.append(found)
            else:
                entries += found
    if number and not bad and not entries:
        raise NotFound(N_("There is no case %(number)s."), number=number)
    for entry in bad:
        click.echo(f"{entry.chain}: entry {entry.seq}: {entry.reason}")
    if bad:
        sys.exit(1)
    click.echo(f"{entries} entries in {chains} chains are as they were written.")
