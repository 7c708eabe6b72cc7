"""Golden outcomes of every specimen. ``make golden`` writes them anew; the change is then read by a person."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, SPECIMENS
from validator.engine import Engine
from validator.result import FileResult
from validator.runner import check_file

GOLDEN = ROOT / "tests" / "golden"
NAMES = sorted(p.name for p in SPECIMENS.iterdir())


def summary(result: FileResult) -> dict[str, object]:
    """What must not change unseen: facts, outcomes, and the places and kinds of findings (no prose)."""
    facts = result.facts
    assert facts is not None
    return {
        "outcome": result.outcome,
        "facts": [facts.title, facts.reporting_year, facts.organ, facts.organ_level],
        "rules": {
            r.id: [r.outcome, *(f"{f.location.line}:{f.location.column}" if f.location else "-" for f in r.findings)]
            for r in result.rules
        },
    }


@pytest.mark.parametrize("name", NAMES)
def test_golden(engine: Engine, name: str) -> None:
    got = summary(check_file(engine, str(SPECIMENS / name)))
    path = GOLDEN / f"{Path(name).name}.json"
    if os.environ.get("FAZHI_UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(json.dumps(got, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert got == json.loads(path.read_text("utf-8"))


def test_no_golden_file_is_left_over() -> None:
    assert sorted(p.stem for p in GOLDEN.glob("*.json")) == NAMES


FAILS = {
    "missing-measures.txt": "P101",
    "missing-problems.txt": "P102",
    "missing-principal.txt": "P103",
    "missing-plan.txt": "P104",
    "genre-xinxi-gongkai.txt": "G001",
    "genre-zhengfu-gongzuo.txt": "G001",
    "genre-pufa-qingdan.txt": "G001",
}


@pytest.mark.parametrize(("name", "rule_id"), FAILS.items())
def test_what_each_specimen_is_for(engine: Engine, name: str, rule_id: str) -> None:
    result = check_file(engine, str(SPECIMENS / name))
    failed = {r.id for r in result.rules if r.outcome == "fail" and r.id[0] in "GP" and r.severity == "error"}
    assert failed == {rule_id}
