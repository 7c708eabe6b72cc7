"""Reports and sentences labelled by readers who had not seen the program: what it has learned it keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, read
from validator.engine import Engine, evaluate_rule
from validator.runner import check_file

LABELLED = ROOT / "fixtures" / "labelled"
REPORTS = [
    pytest.param(path.parent / name, labels, id=f"{path.parent.name}-{name}")
    for path in sorted(LABELLED.glob("*/labels.json"))
    for name, labels in sorted(json.loads(path.read_text("utf-8")).items())
]
SENTENCES = [
    json.loads(line) for line in (ROOT / "tests" / "cases" / "sentences.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("path", "labels"), REPORTS)
def test_report(engine: Engine, path: Path, labels: dict[str, dict[str, object]]) -> None:
    differing = {}
    for rule in check_file(engine, str(path)).rules:
        outcome = "na" if rule.outcome == "not_applicable" else rule.outcome
        label = labels.get(rule.id, {"outcome": outcome})
        allowed = [label["outcome"], *label.get("also", [])]  # type: ignore[misc]
        if outcome not in allowed:
            differing[rule.id] = (outcome, allowed)
    assert differing == {}


@pytest.mark.parametrize("case", SENTENCES, ids=lambda c: f"{c['rule']}-{c['text'][:12]}")
def test_sentence(engine_2023: Engine, case: dict[str, str]) -> None:
    rule = next(r for r in engine_2023.chosen if r.id == case["rule"])
    outcome = evaluate_rule(engine_2023, rule, read(case["text"])).outcome
    assert {"not_applicable": "na"}.get(outcome, outcome) == case["outcome"], case["why"]
