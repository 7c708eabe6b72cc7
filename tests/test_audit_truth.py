"""What was planted in a generated corpus is found by an audit as a user runs it, and nothing else fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generate import Order, generate
from benchmarks.verify import verify
from tests.conftest import Run


@pytest.mark.slow
def test_everything_planted_is_found_and_nothing_else_fails(fazhi: Run, tmp_path: Path) -> None:
    generate(tmp_path / "corpus", Order(count=2000, seed=1, planted=0.12, corrupt=0.01))
    done = fazhi(
        *("audit", tmp_path / "corpus" / "reports", "--out", "结果", "--outputs", "none", "--jobs", 2),
        *("--roster", tmp_path / "corpus" / "roster.csv", "--pattern", "{year}/{region}/{organ}"),
    )
    assert done.returncode == 2, done.stderr
    wrong, counts = verify(tmp_path / "corpus", tmp_path / "结果")
    assert wrong == []
    assert sum(n for name, n in counts.items() if name.startswith("planted: ")) > 200
    assert counts["not planted: plan_unmentioned"] <= 12
    assert counts["not planted: copy"] <= 60
