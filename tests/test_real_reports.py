"""The sample of real reports, when it stands beside the checkout: exact agreement with its readers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import ROOT
from validator.engine import Engine
from validator.runner import check_file

SHARED = Path(os.environ.get("FAZHI_SHARED", ROOT.parent / "shared"))
LABELS = SHARED / "labels" / "labels.json"

pytestmark = pytest.mark.skipif(not LABELS.is_file(), reason="the sample reports are not on this machine")


def test_every_label_of_the_rules_that_exist(engine: Engine) -> None:
    labels = json.loads(LABELS.read_text("utf-8"))
    differing = []
    for name, expected in labels.items():
        result = check_file(engine, str(SHARED / "reports" / name))
        for rule in result.rules:
            label = expected.get(rule.id)
            outcome = "na" if rule.outcome == "not_applicable" else rule.outcome
            if label and not label.get("skip") and outcome not in {label["outcome"], *label.get("also", [])}:
                differing.append((name, rule.id, label["outcome"], outcome))
    assert differing == []


def test_evidence_stands_where_it_says(engine: Engine) -> None:
    for path in sorted((SHARED / "reports").glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        for rule in check_file(engine, str(path)).rules:
            for evidence in rule.evidence:
                place = evidence.location
                assert place is not None
                if place.line == place.end_line and not evidence.excerpt.endswith("…"):
                    shown = "".join(lines[place.line - 1][place.column - 1 : place.end_column - 1].split())
                    assert shown == "".join(evidence.excerpt.split())
