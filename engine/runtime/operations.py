"""Operations: what a service task may ask the domain to do, by name. Nothing else can be called from a diagram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import N_, NotFound

if TYPE_CHECKING:
    from engine.runtime.parser import Element
    from engine.runtime.step import Step

Operation = Callable[["Step", "Element"], Mapping[str, Any] | None]
"""Gets the step and the element; returns values for the variables of the element's process, or None."""

_registry: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Registers a function under the name by which diagrams call it."""

    def register(function: Operation) -> Operation:
        if name in _registry:
            raise ValueError(f"operation {name} is registered twice")
        _registry[name] = function
        return function

    return register


def find(name: str) -> Operation:
    """The operation of that name.

    :raises NotFound: there is none.
    """
    try:
        return _registry[name]
    except KeyError:
        raise NotFound(N_("There is no operation %(name)s."), name=name) from None


def names() -> frozenset[str]:
    """All names that a diagram may use."""
    return frozenset(_registry)
