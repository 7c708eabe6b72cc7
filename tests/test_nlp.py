"""The pipeline: what it marks, when it is built, how numbers are read, and the trained model beside it."""

from __future__ import annotations

import itertools
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, SPECIMENS, read
from tests.toy import digest
from validator.engine import Engine, build_engine, evaluate
from validator.nlp.model import install_model
from validator.nlp.pipeline import Pipeline
from validator.nlp.quantities import read_quantity
from validator.options import CheckOptions
from validator.ruleset import RuleSet


@pytest.fixture(scope="module")
def pipeline(ruleset: RuleSet) -> Pipeline:
    return Pipeline(ruleset.spans, None)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("开展培训12场次，受众3.1万人。", [("QUANTITY", "12场次"), ("QUANTITY", "3.1万人")]),
        ("出动一万余人次，办结1,135件。", [("QUANTITY", "一万余人次"), ("QUANTITY", "1,135件")]),
        ("来访145批次215人次。", [("QUANTITY", "145批次"), ("QUANTITY", "215人次")]),
        ("学法40学时，办结率100%。", [("QUANTITY", "40学时"), ("PERCENT", "100%")]),
        ("每月集中学习，每个季度述法。", [("FREQUENCY", "每月"), ("FREQUENCY", "每个季度")]),
        ("5月12日召开镇党委会议。", [("DATE", "5月12日"), ("MEETING", "党委会议")]),
        ("印发《工作要点》（云政发〔2023〕12号）。", [("DOCUMENT", "《工作要点》"), ("DOCUMENT", "〔2023〕12号")]),
        ("增强四个意识，落实一岗双责。", [("FORMULA", "四个意识"), ("FORMULA", "一岗双责")]),
        ("把法治作为一项任务，实行一企一策。", [("FORMULA", "一项"), ("FORMULA", "一企一策")]),
        ("负责人出庭应诉，司法所列席。", [("DEED", "出庭应诉"), ("ORGAN", "司法所")]),
        ("认真落实各项要求。", []),
    ],
)
def test_what_is_marked(pipeline: Pipeline, text: str, marked: list[tuple[str, str]]) -> None:
    assert [(e.label, text[e.start : e.end]) for e in pipeline.read(text)] == marked


@pytest.mark.parametrize(
    ("words", "before", "value", "unit", "exact"),
    [
        ("1,135次", "", 1135, "次", True),
        ("3.1万人", "", 31000, "人", True),
        ("35万元", "", 350000, "元", True),
        ("72600元", "", 72600, "元", True),
        ("一百二十余件", "", 120, "件", False),
        ("两万三千人", "", 23000, "人", True),
        ("一百零五件", "", 105, "件", True),
        ("二〇件", "", 20, "件", True),
        ("百余场", "", 100, "场", False),
        ("200余万人次", "", 2000000, "人次", False),
        ("300件", "近", 300, "件", False),
        ("300件", "最近", 300, "件", True),
        ("30万元", "节约", 300000, "元", True),
    ],
)
def test_quantities_are_read(words: str, before: str, value: int, unit: str, exact: bool) -> None:
    found = read_quantity(words, before)
    assert found is not None
    assert (found.value, found.unit, found.exact) == (Decimal(value), unit, exact)


@given(st.text(alphabet="0123456789.,零一二三四五六七八九十百千万亿两余多件次", max_size=12))
@settings(max_examples=200, deadline=None)
def test_no_numeral_crashes_the_reader(text: str) -> None:
    read_quantity(text)


def test_entities_never_overlap(pipeline: Pipeline) -> None:
    for line in (SPECIMENS / "passes-all.txt").read_text("utf-8").splitlines():
        found = pipeline.read(line) if line else ()
        assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_spacy_is_imported_at_the_first_nominated_sentence_only() -> None:
    code = (
        "import sys; from validator.engine import build_engine; from validator.options import CheckOptions; "
        "from validator.ruleset import load_ruleset; e = build_engine(load_ruleset(), CheckOptions()); "
        "before = 'spacy' in sys.modules; e.pipeline.read('开展培训12场。'); print(before, 'spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "True"]


def test_the_trained_model_joins_and_outcomes_stay_the_same_where_patterns_decide(
    ruleset: RuleSet, engine: Engine, wheel: Path, tmp_path: Path
) -> None:
    model = install_model(wheel, home=tmp_path / "home", sha256=digest(wheel))
    with_model = build_engine(ruleset, CheckOptions(), model)
    assert with_model.pipeline.name == "zh_core_web_sm 3.8.0"
    text = (SPECIMENS / "passes-all.txt").read_text("utf-8")
    patterns = {r.id: r.outcome for r in evaluate(engine, read(text)).rules}
    trained = {r.id: r.outcome for r in evaluate(with_model, read(text)).rules}
    assert trained == patterns


def test_an_entity_of_the_model_counts_only_where_its_words_are_of_the_kind(ruleset: RuleSet) -> None:
    from validator.nlp.pipeline import accept_entity

    known = ruleset.spans.model_entities
    assert accept_entity(known, "DATE", "5月12日") == "DATE"
    assert accept_entity(known, "DATE", "2023年") is None
    assert accept_entity(known, "ORG", "云溪镇司法所") == "ORGAN"
    assert accept_entity(known, "PERSON", "张某") is None
