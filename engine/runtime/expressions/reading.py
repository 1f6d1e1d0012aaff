"""From the text of an expression to its tree, with a clear word where the text is none."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from engine.errors import N_
from engine.runtime.expressions.bounds import MAX_TEXT, ExpressionRefused

Node = Tree[Any]

# Signs that a Chinese keyboard, a word processor or a programmer's habit puts where the language has another.
_MEANT = {
    "（": "(", "）": ")", "，": ",", "“": '"', "”": '"', "＂": '"', "＝": "=", "＜": "<", "＞": ">",
    "≤": "<=", "≥": ">=", "≠": "!=", "【": "[", "】": "]", "［": "[", "］": "]", "。": ".", "．": ".",
    "＋": "+", "－": "-", "—": "-", "×": "*", "÷": "/", "'": '"', "‘": '"', "’": '"', "&": "and", "|": "or",
    "!": "not(...)", "？": "?", "、": ",",
}  # fmt: skip

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    text = Path(__file__).with_name("sfeel.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer="basic",
        start=["expression", "unary_tests"],
        maybe_placeholders=False,
        propagate_positions=True,
    )


def read(text: str, start: str) -> Node:
    """The tree of an expression (``start`` "expression") or of a decision table's cell ("unary_tests").

    :raises ExpressionRefused: the text is none; the position says where that shows.
    """
    if len(text) > MAX_TEXT:
        raise ExpressionRefused(
            N_("An expression has at most %(limit)s characters."), MAX_TEXT, limit=MAX_TEXT
        )
    if not text.strip():
        raise ExpressionRefused(N_("The expression is empty."), 0)
    try:
        return _grammar().parse(text, start=start)
    except UnexpectedInput as error:
        raise _refusal(text, error) from None


def _refusal(text: str, error: UnexpectedInput) -> ExpressionRefused:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return ExpressionRefused(N_("The expression ends too early."), len(text))
    position = error.pos_in_stream or 0
    if isinstance(error, UnexpectedToken):
        return ExpressionRefused(N_("“%(found)s” can't stand here."), position, found=str(error.token))
    sign = text[position : position + 1]
    if sign == '"':
        return ExpressionRefused(N_("This text has no closing quotation mark."), position)
    if isinstance(error, UnexpectedCharacters) and sign in _MEANT:
        return ExpressionRefused(
            N_("“%(found)s” is no sign of the language; write %(meant)s instead."),
            position,
            found=sign,
            meant=_MEANT[sign],
        )
    return ExpressionRefused(N_("“%(found)s” is no sign of the language."), position, found=sign)


def name_of(tree: Node) -> str:
    """The name that a ``name`` or ``function`` node spells, with single spaces."""
    return " ".join(" ".join(str(word).split()) for word in tree.children)


def text_of(literal: str) -> str:
    """What stands between the quotation marks, with escapes (DMN 1.5, 10.3.1.2) undone."""
    text = _ESCAPE.sub(_unescaped, literal[1:-1])
    # Two escapes may be one character (a surrogate pair); half a pair is no character at all.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        point = int(code, 16)
        return chr(point) if point < 0x110000 else found[0]
    return _ESCAPES.get(found[3], found[0])


def position_of(tree: Node) -> int:
    """The first character of a node in the text."""
    return int(getattr(tree.meta, "start_pos", 0))
