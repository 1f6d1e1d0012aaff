"""S-FEEL, the one expression language of diagrams, decision tables and forms.

What a text means is what the DMN specification says (1.5, chapters 9 and 10, compliance level 2). Evaluating
never runs Python from a text and never raises anything but :class:`EvaluationLimit`: an unknown name, a
mismatch of types or a division by nothing is null.
"""

from __future__ import annotations

from engine.runtime.expressions.bounds import EvaluationLimit, ExpressionRefused
from engine.runtime.expressions.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.runtime.expressions.values import Range, YearsMonths

__all__ = [
    "EvaluationLimit",
    "Expression",
    "ExpressionRefused",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
]
