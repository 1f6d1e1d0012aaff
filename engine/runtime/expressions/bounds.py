"""How much one expression may cost, and what is said when it would cost more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import N_, AnliuError

MAX_TEXT = 2_000  # characters of one expression
MAX_NESTING = 40  # expressions inside expressions; also how deep lists and contexts are looked into
MAX_STEPS = 50_000  # evaluated parts inside loops, and list elements looked at
MAX_LIST = 10_000  # elements of one list
TEXT_A_STEP = 64  # characters of a text that cost as much as one step
MAX_STRING = 100_000  # characters of one computed string


class ExpressionRefused(AnliuError):
    """The text is no expression of the language; ``position`` is the character where that shows, from 0."""

    code = "expression_refused"
    status = 422

    def __init__(self, template: str, position: int, **params: Any) -> None:
        super().__init__(template, **params)
        self.message = str(self)
        self.position = position


class EvaluationLimit(AnliuError):
    """The expression asks for more work, or a larger value, than any condition needs."""

    code = "evaluation_limit"
    status = 422


class Frame:
    """One evaluation: the variables, what loops and filters have bound, and the work that is left."""

    __slots__ = ("bound", "context", "input", "items", "steps_left")

    def __init__(self, context: Mapping[str, Any], input_value: Any = None) -> None:
        self.context = context
        self.input = input_value
        self.bound: dict[str, Any] = {}
        self.items: list[Any] = []
        self.steps_left = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Takes ``steps`` from the work that is left.

        :raises EvaluationLimit: there is not so much left.
        """
        self.steps_left -= steps
        if self.steps_left < 0:
            raise EvaluationLimit(N_("The expression needs more than %(limit)s steps."), limit=MAX_STEPS)

    def grow(self, elements: int) -> None:
        """Checks the size of a list that is being made.

        :raises EvaluationLimit: it has more than ``MAX_LIST`` elements.
        """
        if elements > MAX_LIST:
            raise EvaluationLimit(N_("A list has more than %(limit)s elements."), limit=MAX_LIST)
