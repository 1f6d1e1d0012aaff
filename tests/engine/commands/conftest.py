from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from engine import cli


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Anliu = Callable[..., Ran]


@pytest.fixture
def anliu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anliu:
    """Runs the command as a shell would, on an instance folder of the test's own."""
    for name in (
        "ANLIU_DATABASE_URL",
        "ANLIU_REDIS_URL",
        "ANLIU_SECRET_KEY",
        "ANLIU_EVIDENCE_URL",
        "ANLIU_BASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANLIU_INSTANCE", str(tmp_path))

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["anliu", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
