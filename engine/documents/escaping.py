"""Values in Markdown: whatever a person typed stays the text that it is.

CommonMark (0.31, 2.4) takes a backslash before any ASCII punctuation as "this sign itself". So every sign that
could mean something is given one; signs that never do are left alone, for readers of the text.
"""

from __future__ import annotations

import re
import unicodedata

NEW_LINE = "\u2028"
"""A line end inside a value. To Markdown it is a letter like any other, so it can't begin a list or end a table."""

_SPACES = re.compile(r"[ \t]+")
_LINE_ENDS = re.compile(r"[ \t]*(?:\r\n|[\n\r\u2028\u2029])\s*")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn"})
_BETWEEN = re.compile(r"(?<=[0-9A-Za-z])\\([-.:])(?=[0-9A-Za-z])")
_PUNCTUATION = re.compile(r"[!#$&()*+\-.:<=>@\[\\\]^_`{|}~]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escape(value: str) -> str:
    """The value as Markdown that shows exactly its text, on one line (see :data:`NEW_LINE`).

    Spaces around it and in a row, control signs and signs that turn the direction of writing are left out.
    """
    text = _LINE_ENDS.sub(NEW_LINE, value.strip())
    text = "".join(sign for sign in text if sign == "\t" or unicodedata.category(sign) not in _DROPPED)
    text = _PUNCTUATION.sub(r"\\\g<0>", _SPACES.sub(" ", text).strip())
    # 2024-04-15, 20,000.00, 10:20: between letters or digits these are never signs of structure.
    return _BETWEEN.sub(r"\1", text)


def plain_text(markdown: str) -> str:
    """The text of a document without the backslashes before signs, for search and for comparing."""
    return _ESCAPED.sub(r"\1", markdown).replace(NEW_LINE, "\n")
