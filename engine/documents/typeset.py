"""Runs Typst, in a process of its own that can be stopped: ``typeset.py ROOT < instructions > PDF``.

Reads JSON from standard input: ``fonts`` (folders), ``timestamp`` (UNIX seconds, the PDF's creation date) and
``seconds`` (of processor time). Typst sees the files under ROOT and these fonts, nothing else. On an error the
exit code is 3 and standard error has JSON with ``message`` and ``hints``. Imports nothing of the engine.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import typst

ADDRESS_SPACE = 4 * 1024**3


def main() -> int:
    root = Path(sys.argv[1])
    instructions = json.load(sys.stdin)
    seconds = int(instructions["seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(instructions["fonts"])
    )
    nowhere = root / "no-packages"  # a style can't load packages: they would come from the network
    compiler = typst.Compiler(
        root=root,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    try:
        pdf = compiler.compile(
            root / "main.typ", format="pdf", pdf_standards="a-2u", timestamp=int(instructions["timestamp"])
        )
    except typst.TypstError as error:
        json.dump({"message": error.message, "hints": error.hints}, sys.stderr)
        return 3
    assert isinstance(pdf, bytes)
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
