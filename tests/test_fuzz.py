"""A short version of ``make fuzz``: mutated files are read or refused in one sentence."""

from __future__ import annotations

import pytest

from tests.fuzz import fuzz
from tests.seeds import SEEDS


@pytest.mark.slow
@pytest.mark.parametrize("kind", SEEDS)
def test_mutated_files(kind: str) -> None:
    tally = fuzz(kind, 60, seed=7)
    assert tally.faults == []
    assert sum(tally.counts.values()) == 60
    assert tally.counts["refused"]
    assert kind == "zip" or tally.counts["read"]
