"""Where the fonts of documents come from: the same ones on every machine, the administrator's own first."""

from __future__ import annotations

from pathlib import Path

from engine.documents.errors import DocumentNotRendered
from engine.errors import N_

INSTALLED = (
    "node_modules/@expo-google-fonts/noto-serif-sc",
    "node_modules/@expo-google-fonts/noto-sans-sc",
)
SYSTEM = (
    # Debian's fonts-noto-cjk has some 14,000 rare characters more; fonts-hanazono nearly all that there are.
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype/hanazono"),
)


def folders(home: Path, instance: Path) -> list[Path]:
    """The folders with fonts, in the order in which they count.

    :param home: the product's folder, whose ``node_modules`` has the fonts that ``make run`` installs.
    :param instance: the folder of the database; a ``fonts`` folder there is for fonts that the administrator
        has a licence for (仿宋_GB2312, 方正小标宋简体).
    :raises DocumentNotRendered: there is no Chinese font anywhere.
    """
    found = [
        folder
        for folder in (instance / "fonts", *(home / name for name in INSTALLED), *SYSTEM)
        if folder.is_dir()
    ]
    if not found:
        raise DocumentNotRendered(
            N_(
                "There is no Chinese font: run make run, install fonts-noto-cjk, or put fonts into %(folder)s."
            ),
            folder=str(instance / "fonts"),
        )
    return found
