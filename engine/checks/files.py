"""Which files are checked, and as what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import N_, SettingsRefused

MAX_BYTES = 2_000_000
KINDS = {".bpmn": "process", ".dmn": "decision", ".json": "form", ".md": "document", ".yaml": "data"}
DATA = ("deadlines", "agencies", "legal_rules")
"""The data files whose shape is known, by their stems."""


@dataclass(frozen=True)
class Source:
    """A file to be checked. ``name`` is what findings call it; ``content`` is None where it is too large."""

    kind: str
    key: str
    name: str
    path: Path
    content: bytes | None

    @property
    def text(self) -> str:
        """The content as text.

        :raises UnicodeDecodeError: it is not UTF-8.
        """
        return (self.content or b"").decode("utf-8")


def given(paths: Sequence[Path]) -> Iterator[Source]:
    """The files that the paths name, each once, in order; in folders, those that hold definitions.

    :raises SettingsRefused: a path doesn't exist or is of no kind that can be checked.
    """
    seen: set[Path] = set()
    for path in paths:
        for each in _files(path):
            real = each.resolve()
            if real not in seen:
                seen.add(real)
                yield read(each)


def definitions(folder: Path) -> Iterator[Path]:
    """The files below a folder that hold definitions, sorted; hidden and installed folders are passed over."""
    return (each for each in sorted(_below(folder)) if _is_definition(each))


def read(path: Path) -> Source:
    """A file as a source; a file that is larger than any definition is not read.

    :raises SettingsRefused: the file can't be read.
    """
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise SettingsRefused(
            N_("%(path)s can't be read: %(reason)s."), path=path, reason=error.strerror
        ) from None
    return Source(KINDS[path.suffix], path.stem, path.as_posix(), path, content)


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return definitions(path)
    if not path.is_file():
        raise SettingsRefused(N_("There is no file %(path)s."), path=path)
    if path.suffix not in KINDS:
        raise SettingsRefused(
            N_("%(path)s can't be checked; files end with %(known)s."), path=path, known=", ".join(KINDS)
        )
    return [path]


def _below(folder: Path) -> Iterator[Path]:
    for each in folder.iterdir():
        if each.name.startswith(".") or each.name == "node_modules":
            continue
        if each.is_dir() and not each.is_symlink():
            yield from _below(each)
        elif each.is_file() and each.suffix in KINDS:
            yield each


def _is_definition(path: Path) -> bool:
    """Whether a file found in a folder is one of ours; other data, texts and settings may lie beside them."""
    match path.suffix:
        case ".yaml":
            return path.stem in DATA
        case ".md":
            return path.parent.name == "documents"
        case ".json":
            return path.parent.name in ("definitions", "forms")
    return True
