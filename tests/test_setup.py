"""What everybody meets first: the make targets, the command, the directions of imports, the lock files."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".venv", "node_modules", "instance", "build", "__pycache__", "test-output", "LICENSE"}
# Put together here, so that this file doesn't name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("npmjs", "org"), ("pythonhosted", "org"), ("debian", "org"))
]


def our_files() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not any(
            p in NOT_OURS or p.endswith((".egg-info", "_cache", ".hypothesis")) for p in parts
        ):
            yield path


def test_make_lists_its_targets() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "lock", "clean"):
        assert re.search(rf"^  make {target} +\S", listed, re.MULTILINE), target


def test_ci_checks_and_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    assert "make check && make test" in script.read_text()


def test_imports_run_in_one_direction() -> None:
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    held = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True)
    assert held.returncode == 0, held.stdout


def test_help_comes_without_loading_the_engine() -> None:
    program = "import sys, engine.cli; sys.exit(sum(m in sys.modules for m in ('sqlalchemy', 'SpiffWorkflow', 'rq')))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


def test_no_file_names_a_package_registry() -> None:
    named = [
        str(path.relative_to(ROOT))
        for path in our_files()
        if any(host.encode() in path.read_bytes() for host in REGISTRIES)
    ]
    assert named == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_locked_package_has_its_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    packages = [entry for entry in entries if re.match(r"[a-z0-9]", entry)]
    assert packages
    assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_lock_has_everything_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = (ROOT / "requirements-dev.txt").read_text()
    groups = project["dependency-groups"]
    for requirement in [*project["project"]["dependencies"], *groups["dev"], *groups["build"]]:
        name = re.match(r"[\w.-]+", requirement)
        assert name
        assert re.search(rf"^{re.escape(name[0])}==", locked, re.MULTILINE | re.IGNORECASE), requirement
