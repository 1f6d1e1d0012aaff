"""What the printed document looks like, read back from the PDF."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from engine.documents import blocks, fonts, rendering
from engine.documents.errors import DocumentNotRendered, GlyphMissing
from engine.documents.escaping import escape
from engine.settings import ROOT

MM = 72 / 25.4
SENTENCE = "本机关依法对你单位擅自变相开展学科类校外培训一案立案调查现已查明有关事实"
LETTER = (
    "张三：\n\n" + f"{SENTENCE * 20}\n\n" * 3 + "::: signature\n河源市源城区教育局\n\n2024年4月15日\n:::\n"
)
FORM = "| 项目 | 内容 |\n|:--|:--|\n| 案由 | 擅自变相开展学科类校外培训 |\n| 审批结果 | 同意立案 |\n\n承办人（签名）：　　　年　　月　　日\n"
Printer = Callable[..., bytes]


class Page:
    """The texts of a page with where they stand: millimetres from the left and the upper edge, size in points."""

    def __init__(self, page: Any) -> None:
        self.width = float(page.mediabox.width) / MM
        self.height = float(page.mediabox.height) / MM
        self.pieces: list[tuple[str, float, float, float]] = []
        page.extract_text(visitor_text=self._keep)

    def _keep(self, text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            x, y = cm[4] + cm[0] * tm[4], cm[5] + cm[3] * tm[5]
            self.pieces.append((text.strip("\n"), x / MM, self.height - y / MM, size))

    def at(self, part: str) -> tuple[float, float, float]:
        """Left, baseline from above, and size of the piece that holds the text."""
        return next(piece[1:] for piece in self.pieces if part in piece[0])


def pages(pdf: bytes) -> list[Page]:
    return [Page(page) for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def letter(printed: Printer) -> bytes:
    return printed(LETTER)


@pytest.fixture(scope="module")
def form(printed: Printer) -> bytes:
    return printed(FORM, layout="approval_table", title="立案审批表", number="源教立〔2024〕1号")


def test_a_letter_is_on_a4_with_the_margins_of_the_standard(letter: bytes) -> None:
    first, second = pages(letter)[:2]
    assert (round(first.width), round(first.height)) == (210, 297)
    lines = [piece for piece in second.pieces if len(piece[0]) > 20]
    assert min(x for _, x, _, _ in lines) == pytest.approx(28, abs=0.5)
    assert 37 < min(y for _, _, y, _ in lines) < 37 + 28 / MM
    assert max(y for _, _, y, _ in lines) < 297 - 35


def test_a_full_page_of_a_letter_has_22_lines_of_28_characters_28_points_apart(letter: bytes) -> None:
    second = pages(letter)[1]
    lines: dict[float, str] = {}
    for text, _, y, size in second.pieces:
        if size == pytest.approx(16, abs=0.1):
            lines[round(y, 1)] = lines.get(round(y, 1), "") + text
    assert len(lines) == 22
    heights = sorted(lines)
    steps = [(below - above) * MM for above, below in zip(heights, heights[1:], strict=False)]
    assert steps == pytest.approx([28] * 21, abs=0.5)
    assert max(len(text.strip()) for text in lines.values()) == 28


def test_the_head_names_the_agency_in_red_and_large_over_the_number_and_the_title(letter: bytes) -> None:
    first = pages(letter)[0]
    _, agency_y, agency_size = first.at("河源市源城区教育局")
    _, number_y, number_size = first.at("源教罚")
    _, title_y, title_size = first.at("行政处罚决定书")
    assert agency_y < number_y < title_y
    assert agency_size > 40
    assert number_size == pytest.approx(16, abs=0.1)
    assert title_size == pytest.approx(22, abs=0.1)
    assert 37 + 35 < agency_y < 37 + 35 + 20
    stream = PdfReader(BytesIO(letter)).pages[0].get_contents().get_data().decode("latin-1")
    assert re.search(r"0\.84\d* 0 0\.0\d+ scn", stream)


def test_a_long_agency_name_still_fits_one_line(printed: Printer) -> None:
    name = "广东省河源市江东新区教育和社会事务管理委员会办公室"
    first = pages(printed("正文\n", agency=name))[0]
    x, _, _ = first.at(name)
    assert x >= 27.5


def test_the_line_for_the_addressee_begins_at_the_edge_and_paragraphs_two_characters_in(
    letter: bytes,
) -> None:
    first = pages(letter)[0]
    assert first.at("张三")[0] == pytest.approx(28, abs=0.5)
    assert first.at(SENTENCE[:10])[0] == pytest.approx(28 + 2 * 16 / MM, abs=0.7)


def test_the_signature_stands_at_the_right_below_the_text_with_the_date_four_characters_from_the_edge(
    letter: bytes,
) -> None:
    last = pages(letter)[-1]
    name_x, name_y, _ = last.at("河源市源城区教育局")
    date_x, date_y, _ = last.at("2024年4月15日")
    assert name_x > 105
    assert name_x < date_x
    assert (date_y - name_y) * MM == pytest.approx(28, abs=0.5)
    text_ends = max(y for text, _, y, _ in last.pieces if SENTENCE[-3:] in text)
    assert name_y - text_ends > 2 * 28 / MM  # room for the seal


def test_pages_are_numbered_outside_below_the_text(letter: bytes) -> None:
    found = pages(letter)
    for number, page in enumerate(found, start=1):
        x, y, size = next(piece[1:] for piece in page.pieces if piece[2] > 262)
        assert size == pytest.approx(14, abs=0.1)
        assert 262 + 5 < y < 262 + 14
        assert (x > 150) == (number % 2 == 1)
    assert "— 1 —" in text_of(letter)


def test_a_page_never_has_the_signature_alone(printed: Printer) -> None:
    lengths = set()
    for lines in (6, 7, 8, 9, 10, 11):  # about here the signature goes over to the second page
        found = pages(printed("一行\n\n" * lines + "::: signature\n某局\n\n2024年4月15日\n:::\n"))
        lengths.add(len(found))
        assert any("一行" in piece[0] for piece in found[-1].pieces)
    assert lengths == {1, 2}


def test_a_form_has_its_title_its_number_and_bordered_rows_without_the_head_line(form: bytes) -> None:
    text = text_of(form)
    assert "项目" not in text
    (page,) = pages(form)
    title, number, row = page.at("立案审批表"), page.at("源教立"), page.at("案由")
    assert title[1] < number[1] < row[1]
    assert number[0] > 130
    assert page.at("同意立案")[0] > page.at("审批结果")[0] + 20


def test_a_form_that_nearly_fits_one_page_is_set_on_it(printed: Printer) -> None:
    def length(rows: int) -> int:
        table = "".join(f"| 第{number}项 | 内容 |\n" for number in range(rows))
        return len(pages(printed("| 项目 | 内容 |\n|:--|:--|\n" + table, layout="approval_table")))

    assert [length(24), length(29), length(40)] == [1, 1, 2]


def test_a_form_longer_than_a_page_goes_on(printed: Printer) -> None:
    rows = "".join(f"| 第{number}项 | {'内容' * 60} |\n" for number in range(40))
    pdf = printed("| 项目 | 内容 |\n|:--|:--|\n" + rows, layout="approval_table")
    text = text_of(pdf)
    assert len(pages(pdf)) > 1
    assert all(f"第{number}项" in text for number in range(40))


def test_the_document_is_pdf_a_with_every_font_inside(letter: bytes, form: bytes) -> None:
    for pdf in (letter, form):
        reader = PdfReader(BytesIO(pdf))
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfaid:conformance>U</pdfaid:conformance>" in xmp
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                (inner,) = font.get_object()["/DescendantFonts"]
                described = inner.get_object()["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_document_says_its_title_and_agency_about_itself(letter: bytes) -> None:
    about = PdfReader(BytesIO(letter)).metadata
    assert about.title == "行政处罚决定书 源教罚〔2024〕3号"
    assert about.author == "河源市源城区教育局"
    assert about.creation_date.date() == date(2024, 4, 15)


def test_the_same_document_gives_the_same_bytes(printed: Printer) -> None:
    assert printed(LETTER) == printed(LETTER)


@pytest.mark.parametrize("layout", ["official_letter", "approval_table"])
def test_rare_characters_of_names_are_printed(printed: Printer, layout: str) -> None:
    names = "𬭩㛃䶮𬬻㕫犇喆〇"
    assert all(sign in text_of(printed(f"当事人：{names}\n", layout=layout)) for sign in names)


def test_a_character_that_no_font_has_is_named(printed: Printer) -> None:
    with pytest.raises(GlyphMissing) as missing:
        printed("当事人：张\U0001f600\n")
    assert missing.value.params["codes"] == "U+1F600"
    with pytest.raises(GlyphMissing, match=r"U\+E863"):
        printed("当事人：张\ue863\n")


def test_nothing_that_a_person_typed_reaches_typst_as_code(printed: Printer) -> None:
    hostile = '#import "@preview/x:1.0.0" $x$ *x* #read("/etc/passwd") \\ <b>x</b> @x [x] = x // x /* x */ "x" `x` ~x~ -- ...'
    for layout in ("official_letter", "approval_table"):
        text = text_of(
            printed(
                f"| 甲 | 乙 |\n|:--|:--|\n| 丙 | {escape(hostile)} |\n",
                layout=layout,
                title=hostile,
                agency=hostile,
            )
        )
        assert "".join(hostile.split()) in "".join(text.split())


def test_a_style_can_neither_load_packages_nor_read_other_files(printed: Printer, tmp_path: Path) -> None:
    for line in (
        '#import "@preview/cetz:0.3.0": canvas',
        '#read("/etc/passwd")',
        '#read("../../../../../etc/passwd")',
    ):
        style = tmp_path / str(abs(hash(line)))
        shutil.copytree(ROOT / rendering.STYLE, style)
        source = (style / "official.typ").read_text(encoding="utf-8")
        (style / "official.typ").write_text(line + "\n" + source, encoding="utf-8")
        with pytest.raises(DocumentNotRendered):
            printed("正文\n", style=style)


@pytest.mark.slow
def test_a_style_that_never_ends_is_stopped(
    printed: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "SECONDS", 3)
    shutil.copytree(ROOT / rendering.STYLE, tmp_path / "style")
    source = (tmp_path / "style/official.typ").read_text(encoding="utf-8")
    endless = "#let f(n) = { let i = 0; while i < 1000 { i += 1; f(n + 1) } }\n#let g() = range(100000000).map(x => range(1000).sum()).sum()\n#let z = g()\n"
    (tmp_path / "style/official.typ").write_text(source + endless, encoding="utf-8")
    begun = time.monotonic()
    with pytest.raises(DocumentNotRendered):
        printed("正文\n", style=tmp_path / "style")
    assert time.monotonic() - begun < 20


def test_a_text_that_takes_too_long_to_read_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SECONDS", 0.001)
    with pytest.raises(DocumentNotRendered, match="within"):
        blocks.read("正文")


def test_without_any_chinese_font_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "SYSTEM", ())
    with pytest.raises(DocumentNotRendered, match="no Chinese font"):
        fonts.folders(tmp_path, tmp_path)


def test_the_administrator_s_own_fonts_come_first(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    assert fonts.folders(ROOT, tmp_path)[0] == tmp_path / "fonts"


SOURCES = (fonts.INSTALLED, fonts.SYSTEM[:1])


def test_each_source_of_fonts_is_enough_alone() -> None:
    sources = [[ROOT / folder for folder in each if (ROOT / folder).is_dir()] for each in SOURCES]
    assert sources[0], "the front end's packages bring the fonts: npm ci"
    text = "## 一、标题𬭩\n\n正文㛃䶮，**黑体**，*楷体*，¥20,000.00\n"
    sheet = rendering.Sheet("official_letter", "通知", None, "某局", date(2024, 4, 15), text)
    for found in filter(None, sources):
        assert "正文㛃䶮" in text_of(rendering.render(sheet, ROOT / rendering.STYLE, found))
