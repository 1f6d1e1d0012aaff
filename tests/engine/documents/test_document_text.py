"""What a document says, from its source and what is known about the case."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.documents import blocks, language
from engine.documents.catalogue import DocumentKind, parse
from engine.documents.errors import DocumentNotRendered, DocumentNotWritten
from engine.documents.escaping import escape, plain_text
from engine.documents.presenting import Choice, present
from engine.documents.writing import write
from engine.errors import DefinitionRefused
from engine.runtime.expressions import compile_expression
from engine.settings import ROOT
from forms.schema import compile_form

HEAD = "---\nkey: note\ntitle: 通知\ntitle_en: Note\nlayout: official_letter\n---\n"
SOURCES = sorted((ROOT / "forms/documents").glob("*.md"))


def kind(body: str) -> DocumentKind:
    return parse(HEAD + body, "note")


def said(body: str, **context: Any) -> str:
    return write(kind(body), context).strip()


# What a source may hold


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_each_source_of_the_product_can_be_used(path: Path) -> None:
    found = parse(path.read_text(encoding="utf-8"), path.stem)
    assert found.articles
    assert language.references(found.body)
    assert blocks.problem(found.body) is None


def test_the_head_says_what_kind_of_document_it_is() -> None:
    found = parse(
        "---\nkey: n\ntitle: 甲\ntitle_en: A\nnumber_kind: 罚\nlayout: approval_table\narticles: [某法 第一条]\n---\n正文\n",
        "n",
    )
    assert (found.title, found.title_en, found.number_kind, found.layout) == (
        "甲",
        "A",
        "罚",
        "approval_table",
    )
    assert found.articles == ("某法 第一条",)


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("正文", "line 1: must begin with a head"),
        ("---\nkey: note\n", "must begin with a head"),
        (HEAD.replace("key: note", "key: other"), "must be the file's name, note"),
        (HEAD.replace("official_letter", "poster"), "line 5: layout: must be one of"),
        (HEAD.replace("title_en: Note\n", ""), "'title_en' is missing"),
        (HEAD.replace("title_en: Note", "title_en: Note\ncolour: red"), "line 5: colour: unknown key"),
        (HEAD + "甲\n{{ case.number", "line 8: unexpected end"),
        (HEAD + "甲\n\n{{ case.number | shout }}", "line 9: there is no filter shout"),
        (HEAD + "{{ case.number.upper() }}", "line 7: Call is not allowed"),
        (HEAD + "{% include 'secrets' %}", "line 7: Include is not allowed"),
        (HEAD + "{% macro m() %}{% endmacro %}", "line 7: Macro is not allowed"),
        (HEAD + "{{ 9 ** 9 ** 9 }}", "Pow is not allowed"),
        (HEAD + "{{ 'x' * 999999999 }}", "Mul is not allowed"),
        (HEAD + "{% set a = 'x' %}{% set a = a ~ a %}", "set gives one name to one value"),
        (HEAD + "{% for a in x %}" * 4 + "{% endfor %}" * 4, "at most 3 loops in each other"),
        (HEAD + "{% for a in x recursive %}{% endfor %}", "a loop can't be recursive"),
        (HEAD + "{{ case[key] }}", "written there"),
        (HEAD + "{{ case.fine | money('$') }}", "takes no arguments"),
        (HEAD + "{{ case.__class__ }}", "begin with _"),
        (HEAD + "{{ ''.__class__ }}", "a part is asked for of a name"),
        (HEAD + "x" * 100_001, "longer than"),
    ],
)
def test_a_source_that_is_wrong_is_refused_with_the_line(source: str, finding: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        parse(source, "note")
    assert finding in str(refused.value)


def test_the_names_that_a_source_reads_can_be_listed() -> None:
    body = "{% set p = case.party %}{% for e in evidence %}{{ e.name }}{{ loop.index }}{% endfor %}{{ decision.party.name }}{{ p.x }}"
    assert language.references(body) == {"case.party", "evidence", "decision.party.name"}


# What it says


def test_values_stand_in_their_places() -> None:
    words = said(
        "{{ case.number }}，{{ fine | money }}元（{{ fine | capital }}），{{ fine | yuan }}，{{ on | cdate }}，{{ at | cdatetime }}",
        case={"number": "YC-2024-0001"},
        fine=Decimal(20000),
        on=date(2024, 4, 15),
        at=datetime(2024, 3, 18, 2, 20, tzinfo=UTC),
    )
    assert words == "YC-2024-0001，20,000.00元（贰万元整），¥20,000.00，2024年4月15日，2024年3月18日10时20分"


def test_choices_are_printed_in_chinese() -> None:
    kinds = [Choice("fine", "罚款"), Choice("warning", "警告")]
    body = "{{ kinds | labels }}；{% for k in kinds %}{% if k == 'fine' %}{{ k | labels }}{% endif %}{% endfor %}；{{ yes | labels }}"
    assert said(body, kinds=kinds, yes=True) == "罚款、警告；罚款；是"


def test_a_choice_without_a_label_is_never_printed_as_its_code() -> None:
    with pytest.raises(DocumentNotWritten, match="no Chinese label for 'fine'"):
        said("{{ kind | labels }}", kind="fine")


@pytest.mark.parametrize(
    "place", ["case.x", "case.x.y.z", "case.x | money", "case.x | cdate", "case.x | labels", "case.none"]
)
def test_what_is_not_known_prints_a_stroke(place: str) -> None:
    assert said("{{ " + place + " }}", case={"none": None}) == "／"


def test_what_is_not_known_counts_as_no_and_as_no_rows() -> None:
    assert (
        said(
            "{% if case.x %}a{% else %}b{% endif %}{% for r in case.rows %}r{% endfor %}{{ case.x or '无' }}",
            case={},
        )
        == "b无"
    )


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(DocumentNotWritten, match="speaks of decison"):
        said("{{ decison.fine }}", decision={})


@pytest.mark.parametrize(
    ("body", "context", "problem"),
    [
        ("{{ fine | money }}", {"fine": "two thousand"}, "no amount of money"),
        ("{{ fine | capital }}", {"fine": Decimal(-1)}, "no capital figures"),
        ("{{ on | cdate }}", {"on": "2024-04-15"}, "is no date"),
        ("{{ rows }}", {"rows": [1]}, "can't be printed as one"),
        ("{% for sign in name %}{{ sign }}{% endfor %}", {"name": "abc"}, "not over one value"),
        ("{{ name.upper }}", {"name": "abc"}, "part upper of a plain value"),
        ("{{ case.fine > 3 }}", {"case": {}}, "can't be written"),
    ],
)
def test_what_does_not_fit_its_place_is_an_error(body: str, context: dict[str, Any], problem: str) -> None:
    with pytest.raises(DocumentNotWritten, match=problem):
        said(body, **context)


def test_loops_that_would_not_end_are_stopped() -> None:
    rows = list(range(1000))
    with pytest.raises(DocumentNotWritten, match="more than 20000 rows"):
        said("{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}", r=rows)
    with pytest.raises(DocumentNotWritten, match="longer than 200000 characters"):
        said("{% for a in r %}{% for b in t %}{{ b }}{% endfor %}{% endfor %}", r=rows, t=["很长" * 300] * 10)


def test_a_form_s_answers_are_presented_with_their_labels() -> None:
    form = compile_form(
        json.loads("""{
          "type": "default", "id": "f", "schemaVersion": 16, "properties": {"title": "表", "title_en": "Form"},
          "components": [
            {"type": "radio", "key": "outcome", "label": "结论", "properties": {"en": "Outcome"},
             "values": [{"label": "同意", "value": "approved", "en": "Approved"}]},
            {"type": "checklist", "key": "agencies", "label": "部门", "valuesKey": "agencies", "properties": {"en": "Agencies"}},
            {"type": "textfield", "key": "note", "label": "备注", "properties": {"en": "Note"}},
            {"type": "group", "path": "party", "label": "当事人", "components": [], "properties": {"type": "party", "en": "Party"}},
            {"type": "dynamiclist", "path": "rows", "label": "行", "properties": {"en": "Rows"}, "components": [
              {"type": "radio", "key": "kind", "label": "种类", "properties": {"en": "Kind"},
               "values": [{"label": "书证", "value": "document", "en": "Document"}]}]}
          ]}"""),
        compile_expression,
    )
    shown = present(
        form,
        {
            "outcome": "approved",
            "agencies": ["market", "moon"],
            "note": "",
            "party": {"kind": "person", "name": "张某"},
            "rows": [{"kind": "document"}],
        },
        {"agencies": {"market": "市场监管"}},
    )
    assert shown["outcome"] == "approved"
    assert shown["outcome"].label == "同意"
    assert shown["agencies"][0].label == "市场监管"
    assert not isinstance(shown["agencies"][1], Choice)
    assert "note" not in shown
    assert shown["party"]["kind"].label == "自然人"
    assert shown["rows"][0]["kind"].label == "书证"


# What people type stays text

HOSTILE = [
    "*x*", "**x**", "_x_", "# foo", "## foo", "$x$", "$$x$$", "<script>alert(1)</script>", "<!-- x -->", "&lt;b&gt;",
    "&#42;", '#import "@preview/x:1.0.0"', "#read(\"/etc/passwd\")", "`x`", "```{=typst}", "```\nx\n```", "[a](http://b)",
    "![a](/etc/passwd)", "[^1]", "[x]: /y", "1. x", "1) x", "- x", "+ x", "* x", "> x", "---", "===", "***", "| a | b |",
    "a|b", "|---|", "::: signature\nx\n:::", ":::", "\\", "\\*", "\\newline", "a\\", "x  \ny", "{{ 7 * 7 }}", "{% raw %}",
    "@x", "~x~", "^x^", "http://a.b", "    code", "\tcode", "---\nkey: x\n---", "%", "\u202eabc", "😀", "a\x00b", "<u>", "==x==",
]  # fmt: skip


def shown_text(runs: list[dict[str, Any]]) -> str:
    assert not any(run.get("strong") or run.get("emph") for run in runs)
    return "".join("\n" if "break" in run else run["text"] for run in runs)


def paragraph_texts(markdown: str) -> list[str]:
    found = blocks.read(markdown)
    assert {block["kind"] for block in found} <= {"paragraph"}
    return [shown_text(block["runs"]) for block in found]


def without_layout(value: str) -> list[str]:
    """The lines of a value, spaces and unprintable signs aside."""
    lines = [
        "".join(sign for sign in line if sign.isprintable()).split()
        for line in value.replace("\t", " ").splitlines()
    ]
    return [" ".join(words) for words in lines if words]


@pytest.mark.parametrize("value", HOSTILE)
def test_what_a_person_typed_is_printed_as_typed(value: str) -> None:
    for body in ("{{ v }}", "当事人：{{ v }}，男", "甲\n{{ v }}\n乙", "{{ v }}{{ v }}"):
        expected = without_layout(value)
        text = " ".join(paragraph_texts(said(body, v=value)))
        for line in expected:
            assert line in text


@pytest.mark.parametrize("value", HOSTILE)
def test_what_a_person_typed_stays_in_its_cell(value: str) -> None:
    (table,) = blocks.read(
        said("| 项目 | 内容 |\n|:--|:--|\n| 当事人 | {{ v | cell }} |\n| 备注 | 无 |", v=value)
    )
    assert [len(row) for row in table["rows"]] == [2, 2]
    assert shown_text(table["rows"][0][1]).strip().split("\n") == (without_layout(value) or [""])


@pytest.mark.slow
@given(st.text(alphabet=st.sampled_from("ab1甲*_#`~|[](){}<>!$&\\+-=.:;@^'\"/,% \n\t"), max_size=30))
@example("1.\n2. x")
def test_no_text_of_any_signs_becomes_structure(value: str) -> None:
    expected = without_layout(value)
    assert [line.strip() for line in paragraph_texts(escape(value))] == expected


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["C"], include_characters="\n"), max_size=40
    )
)
def test_the_plain_text_of_an_escaped_value_is_the_value(value: str) -> None:
    assert plain_text(escape(value)).split() == value.split()


def test_numbers_and_dates_stay_readable_in_the_stored_text() -> None:
    assert (
        escape("YC-2024-0001，2024-04-15 10:20，25,200.00元") == "YC-2024-0001，2024-04-15 10:20，25,200.00元"
    )


def test_lines_of_a_long_text_become_paragraphs() -> None:
    assert paragraph_texts(said("经查，{{ facts }}", facts="第一段。\n\n 第二段。")) == [
        "经查，第一段。",
        "第二段。",
    ]


@pytest.mark.parametrize(
    "text",
    ["[a](http://b)", "![a](/etc/passwd)", "`x`", "```{=typst}\n#x\n```", "::: note\nx\n:::", "<b>x</b>"],
)
def test_a_source_with_links_pictures_code_or_html_can_not_be_printed(text: str) -> None:
    with pytest.raises(DocumentNotRendered, match="can't hold this"):
        blocks.read(text)


def test_a_forbidden_part_of_a_source_is_found_in_any_branch() -> None:
    assert (
        blocks.problem("甲\n\n{% if case.x %}\n![图](x.png)\n{% endif %}\n")
        == "A document can't hold this: Image."
    )


def test_lists_headings_and_the_signature_are_known() -> None:
    found = blocks.read(
        "张三：\n\n## 一、事实\n\n1. 甲；\n1. **乙**。\n\n::: signature\n某局\n\n2024年4月15日\n:::\n"
    )
    assert [block["kind"] for block in found] == ["paragraph", "heading", "list", "signature"]
    assert found[0]["flush"]
    assert found[2]["items"][1][0]["runs"] == [
        {"text": "乙", "strong": True, "emph": False},
        {"text": "。", "strong": False, "emph": False},
    ]
    assert [shown_text(line) for line in found[3]["lines"]] == ["某局", "2024年4月15日"]
