"""``anliu user``."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.commands.opened import opened


@click.group()
def user() -> None:
    """Accounts, for administrators without the web."""


def _password(command: Any) -> Any:
    return click.option(
        "--password",
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="ANLIU_PASSWORD",
        help="Better typed when asked, or given in ANLIU_PASSWORD, than written on the command line.",
    )(command)


@user.command()
@click.argument("account")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    metavar="GROUP:PLACE[:AGENCY]",
    help="Such as handler:yuancheng or liaison:city:police; may be repeated.",
)
@_password
def add(account: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Make ACCOUNT for the person NAME."""
    from engine.people import accounts

    with opened() as system:
        accounts.add(system, account, name, [accounts.Role.parse(role) for role in roles], password)
    click.echo(f"{account} can sign in.")


@user.command()
@click.argument("account")
@_password
def password(account: str, password: str) -> None:
    """Give ACCOUNT a new password."""
    from engine.people import accounts

    with opened() as system:
        accounts.change_password(system, account, password)
    click.echo(f"{account} has a new password.")


@user.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(as_json: bool) -> None:
    """List all accounts with their roles."""
    from engine.people import accounts

    with opened() as system, system.store.reading() as session:
        found = accounts.listing(session)
    if as_json:
        click.echo(json.dumps([vars(account) for account in found], ensure_ascii=False, indent=2))
        return
    for account in found:
        state = "" if account.active else "  (inactive)"
        click.echo(f"{account.id:<38} {account.name}  {' '.join(account.roles)}{state}")
