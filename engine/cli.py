"""The command ``anliu``. What each command does lies in ``engine/commands`` and behind it."""

from __future__ import annotations

import os
import sys
import traceback

import click

from engine.commands import accounts, database, definitions, records, running, scenarios
from engine.errors import AnliuError, SettingsRefused


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="anliu", prog_name="anliu")
@click.option("--traceback", "show_traceback", is_flag=True, help="On an error, show where it arose.")
def anliu(show_traceback: bool) -> None:
    """案流 Anliu: enforcement cases on BPMN diagrams."""


anliu.add_command(database.init)
anliu.add_command(database.demo)
anliu.add_command(running.serve)
anliu.add_command(running.worker)
anliu.add_command(definitions.check)
anliu.add_command(scenarios.scenario)
anliu.add_command(definitions.deadline)
anliu.add_command(definitions.layout)
anliu.add_command(records.audit)
anliu.add_command(accounts.user)


def main() -> None:
    """Runs a command; an error is one clear line on stderr and a non-zero exit."""
    # What the product writes (database, files, messages to other systems) is nobody else's to read.
    os.umask(0o077)
    try:
        sys.exit(anliu.main(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "anliu"
        _fail(f"{error.format_message()} See {command} --help.", error.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped", 130)
    except SettingsRefused as error:
        _fail(str(error), 2)
    except AnliuError as error:
        _fail(str(error), 1)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        _fail(
            f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}", 1
        )


def _fail(text: str, code: int) -> None:
    if "--traceback" in sys.argv:
        traceback.print_exc()
    click.echo(f"anliu: {text}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
