"""Document sources: Markdown with a head in YAML that says what kind of document it makes.

The head's keys: ``key`` (the file's name), ``title``, ``title_en``, ``number_kind`` (the word in its numbers; left
out: it has none), ``layout`` (official_letter or approval_table), ``articles`` (the provisions that ask for it).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.deadlines.strict_yaml import read
from engine.documents import language
from engine.errors import DefinitionRefused

LAYOUTS = ("official_letter", "approval_table")
MAX_SOURCE = 100_000
MAX_NUMBER_KIND = 10


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document. ``number_kind`` is None when it bears no number; ``body`` is Markdown with places."""

    key: str
    title: str
    title_en: str
    number_kind: str | None
    layout: str
    articles: tuple[str, ...]
    body: str


@lru_cache(maxsize=64)
def parse(source: str, key: str) -> DocumentKind:
    """The kind that a source describes, its body checked.

    :param source: the file's text.
    :param key: what the file is called, without ``.md``.
    :raises DefinitionRefused: it can't be used; the findings name the line.
    """
    name = f"{key}.md"
    if len(source) > MAX_SOURCE:
        raise DefinitionRefused(name, [("", f"longer than {MAX_SOURCE:,} characters")])
    lines = source.removeprefix("\ufeff").splitlines(keepends=True)
    ends = [number for number, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        raise DefinitionRefused(name, [("line 1", "must begin with a head between two lines of ---")])
    head = read("\n" + "".join(lines[1 : ends[1]]), name).mapping(
        required=("key", "title", "title_en", "layout"), optional=("number_kind", "articles")
    )
    if head["key"].text() != key:
        raise head["key"].refuse(f"must be the file's name, {key}")
    if head["layout"].text() not in LAYOUTS:
        raise head["layout"].refuse(f"must be one of {', '.join(LAYOUTS)}")
    number_kind = head["number_kind"].text() if "number_kind" in head else None
    if number_kind is not None and len(number_kind) > MAX_NUMBER_KIND:
        raise head["number_kind"].refuse(f"longer than {MAX_NUMBER_KIND} characters")
    articles = tuple(item.text() for item in head["articles"].items()) if "articles" in head else ()
    # The head's lines stay as empty ones, so that a finding in the body has the file's line number.
    body = "\n" * (ends[1] + 1) + "".join(lines[ends[1] + 1 :])
    findings = language.check(body)
    if findings:
        raise DefinitionRefused(name, [(f"line {line}", problem) for line, problem in findings])
    return DocumentKind(
        key=key,
        title=head["title"].text(),
        title_en=head["title_en"].text(),
        number_kind=number_kind,
        layout=head["layout"].text(),
        articles=articles,
        body=body,
    )
