"""The whole text in a result: what stands in the file, where, and nothing that must not be shown."""

from __future__ import annotations

import pytest

from tests.conftest import SPECIMENS, read
from tests.formats import as_docx, as_pdf, read_report
from validator.engine import Engine, evaluate
from validator.loaders.table import load
from validator.normalise import normalise
from validator.result import FileResult, TextLine

TEXT = """云溪镇人民政府2023年度法治政府建设年度报告

一、主要举措
联系电话13912345678，开展执法检查12次，
办结案件3件。
- 3 -
（一）机制
身份证号110101199001011234。
"""


def lines_of(engine: Engine, text: str) -> tuple[TextLine, ...]:
    found = evaluate(engine, read(text), with_text=True).text
    assert found is not None
    return found


def test_lines_are_those_of_the_file(engine: Engine) -> None:
    lines = lines_of(engine, TEXT)
    raw = TEXT.split("\n")
    assert [x.line for x in lines] == [1, 3, 4, 5, 6, 7, 8]
    assert [len(x.text) for x in lines] == [len(raw[x.line - 1]) for x in lines]
    assert [x.level for x in lines] == [0, 1, 0, 0, 0, 2, 0]
    assert [x.furniture for x in lines] == [False, False, False, False, True, False, False]


def test_long_numbers_are_hidden_in_place(engine: Engine) -> None:
    lines = lines_of(engine, TEXT)
    assert lines[2].text == "联系电话139******78，开展执法检查12次，"
    assert "110*************34" in lines[6].text


def test_without_asking_there_is_no_text(engine: Engine) -> None:
    assert evaluate(engine, read(TEXT)).text is None


def _places(result: FileResult) -> set[tuple[int | None, int]]:
    found = [x.location for r in result.rules for x in r.findings] + [
        x.location for r in result.rules for x in r.evidence
    ]
    return {(at.page, at.line) for at in found if at is not None}


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_every_place_stands_in_a_line(engine: Engine, kind: str) -> None:
    data = (SPECIMENS / "passes-all.txt").read_bytes()
    build = {"txt": lambda _: data, "docx": as_docx, "pdf": as_pdf}[kind]
    made = build(read_report("passes-all.txt", data))
    result = evaluate(engine, normalise(load(f"a.{kind}", made)), with_text=True)
    assert result.text is not None
    assert _places(result) <= {(x.page, x.line) for x in result.text}
    assert result.text[0].begins
