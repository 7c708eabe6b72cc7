"""Tasks → RunResult: what is known is taken from the cache, the rest is checked; then waivers and the baseline."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from validator import __version__
from validator.acceptance import Acceptance, accept
from validator.cache import Cache, RecipeFacts, can_keep, name_recipe
from validator.errors import LoadError, OptionError
from validator.loaders.archive import Archives
from validator.options import Limits
from validator.recipe import DEFAULT_RECIPE, Recipe, default_rules_path, digest_rules
from validator.result import FileResult, RunResult, Tool, build_run
from validator.sources import STDIN, Task, read_source

if TYPE_CHECKING:
    from validator.workbench import Workbench

_KEPT_AT_ONCE = 100
_MANY = 60
"""For fewer files starting processes takes longer than it saves."""
_MOST = 8


def count_jobs(wanted: int, tasks: Sequence[Task]) -> int:
    """Return how many processes to use: as many as wanted, or (0) one for few files and one a processor for many.

    What comes from standard input can be read in one process only.
    """
    if any(t.source.file == STDIN for t in tasks):
        return 1
    if wanted:
        return max(min(wanted, len(tasks)), 1)
    return 1 if len(tasks) < _MANY else min(os.cpu_count() or 1, _MOST)


def run_batch(
    tasks: Sequence[Task],
    *,
    cache: Cache,
    jobs: int = 0,
    acceptance: Acceptance | None = None,
    excluded: int = 0,
    configuration: Sequence[str] = (),
    usual: Recipe = DEFAULT_RECIPE,
    on_file: Callable[[str], None] = lambda _: None,
) -> RunResult:
    """Check files; the result does not depend on the cache or on the number of processes.

    Args:
        tasks: what to check; results keep their order.
        cache: results of earlier runs.
        jobs: how many processes (0: decided by the number of files to check).
        acceptance: waivers and baseline.
        excluded: how many files were left out.
        configuration: the configuration files used.
        usual: the recipe that says which rules were applied when there is no file at all.
        on_file: is told the path of each file that is done.

    Raises:
        RuleFileError: a rule file or the waiver file is wrong.
        OptionError: a chosen rule, profile, model or the baseline does not exist, or rules changed during the run.
    """
    with _Batch(cache) as batch:
        counts = Counter(t.recipe for t in tasks) or Counter([usual])
        facts = {recipe: batch.facts(recipe) for recipe in counts}
        results = list(batch.results(tasks, jobs, on_file))
    cache.tidy()
    main = facts[counts.most_common(1)[0][0]]
    files = tuple(
        r if facts[t.recipe].ruleset == main.ruleset else replace(r, ruleset=facts[t.recipe].ruleset)
        for t, r in zip(tasks, results, strict=True)
    )
    rule_ids = {i for f in facts.values() for i in f.rule_ids}
    not_waivable = {n for f in facts.values() for n in f.not_waivable}
    files, waivers, baseline = accept(files, acceptance or Acceptance(), rule_ids, not_waivable)
    tool = Tool("fazhi", __version__, main.pipeline)
    run = build_run(tool, main.ruleset, files, max((f.rules for f in facts.values()), default=0), excluded)
    return replace(run, waivers=waivers, baseline=baseline, configuration=tuple(configuration))


class _Batch:
    """One run: the cache, and a workbench once something must be checked (only then are its libraries imported)."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._names: dict[Recipe, str] = {}
        self._facts: dict[Recipe, RecipeFacts] = {}
        self._fresh: list[tuple[Recipe, FileResult]] = []
        self._bench: Workbench | None = None

    def __enter__(self) -> _Batch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bench is not None:
            self._bench.__exit__(kind, error, trace)

    def _workbench(self) -> Workbench:
        if self._bench is None:
            from validator.workbench import Workbench

            self._bench = Workbench()
        return self._bench

    def facts(self, recipe: Recipe) -> RecipeFacts:
        """Return what a run must know of a recipe, of the cache or of its engine."""
        if self._cache.is_on:
            name = self._names[recipe] = name_recipe(recipe)
            found = self._cache.find_facts(name)
            if found is not None:
                self._facts[recipe] = found
                return found
        engine = self._workbench().engine(recipe)
        ruleset = engine.ruleset
        facts = self._facts[recipe] = RecipeFacts(
            ruleset.identity,
            len(engine.chosen),
            engine.pipeline.name,
            ruleset.profile.not_waivable,
            tuple(r.id for r in ruleset.rules),
        )
        return facts

    def results(self, tasks: Sequence[Task], jobs: int, on_file: Callable[[str], None]) -> Iterator[FileResult]:
        """Yield the result of each task, in order."""
        known = self._find(tasks) if self._cache.is_on else {}
        rest = [t for i, t in enumerate(tasks) if i not in known]
        fresh = self._check(rest, count_jobs(jobs, rest))
        for index, task in enumerate(tasks):
            result = known.get(index)
            if result is None:
                result = next(fresh)
                self._fresh.append((task.recipe, result))
                if len(self._fresh) >= _KEPT_AT_ONCE:
                    self._keep()
            yield result
            on_file(task.source.path)
        next(fresh, None)
        self._keep()

    def _keep(self) -> None:
        """Keep what was found, after a look whether the rules are still those it was found with."""
        if self._bench is None:
            return
        for recipe, facts in self._facts.items():
            root = recipe.rules_dir or default_rules_path()
            if digest_rules(root, recipe.profile, recipe.packs) != facts.ruleset.digest:
                raise OptionError("规则文件在检查当中被改过，请再检查一次。")
            if recipe in self._names:
                self._cache.keep_facts(self._names[recipe], facts)
        for recipe, result in self._fresh:
            if recipe in self._names:
                self._cache.keep(self._names[recipe], result)
        self._fresh.clear()

    def _check(self, tasks: Sequence[Task], jobs: int) -> Iterator[FileResult]:
        if not tasks:
            return
        from validator.parallel import check_parallel, check_serial

        bench = self._workbench()
        yield from check_parallel(tasks, jobs, bench) if jobs > 1 else check_serial(tasks, bench)

    def _find(self, tasks: Sequence[Task]) -> dict[int, FileResult]:
        """Return the results that are in the cache, by the number of the task."""
        found: dict[int, FileResult] = {}
        with ExitStack() as stack:
            archives: dict[Limits, Archives] = {}
            for index, task in enumerate(tasks):
                source, limits = task.source, task.recipe.limits
                if source.file == STDIN or not can_keep(source.path):
                    continue
                if limits not in archives:
                    archives[limits] = stack.enter_context(Archives(limits))
                with suppress(LoadError):
                    digest = hashlib.sha256(read_source(source, archives[limits])).hexdigest()
                    result = self._cache.find(self._names[task.recipe], source.path, digest)
                    if result is not None:
                        found[index] = result
        return found
