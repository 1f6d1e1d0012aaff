"""What can go wrong for a person, each with a stable code. Pages, API and commands word them from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Marks an English text for translation where it is written down."""
    return text


class AnliuError(Exception):
    """Something that the person who asked can understand and act on.

    ``template`` is an English message with ``%(name)s`` places; the pages translate it and put ``params`` in.
    ``article`` is the provision of law that the refusal rests on, in Chinese, or None.
    """

    code = "error"
    status = 400

    def __init__(self, template: str, *, article: str | None = None, **params: Any) -> None:
        self.template = template
        self.params = params
        self.article = article
        super().__init__(template % params if params else template)


class NotFound(AnliuError):
    """There is no such thing, or none that this person may know of: the answer is the same."""

    code = "not_found"
    status = 404


class NotAllowed(AnliuError):
    """The person may know of the thing but not do this with it."""

    code = "not_allowed"
    status = 403


class NotYourTask(NotAllowed):
    """The task belongs to another group, place, agency or person."""

    code = "not_your_task"


class AlreadyDone(AnliuError):
    """The task was finished before; ``who`` and ``at`` (aware UTC) are in ``params``."""

    code = "already_done"
    status = 409


class Conflict(AnliuError):
    """Another step on the same case came between; asking again is safe."""

    code = "conflict"
    status = 409


class RuleBroken(AnliuError):
    """A rule of law forbids it; the code is the rule's own, such as ``separation_of_duties``.

    A message that comes from data is in no catalogue: its Chinese wording is in ``params["zh"]``.
    """

    status = 409

    def __init__(self, code: str, template: str, *, article: str | None = None, **params: Any) -> None:
        super().__init__(template, article=article, **params)
        self.code = code


class FormRefused(AnliuError):
    """The values don't fit the form. ``errors`` maps a field's path to what is wrong with it."""

    code = "invalid_form"
    status = 422

    def __init__(self, errors: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(N_("Please correct the marked fields."))
        self.errors = {path: list(found) for path, found in errors.items()}

    def __str__(self) -> str:
        return "; ".join(f"{path}: {error}" for path, found in self.errors.items() for error in found)


class DefinitionRefused(AnliuError):
    """A diagram, form, table or document can't be loaded; ``findings`` are (element, message) pairs."""

    code = "definition_refused"
    status = 422

    def __init__(self, name: str, findings: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            N_("%(name)s can't be loaded: %(detail)s"),
            name=name,
            detail="; ".join(
                f"{element}: {message}" if element else message for element, message in findings
            ),
        )
        self.findings = list(findings)


class SettingsRefused(AnliuError):
    """The environment or a command's arguments don't make sense."""

    code = "bad_settings"
