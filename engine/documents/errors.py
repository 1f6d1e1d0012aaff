"""What can go wrong with a document, after its source was found good."""

from __future__ import annotations

from engine.errors import N_, AnliuError


class DocumentNotWritten(AnliuError):
    """The text of a document can't be made of what is known about the case."""

    code = "document_not_written"
    status = 409


class DocumentNotRendered(AnliuError):
    """The PDF of a document can't be made."""

    code = "document_not_rendered"
    status = 500


class GlyphMissing(DocumentNotRendered):
    """No font has a character that stands in the text; ``text`` and ``codes`` (``U+20BB7``) are in ``params``."""

    code = "glyph_missing"

    def __init__(self, text: str) -> None:
        codes = " ".join(f"U+{ord(sign):04X}" for sign in text)
        super().__init__(
            N_(
                "No font on this machine has the character %(text)s (%(codes)s). Add one that has it to %(folder)s."
            ),
            text=text,
            codes=codes,
            folder="instance/fonts",
        )
