"""What can be wrong with a form's definition, and with what somebody filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """Marks an English text for translation where it is written down."""
    return text


@dataclass(frozen=True)
class FieldError:
    """One thing that is wrong with one field.

    :param template: English message with ``%(name)s`` places; the pages translate it and put ``params`` in.
    :param params: what goes into the places.
    :param chinese: the Chinese text when the definition itself gives it (a check, a pattern); then
        ``template`` is the definition's English text and is not translated.
    :param article: the provision of law that the rule rests on, in Chinese.
    """

    template: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    chinese: str | None = None
    article: str | None = None

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template


class FormErrors(Exception):
    """The values don't fit the form. ``errors`` maps a path such as ``suspects.0.identifier`` to what is wrong.

    The empty path holds what concerns the form as a whole. Paths come in the order of the form.
    """

    def __init__(self, errors: Mapping[str, Sequence[FieldError]]) -> None:
        self.errors: dict[str, list[FieldError]] = {path: list(found) for path, found in errors.items()}
        super().__init__(
            "; ".join(
                f"{path}: {error}" if path else str(error)
                for path, found in self.errors.items()
                for error in found
            )
        )


class FormDefinitionRefused(Exception):
    """The definition can't be compiled. ``findings`` are all (component id or key, message) pairs."""

    def __init__(self, findings: Sequence[tuple[str, str]]) -> None:
        self.findings: list[tuple[str, str]] = list(findings)
        super().__init__(
            "; ".join(f"{where}: {message}" if where else message for where, message in self.findings)
        )
