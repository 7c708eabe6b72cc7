"""Checks files of any recipe; what several recipes share (rules, pipeline, reading process) is made once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from validator.engine import Engine, build_engine
from validator.loaders.reader import Reader
from validator.nlp.model import find_model
from validator.nlp.pipeline import Pipeline
from validator.options import CheckOptions, Limits
from validator.recipe import Recipe
from validator.result import FileResult
from validator.ruleset import RuleSet, load_ruleset
from validator.runner import Checker
from validator.sources import Source


class Workbench:
    """Everything that checking needs, made when it is first asked for. Leaving the ``with`` statement ends it."""

    def __init__(self) -> None:
        self._rulesets: dict[tuple[Path | None, str, tuple[Path, ...]], RuleSet] = {}
        self._pipelines: dict[tuple[Path | None, str, tuple[Path, ...], str], Pipeline] = {}
        self._bases: dict[tuple[object, ...], Engine] = {}
        self._engines: dict[Recipe, Engine] = {}
        self._readers: dict[tuple[Limits, bool], Reader] = {}
        self._checkers: dict[Recipe, Checker] = {}
        self._opened = ExitStack()

    def __enter__(self) -> Workbench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def engine(self, recipe: Recipe) -> Engine:
        """Return the engine of a recipe.

        Raises:
            RuleFileError: a rule file is wrong.
            OptionError: a chosen rule, profile or model does not exist.
        """
        found = self._engines.get(recipe)
        if found is None:
            found = self._engines[recipe] = self._build(recipe)
        return found

    def check(self, recipe: Recipe, source: Source) -> FileResult:
        """Read and check one file. Whatever goes wrong with it becomes its result."""
        return self.checker(recipe).check(source)

    def checker(self, recipe: Recipe) -> Checker:
        """Return what checks files of a recipe.

        Raises:
            RuleFileError: a rule file is wrong.
            OptionError: a chosen rule, profile or model does not exist.
        """
        checker = self._checkers.get(recipe)
        if checker is None:
            key = (recipe.limits, recipe.ocr)
            if key not in self._readers:
                self._readers[key] = self._opened.enter_context(Reader(recipe.limits, ocr=recipe.ocr))
            new = Checker(
                self.engine(recipe),
                recipe.limits,
                reader=self._readers[key],
                all_findings=recipe.all_findings,
                with_text=recipe.with_text,
            )
            checker = self._checkers[recipe] = self._opened.enter_context(new)
        return checker

    def _build(self, recipe: Recipe) -> Engine:
        key = (recipe.rules_dir, recipe.profile, recipe.packs)
        if key not in self._rulesets:
            self._rulesets[key] = load_ruleset(recipe.rules_dir, recipe.profile, packs=recipe.packs)
        ruleset = self._rulesets[key]
        name = (*key, recipe.model)
        if name not in self._pipelines:
            self._pipelines[name] = Pipeline(ruleset.spans, find_model(recipe.model))
        chosen = CheckOptions(select=recipe.options.select, ignore=recipe.options.ignore)
        base = (*name, chosen)
        if base not in self._bases:
            self._bases[base] = build_engine(ruleset, chosen, pipeline=self._pipelines[name])
        return replace(self._bases[base], options=recipe.options)  # facts that are stated cost no new engine
