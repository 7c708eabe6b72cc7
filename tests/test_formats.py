"""One report in every format gives the same outcome for every rule, and each finding stands at the same sentence."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from lxml import etree

from tests.conftest import SPECIMENS
from tests.formats import TextLine, as_docx, as_html, as_mhtml, as_numbered_docx, as_ofd, as_pdf, read_report
from validator.document import Location
from validator.engine import Engine, evaluate
from validator.loaders.office import find_office
from validator.loaders.paper.ofd import load_ofd
from validator.loaders.paper.pdf_text import char_boxes
from validator.loaders.table import load
from validator.loaders.word.body import read_paragraphs
from validator.loaders.word.package import open_docx
from validator.normalise import normalise
from validator.result import FileResult

REAL = Path(__file__).resolve().parents[2] / "shared" / "reports"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Ends = Callable[[Location], tuple[str, str]]
"""Location → the first and the last characters that stand there in the file, read without the loader's text."""


class Format(NamedTuple):
    """How a report is written in a format, and how a place is looked up in it."""

    ending: str
    build: Callable[[list[TextLine]], bytes]
    ends: Callable[[bytes], Ends]


@lru_cache(maxsize=2)
def lines_of(path: Path) -> list[TextLine]:
    return read_report(path.name, path.read_bytes())


def squeeze(text: str | None) -> str:
    return "".join((text or "").split())


def outcomes(result: FileResult) -> dict[str, str]:
    return {r.id: r.outcome for r in result.rules}


def places(result: FileResult) -> list[tuple[str, str, Location | None]]:
    """Every place that a result names: of findings, of evidence, and where missing text should stand."""
    found: list[tuple[str, str, Location | None]] = []
    for rule in result.rules:
        found += [(rule.id, squeeze(f.excerpt), f.location or f.insert_after) for f in rule.findings]
        found += [(rule.id, squeeze(e.excerpt), e.location) for e in rule.evidence]
    return found


def _cut(lines: list[str], at: Location) -> str:
    """Return what stands at a location of a text."""
    if at.line == at.end_line:
        return lines[at.line - 1][at.column - 1 : at.end_column - 1]
    inner = lines[at.line : at.end_line - 1]
    return "".join([lines[at.line - 1][at.column - 1 :], *inner, lines[at.end_line - 1][: at.end_column - 1]])


def _both_ends(words: str) -> tuple[str, str]:
    plain = squeeze(words)
    return plain[:4], plain[-4:]


def _docx_ends(data: bytes) -> Ends:
    """Words are read from the XML; an automatic number comes before them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    typed = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]
    numbers = [p.number for p in read_paragraphs(*open_docx(data))]
    lines = [number + words for number, words in zip(numbers, typed, strict=True)]
    return lambda at: _both_ends(_cut(lines, at))


def _pdf_ends(data: bytes) -> Ends:
    """Words are what pdfium finds under the boxes of the first and the last characters."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(data)

    @cache
    def words_of(page: int) -> Any:
        return document[page - 1].get_textpage()

    @cache
    def under(page: int, line: int, first: int, last: int) -> str:
        boxes = char_boxes(data, page, line, first, last)
        inner = ((b.left + 3, b.bottom + 3, b.right - 3, b.top - 3) for b in boxes)
        return squeeze("".join(words_of(page).get_text_bounded(*box) for box in inner))

    def ends(at: Location) -> tuple[str, str]:
        assert at.page is not None
        assert at.end_page is not None
        last = at.end_column if (at.page, at.line) == (at.end_page, at.end_line) else at.column + 4
        first = under(at.page, at.line, at.column, min(at.column + 4, max(last, at.column)))
        start = at.column if (at.page, at.line) == (at.end_page, at.end_line) else 1
        return first, under(at.end_page, at.end_line, max(at.end_column - 4, start), at.end_column)

    return ends


def _ofd_ends(data: bytes) -> Ends:
    """Only the lines of the loader say what stands where on a page."""
    raw = load_ofd("", data)
    lines = {(p.page, p.line): raw.text[p.start : q.start] for p, q in zip(raw.places, raw.places[1:], strict=False)}

    def ends(at: Location) -> tuple[str, str]:
        first = lines.get((at.page, at.line), "")[at.column - 1 :]
        return squeeze(first)[:4], ""

    return ends


def _html_ends(data: bytes) -> Ends:
    lines = data.decode("utf-8").split("\n")
    return lambda at: _both_ends(re.sub("<[^>]*>", "", _cut(lines, at)))


def _no_ends(_: bytes) -> Ends:
    return lambda _: ("", "")


FORMATS = {
    "docx": Format(".docx", as_docx, _docx_ends),
    "docx-numbered": Format(".docx", as_numbered_docx, _docx_ends),
    "pdf": Format(".pdf", as_pdf, _pdf_ends),
    "ofd": Format(".ofd", as_ofd, _ofd_ends),
    "html": Format(".html", as_html, _html_ends),
    "mhtml": Format(".mhtml", as_mhtml, _no_ends),
}


def compare(engine: Engine, path: Path, form: Format) -> None:
    """Check one report as text and in a format, and compare outcomes, excerpts and places."""
    lines = lines_of(path)
    data = form.build(lines)
    plain = ["#" * x.hint + " " * bool(x.hint) + x.text for x in lines]
    before = evaluate(engine, normalise(load("报告.md", "\n".join(plain).encode())))
    after = evaluate(engine, normalise(load(f"报告{form.ending}", data)))
    assert outcomes(after) == outcomes(before)
    told, wanted = places(after), places(before)
    assert [t[:2] for t in told] == [w[:2] for w in wanted]
    ends = form.ends(data)
    for (rule, _, at), (_, _, there) in zip(told, wanted, strict=True):
        assert (at is None) == (there is None), rule
        if at is not None and there is not None:
            got, want = ends(at), _both_ends(_cut(plain, there))
            for mine, theirs in zip(got, want, strict=True):
                assert not mine or mine.startswith(theirs) or theirs.startswith(mine) or theirs.endswith(mine), rule


SOON = (
    "passes-all.txt",
    "missing-problems.txt",
    "slogan-headings.txt",
    "lost-numbers.txt",
    "markdown.md",
    "gb18030.txt",
)
"""Specimens of the fast suite; the others are slow tests."""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "path",
    [pytest.param(p, id=p.name, marks=[] if p.name in SOON else pytest.mark.slow) for p in sorted(SPECIMENS.iterdir())],
)
def test_specimens(engine: Engine, path: Path, form: str) -> None:
    compare(engine, path, FORMATS[form])


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not beside this checkout")
@pytest.mark.parametrize("form", [f if f != "pdf" else pytest.param(f, marks=pytest.mark.slow) for f in FORMATS])
def test_real_reports(engine: Engine, form: str) -> None:
    for path in sorted(REAL.glob("*.txt")):
        compare(engine, path, FORMATS[form])


@pytest.mark.slow
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", [".odt", ".doc"])
def test_specimens_through_an_office_program(engine: Engine, tmp_path: Path, ending: str) -> None:
    paths = sorted(SPECIMENS.iterdir())
    sources = [tmp_path / f"{path.stem}.docx" for path in paths]
    for path, source in zip(paths, sources, strict=True):
        source.write_bytes(as_numbered_docx(lines_of(path)))
    command = [str(find_office()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", ending[1:], "--outdir", str(tmp_path), *map(str, sources)]
    subprocess.run(command, capture_output=True, check=True)
    for path, source in zip(paths, sources, strict=True):
        ends = _docx_ends(source.read_bytes())
        compare(engine, path, Format(ending, _given(source.with_suffix(ending)), _always(ends)))


def _given(file: Path) -> Callable[[list[TextLine]], bytes]:
    return lambda _: file.read_bytes()


def _always(ends: Ends) -> Callable[[bytes], Ends]:
    """The paragraphs of the converted file are those of its source."""
    return lambda _: ends
