"""What stands around a report: document number, day of publication, index number, source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import read
from validator.document import RawDocument
from validator.engine import Engine, evaluate
from validator.facts.publication import Publication, read_publication
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.outline import parse_outline
from validator.result import FactSheet, FileResult

TITLE = "云溪镇人民政府2023年度法治政府建设情况报告\n"
BODY = "2023年，云溪镇扎实推进各项工作，全年共办理行政处罚案件12件。\n一、主要举措和成效\n全年开展普法宣传12场次。\n"


def around(text: str, meta: tuple[tuple[str, str], ...] = ()) -> Publication:
    raw: RawDocument = replace(load_text("报告.txt", text.encode()), meta=meta)
    document = normalise(raw)
    return read_publication(document, parse_outline(document, lambda _: False))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("云政发〔2024〕5号\n", Publication("云政发〔2024〕5号")),
        ("云政发[2024]5号    签发人：某某\n", Publication("云政发〔2024〕5号")),
        ("索引号：11500/2024-00031\n发布日期：2024年1月31日\n", Publication(None, "2024-01-31", "11500/2024-00031")),
        (
            "发布日期：2024-01-31 09:30 信息来源：县司法局 浏览次数：35\n",
            Publication(None, "2024-01-31", None, "县司法局"),
        ),
        ("【发布日期】2024-1-5　【文号】云政发〔2024〕5号\n", Publication("云政发〔2024〕5号", "2024-01-05")),
        ("2024-01-25  09:30  阅读 88 次\n", Publication(None, "2024-01-25")),
        ("2024年1月25日 来源：县司法局\n", Publication(None, "2024-01-25", None, "县司法局")),
        ("2024年1月25日\n", Publication()),
        ("发布日期：2024-13-45\n", Publication()),
        ("", Publication()),
    ],
)
def test_lines_around(lines: str, expected: Publication) -> None:
    assert around(lines + TITLE + BODY) == expected
    assert around(TITLE + lines + BODY) == expected


def test_the_number_of_another_document_in_the_text_is_not_ours() -> None:
    text = TITLE + BODY + "按照《关于开展专项行动的通知》（穗政发〔2023〕9号）要求，来源：群众举报的线索12条已办结。\n"
    assert around(text) == Publication()


def test_what_the_file_says_of_itself_goes_first() -> None:
    meta = (("published", "2024-02-01"), ("source", "县政府办"))
    got = around(f"发布日期：2024-01-31\n索引号：甲-1\n{TITLE}{BODY}", meta)
    assert got == Publication(None, "2024-02-01", "甲-1", "县政府办")


def test_they_are_facts_of_the_result(check: Callable[[str], FileResult]) -> None:
    facts = check(f"云政发〔2024〕5号\n{TITLE}{BODY}").facts
    assert isinstance(facts, FactSheet)
    assert (facts.document_number, facts.published) == ("云政发〔2024〕5号", None)


def test_words_from_a_picture_never_fail_for_sure(engine: Engine) -> None:
    document = read(TITLE + BODY)
    sure = evaluate(engine, document)
    doubted = evaluate(engine, replace(document, raw=replace(document.raw, reading="ocr")))
    assert "fail" in {r.outcome for r in sure.rules}
    for before, after in zip(sure.rules, doubted.rules, strict=True):
        assert after.reading == "ocr"
        assert after.outcome == ("review" if before.outcome == "fail" else before.outcome)
        assert {f.outcome for f in after.findings} <= {"review"}
    assert doubted.reading == "ocr"
    assert sure.reading == "text"
