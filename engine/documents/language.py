"""The part of Jinja that a document source may use: places, conditions, loops over rows, and our own filters.

A source is written in the studio, so it is not trusted: it is compiled only when every construct in it is one
that is listed here. Nothing in the list can call anything, and no loop can run longer than its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from jinja2 import ChainableUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from engine.documents.errors import DocumentNotWritten
from engine.documents.filters import FILTERS
from engine.errors import N_

MISSING: Final = "／"
ROWS = "rows"
MAX_LOOPS = 3
_LOOP_PARTS = frozenset({"first", "last", "index", "index0", "length", "revindex", "revindex0"})
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.If, nodes.For, nodes.CondExpr, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Concat, nodes.Assign, nodes.Test, nodes.List, nodes.Tuple,
)  # fmt: skip
_TESTS = frozenset({"defined", "undefined"})


class Missing(ChainableUndefined):
    """A value that is not known: printed as ／, false, without rows. A name that nobody gave is an error."""

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[Exception] = NameError,
    ) -> None:
        if obj is missing and hint is None and name is not None:
            raise DocumentNotWritten(N_("The document speaks of %(name)s, which is not known."), name=name)
        super().__init__(hint, obj, name)

    def __str__(self) -> str:
        return MISSING


class DocumentEnvironment(ImmutableSandboxedEnvironment):
    """Reads parts of plain data only: a mapping's entries, a record's fields, a row by its number, a loop's own counters."""

    intercepted_binops = frozenset()

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Undefined):
            return obj
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_PARTS:
            return getattr(obj, attribute)
        if is_dataclass(obj) and any(field.name == attribute for field in fields(obj)):
            return getattr(obj, attribute)
        if obj is None:
            return self.undefined(obj=obj, name=attribute)
        raise DocumentNotWritten(
            N_("The document asks for a part %(name)s of a plain value."), name=attribute
        )

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return (
                obj[argument]
                if -len(obj) <= argument < len(obj)
                else self.undefined(obj=obj, name=str(argument))
            )
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def check(body: str) -> list[tuple[int, str]]:
    """What is wrong with a body: line and problem, both for the person who wrote it."""
    try:
        template = _parse(body)
    except TemplateSyntaxError as error:
        return [(error.lineno, error.message or "can't be read")]
    return sorted(set(_findings(template, 0)))


def references(body: str) -> frozenset[str]:
    """The dotted names that a body reads, such as ``decision.fine``; loop variables and own names left out.

    ``anliu check`` compares them with what the forms have.
    """
    template = _parse(body)
    own = {node.name for node in template.find_all(nodes.Name) if node.ctx == "store"} | {"loop"}
    found = set()
    for node in template.find_all((nodes.Name, nodes.Getattr)):
        path = _path(node)
        if path and path.split(".")[0] not in own:
            found.add(path)
    return frozenset(path for path in found if not any(other.startswith(path + ".") for other in found))


def compilable(body: str) -> nodes.Template:
    """The tree of a checked body in which every loop asks the filter ``rows`` for its rows.

    :raises DocumentNotWritten: the body was not checked: it uses what is not allowed.
    """
    findings = check(body)
    if findings:
        raise DocumentNotWritten(
            N_("The document's source can't be used: line %(line)s: %(problem)s"),
            line=findings[0][0],
            problem=findings[0][1],
        )
    template = _parse(body)
    for loop in list(template.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, ROWS, [], [], None, None, lineno=loop.lineno)
    return template


def _parse(body: str) -> nodes.Template:
    return DocumentEnvironment(trim_blocks=True, lstrip_blocks=True).parse(body)


def _path(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        return f"{before}.{node.attr}" if before else None
    return None


def _findings(node: nodes.Node, loops: int) -> Iterator[tuple[int, str]]:
    word = type(node).__name__
    if not isinstance(node, _ALLOWED):
        yield node.lineno, f"{word} is not allowed in a document"
        return
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield node.lineno, f"there is no filter {node.name}; there are {', '.join(sorted(FILTERS))}"
    elif isinstance(node, nodes.Filter) and (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs):
        yield node.lineno, f"the filter {node.name} takes no arguments"
    elif isinstance(node, nodes.Test) and node.name not in _TESTS:
        yield node.lineno, f"there is no test {node.name}; there are {', '.join(sorted(_TESTS))}"
    elif isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        yield node.lineno, "a part is asked for by a number or a name that is written there"
    elif isinstance(node, nodes.Getattr | nodes.Getitem) and _asks_for_inner(node):
        yield node.lineno, "a part is asked for of a name, and its name doesn't begin with _"
    elif isinstance(node, nodes.Assign):
        # A text built of itself could double with every line.
        if not isinstance(node.target, nodes.Name) or node.find(nodes.Concat) or node.find(nodes.List):
            yield node.lineno, "set gives one name to one value, not to a text or a list put together"
    elif isinstance(node, nodes.For):
        loops += 1
        if node.recursive:
            yield node.lineno, "a loop can't be recursive"
        if loops > MAX_LOOPS:
            yield node.lineno, f"at most {MAX_LOOPS} loops in each other"
    for child in node.iter_child_nodes():
        yield from _findings(child, loops)


def _asks_for_inner(node: nodes.Getattr | nodes.Getitem) -> bool:
    part = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
    return isinstance(node.node, nodes.Const) or str(part).startswith("_")
