"""A document's PDF: its text set in the official layout by Typst, as PDF/A with all fonts embedded."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from engine.documents import blocks
from engine.documents.errors import DocumentNotRendered, GlyphMissing
from engine.errors import N_

STYLE = "forms/documents/style"
SECONDS = 60
_TYPESET = Path(__file__).with_name("typeset.py")
_NO_GLYPH = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_CODE = re.compile(r"\\u\{([0-9a-f]+)\}")
_MAIN = """\
#import "style/official.typ": layouts
#let document-data = json("document.json")
#(layouts.at(document-data.layout))(document-data)
"""


@dataclass(frozen=True)
class Sheet:
    """What is printed: the text, and around it what the layout adds.

    ``number`` is None for a kind without one; ``issued_on`` is the day of issue in the agency's time zone.
    """

    layout: str
    title: str
    number: str | None
    agency: str
    issued_on: date
    text: str


def render(sheet: Sheet, style: Path, fonts: list[Path]) -> bytes:
    """The PDF of a document. The same sheet, style and fonts give the same bytes.

    :param style: the folder with ``official.typ``.
    :param fonts: folders with fonts.
    :raises GlyphMissing: no font has a character of the text.
    :raises DocumentNotRendered: the text or the style can't be used, or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="anliu-document-") as folder:
        root = Path(folder)
        shutil.copytree(style, root / "style")
        (root / "main.typ").write_text(_MAIN, encoding="utf-8")
        (root / "document.json").write_text(json.dumps(_data(sheet), ensure_ascii=False), encoding="utf-8")
        return _typeset(root, fonts, _timestamp(sheet.issued_on))


def _data(sheet: Sheet) -> dict[str, Any]:
    day = sheet.issued_on
    return {
        "layout": sheet.layout,
        "title": sheet.title,
        "number": sheet.number,
        "agency": sheet.agency,
        "issued": {"year": day.year, "month": day.month, "day": day.day},
        "blocks": blocks.read(sheet.text),
    }


def _timestamp(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400


def _typeset(root: Path, fonts: list[Path], timestamp: int) -> bytes:
    instructions = {"fonts": [str(path) for path in fonts], "timestamp": timestamp, "seconds": SECONDS}
    # No proxy leads anywhere: even if a style found a way to ask the network, there would be no answer.
    environment = {
        "LC_ALL": "C.UTF-8",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_TYPESET), str(root)],
            input=json.dumps(instructions).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentNotRendered(
            N_("The document could not be set within %(seconds)s seconds."), seconds=SECONDS
        ) from None
    if done.returncode == 0:
        return done.stdout
    try:
        problem = str(json.loads(done.stderr)["message"])
    except (ValueError, KeyError, TypeError):
        problem = f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
    missing = _NO_GLYPH.search(problem)
    if missing:
        raise GlyphMissing(_CODE.sub(lambda code: chr(int(code[1], 16)), missing[1]))
    raise DocumentNotRendered(N_("The document could not be set: %(problem)s"), problem=problem)
