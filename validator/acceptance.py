"""Results with what takes the effect from their findings: waivers on a day, and a baseline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from validator.result import BaselineUse, FileResult, WaiverUse


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A waiver file, a baseline file, and the day on which waivers are looked at."""

    waivers: Path | None = None
    baseline: Path | None = None
    today: date = date.max


def accept(
    files: Sequence[FileResult],
    acceptance: Acceptance,
    rule_ids: Collection[str],
    not_waivable: Collection[str],
) -> tuple[tuple[FileResult, ...], tuple[WaiverUse, ...], BaselineUse | None]:
    """Return results with what is accepted, what became of each waiver, and what the baseline did.

    Args:
        files: results, with all their findings where there is a baseline.
        acceptance: the files, and the day.
        rule_ids: the rules that exist.
        not_waivable: rules, or groups by their letter, that neither a waiver nor the baseline may touch.

    Raises:
        RuleFileError: the waiver file is wrong.
        OptionError: a file cannot be read, or is no baseline.
    """
    found = tuple(files)
    uses: tuple[WaiverUse, ...] = ()
    baseline: BaselineUse | None = None
    if acceptance.waivers is not None:
        from validator.waivers import apply_waivers, read_waivers

        waivers = read_waivers(acceptance.waivers)
        found, uses = apply_waivers(
            found, waivers, today=acceptance.today, rule_ids=rule_ids, not_waivable=not_waivable
        )
    if acceptance.baseline is not None:
        from validator.baseline import apply_baseline, read_baseline

        found, baseline = apply_baseline(found, read_baseline(acceptance.baseline), acceptance.baseline, not_waivable)
    return found, uses, baseline
