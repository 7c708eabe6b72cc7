"""How each report is checked, as the configuration above it says. This is the one place that decides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from validator.acceptance import Acceptance, accept
from validator.engine import Engine
from validator.result import FileResult
from validator.settings.project import BASELINE_NAME, WAIVERS_NAME, Project
from validator.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Way:
    """How one report is checked: its engine, and the waivers and baseline of its project."""

    engine: Engine
    acceptance: Acceptance

    @property
    def wants_all(self) -> bool:
        """Whether every finding is needed: a baseline counts them."""
        return self.acceptance.baseline is not None

    def accept(self, result: FileResult) -> FileResult:
        """Return a result with what was waived and what the baseline has."""
        ruleset = self.engine.ruleset
        rule_ids = {r.id for r in ruleset.rules}
        files, _, _ = accept((result,), self.acceptance, rule_ids, ruleset.profile.not_waivable)
        return files[0]


class Engines:
    """The engines of a server, each made at its first use. ``today`` says which waivers have expired."""

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self._today = today
        self._bench = Workbench()

    def way_for(self, path: Path) -> Way:
        """Return how a report is checked. Configuration is read anew each time, so that its changes show at once.

        Raises:
            RuleFileError: a rule file or the waiver file is wrong.
            OptionError: the configuration is wrong, or a chosen rule, profile or model does not exist.
        """
        project = Project([str(path)])
        acceptance = Acceptance(
            project.file_beside("waivers", WAIVERS_NAME), project.file_beside("baseline", BASELINE_NAME), self._today()
        )
        return Way(self._bench.engine(project.recipe_for(str(path))), acceptance)

    def forget(self) -> None:
        """Make every engine anew at its next use: rule files have changed."""
        self._bench = Workbench()
