"""A document's Markdown as plain blocks that the layout sets: paragraphs, headings, lists, tables, the signature.

pandoc reads the Markdown; what it found is compared with the list of what a document may hold. The layout gets
texts in JSON, never Typst source, so there is nothing that a text could inject into.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

import pypandoc

from engine.documents.errors import DocumentNotRendered
from engine.documents.escaping import NEW_LINE
from engine.errors import N_

FORMAT = "commonmark+pipe_tables+fenced_divs+east_asian_line_breaks-raw_html"
SECONDS = 20
MEMORY_MB = 512
SIGNATURE = "signature"

_PLACE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}\n?|\{#.*?#\}", re.DOTALL)

Block = dict[str, Any]
Run = dict[str, Any]
Node = dict[str, Any]


def read(markdown: str) -> list[Block]:
    """The blocks of a document's text.

    Each is a mapping with a ``kind``: paragraph (``runs``, ``flush`` for the line that names the addressee),
    heading (``level``, ``runs``), list (``ordered``, ``start``, ``items`` of blocks), table (``header`` or None,
    ``rows`` of cells of runs), quote (``blocks``), rule, signature (``lines`` of runs). A run has ``text``,
    ``strong``, ``emph``, or is a ``break``.

    :raises DocumentNotRendered: it holds something that a document may not, or can't be read in time.
    """
    blocks = list(_blocks(_parse(markdown)))
    if blocks and blocks[0]["kind"] == "paragraph":
        blocks[0]["flush"] = _text(blocks[0]["runs"]).endswith(("：", ":"))
    return blocks


def problem(body: str) -> str | None:
    """What a source's body holds that a document may not (links, pictures, code, HTML), or None.

    Every branch of the body is looked at, with a word in each place for a value.
    """
    try:
        read(_STATEMENT.sub("", _PLACE.sub("x", body)))
    except DocumentNotRendered as error:
        return str(error)
    return None


def _parse(markdown: str) -> list[Node]:
    command = [
        pypandoc.get_pandoc_path(),
        "+RTS",
        f"-M{MEMORY_MB}m",
        "-RTS",
        "--sandbox",
        "-f",
        FORMAT,
        "-t",
        "json",
    ]
    try:
        done = subprocess.run(
            command,
            input=markdown.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise DocumentNotRendered(
            N_("The text could not be read within %(seconds)s seconds."), seconds=SECONDS
        ) from None
    except subprocess.CalledProcessError as error:
        problem = error.stderr.decode(errors="replace").strip()[:500]
        raise DocumentNotRendered(N_("The text could not be read: %(problem)s"), problem=problem) from None
    found: list[Node] = json.loads(done.stdout)["blocks"]
    return found


def _blocks(nodes: Iterable[Node]) -> Iterable[Block]:
    for node in nodes:
        content: Any = node.get("c")
        match node["t"]:
            case "Para" | "Plain":
                yield from _paragraphs(content)
            case "Header":
                yield {"kind": "heading", "level": content[0], "runs": _runs(content[2])}
            case "BulletList":
                yield {
                    "kind": "list",
                    "ordered": False,
                    "start": 1,
                    "items": [list(_blocks(item)) for item in content],
                }
            case "OrderedList":
                items = [list(_blocks(item)) for item in content[1]]
                yield {"kind": "list", "ordered": True, "start": content[0][0], "items": items}
            case "BlockQuote":
                yield {"kind": "quote", "blocks": list(_blocks(content))}
            case "HorizontalRule":
                yield {"kind": "rule"}
            case "Table":
                yield _table(content)
            case "Div" if content[0][1] == [SIGNATURE]:
                lines = [block["runs"] for block in _blocks(content[1]) if block["kind"] == "paragraph"]
                yield {"kind": SIGNATURE, "lines": lines}
            case other:
                raise _unexpected(other)


def _paragraphs(inlines: Sequence[Node]) -> Iterable[Block]:
    """One paragraph, or several where a value had line ends."""
    runs: list[Run] = []
    for run in [*_runs(inlines), {"end": True}]:
        if "text" in run:
            runs.append(run)
        elif runs:
            yield {"kind": "paragraph", "runs": runs, "flush": False}
            runs = []


def _table(content: Sequence[Any]) -> Block:
    """pandoc's table: attributes, caption, column specifications, head, bodies, foot."""
    head, bodies = content[3], content[4]
    header = [_cell(cell) for row in head[1] for cell in row[1]]
    rows = [[_cell(cell) for cell in row[1]] for body in bodies for row in [*body[2], *body[3]]]
    return {"kind": "table", "columns": len(content[2]), "header": header or None, "rows": rows}


def _cell(cell: Sequence[Any]) -> list[Run]:
    if cell[2:4] != [1, 1]:
        raise _unexpected("a cell over several columns or rows")
    return [run for node in cell[4] for run in _inline(node)]


def _inline(node: Node) -> list[Run]:
    if node["t"] not in ("Plain", "Para"):
        raise _unexpected(f"{node['t']} in a table")
    return _runs(node["c"])


def _runs(inlines: Sequence[Node], strong: bool = False, emph: bool = False) -> list[Run]:
    runs: list[Run] = []
    for node in inlines:
        content: Any = node.get("c")
        match node["t"]:
            case "Str":
                for index, text in enumerate(content.split(NEW_LINE)):
                    if index:
                        runs.append({"break": True})
                    _append(runs, text, strong, emph)
            case "Space" | "SoftBreak":
                _append(runs, " ", strong, emph)
            case "LineBreak":
                runs.append({"break": True})
            case "Strong":
                runs.extend(_runs(content, True, emph))
            case "Emph":
                runs.extend(_runs(content, strong, True))
            case other:
                raise _unexpected(other)
    return runs


def _append(runs: list[Run], text: str, strong: bool, emph: bool) -> None:
    if not text:
        return
    last = runs[-1] if runs else {}
    if "text" in last and last["strong"] == strong and last["emph"] == emph:
        last["text"] += text
    else:
        runs.append({"text": text, "strong": strong, "emph": emph})


def _text(runs: Sequence[Run]) -> str:
    return "".join(run.get("text", "") for run in runs).strip()


def _unexpected(what: str) -> DocumentNotRendered:
    return DocumentNotRendered(N_("A document can't hold this: %(what)s."), what=what)
