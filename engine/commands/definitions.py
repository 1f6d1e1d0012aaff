"""``anliu check``, ``anliu deadline`` and ``anliu layout``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from engine.errors import N_, SettingsRefused

_existing = click.Path(exists=True, path_type=Path)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=_existing)
@click.option("--json", "as_json", is_flag=True, help="The findings as a JSON list.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check process, decision, form, document and data files; folders are searched.

    One finding a line, as file:element: severity rule: message. Without PATH: processes and forms of this
    installation. Exit 0 without errors, 1 with errors, 2 on misuse. Runs nothing in a file, writes nothing.
    """
    from engine.checks import check_paths
    from engine.settings import ROOT

    findings = check_paths(list(paths) or [ROOT / "processes", ROOT / "forms"])
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(str(finding))
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


@click.command()
@click.argument("rule")
@click.argument("from_", metavar="FROM")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def deadline(rule: str, from_: str, as_json: bool) -> None:
    """Say when RULE is due if its clock starts at FROM, how that was counted, and by which article.

    FROM is a date or a time in Asia/Shanghai: 2024-04-10 or "2024-04-10 15:30".
    """
    from engine.deadlines.command import answer, lines
    from engine.deadlines.rules import load_rules
    from engine.settings import Settings

    path = Settings.from_environment(os.environ).home / "processes" / "deadlines.yaml"
    answered = answer(load_rules(_text(path), path.name), rule, from_)
    if as_json:
        click.echo(json.dumps(answered, ensure_ascii=False, indent=2))
    else:
        for line in lines(answered):
            click.echo(line)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_file)
def layout(files: tuple[Path, ...]) -> None:
    """Draw BPMN files anew, in place; what they mean stays as it was."""
    from engine.layout import lay_out

    for path in files:
        before = path.read_bytes()
        after = lay_out(before, path.name)
        if after != before:
            path.write_bytes(after)
        click.echo(f"{path}: {'unchanged' if after == before else 'drawn'}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsRefused(N_("%(path)s can't be read: %(error)s"), path=path, error=error) from None
