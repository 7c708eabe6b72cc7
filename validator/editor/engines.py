"""Which engine checks which report. This is the one place that decides it."""

from __future__ import annotations

from pathlib import Path

from validator.engine import Engine
from validator.parallel import Recipe, make_engine


class Engines:
    """The engines of a server, each made at its first use."""

    def __init__(self) -> None:
        self._made: dict[Recipe, Engine] = {}

    def engine_for(self, path: Path) -> Engine:
        """Return the engine that checks a report.

        Now every report is checked with the shipped rules. A configuration file that stands above ``path`` would be
        looked up in ``_recipe_for``, and nowhere else.

        Raises:
            RuleFileError: a rule file is wrong.
            OptionError: a chosen rule, profile or model does not exist.
        """
        recipe = self._recipe_for(path)
        engine = self._made.get(recipe)
        if engine is None:
            engine = self._made[recipe] = make_engine(recipe)
        return engine

    def forget(self) -> None:
        """Make every engine anew at its next use: rule files have changed."""
        self._made = {}

    def _recipe_for(self, path: Path) -> Recipe:  # noqa: ARG002
        return Recipe()
