"""Sources → RunResult over several processes: the same results in the same order as one process gives.

A task is a recipe and a source, so that any executor can run it. What a process needs for a recipe it makes once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from validator.engine import Engine, build_engine
from validator.nlp.model import find_model
from validator.options import DEFAULT_LIMITS, DEFAULT_OPTIONS, CheckOptions, Limits
from validator.result import FileResult, RunResult
from validator.ruleset import load_ruleset
from validator.runner import Checker, finish_run
from validator.sources import STDIN, Source

_MANY = 60
"""For fewer files starting processes takes longer than it saves."""
_MOST = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a result beside the file. It can be sent to another process."""

    rules_dir: Path | None = None
    profile: str = "default"
    options: CheckOptions = DEFAULT_OPTIONS
    model: str = "auto"
    limits: Limits = DEFAULT_LIMITS
    ocr: bool = False


def make_engine(recipe: Recipe) -> Engine:
    """Read the rules and prepare them.

    Raises:
        RuleFileError: a rule file is wrong.
        OptionError: a chosen rule, profile or model does not exist.
    """
    ruleset = load_ruleset(recipe.rules_dir, recipe.profile)
    return build_engine(ruleset, recipe.options, find_model(recipe.model))


def count_jobs(wanted: int, sources: Sequence[Source]) -> int:
    """Return how many processes to use: as many as wanted, or (0) one for few files and one a processor for many.

    What comes from standard input can be read in one process only.
    """
    if any(s.file == STDIN for s in sources):
        return 1
    if wanted:
        return min(wanted, len(sources))
    return 1 if len(sources) < _MANY else min(os.cpu_count() or 1, _MOST)


def run_parallel(
    recipe: Recipe,
    engine: Engine,
    sources: Sequence[Source],
    jobs: int,
    on_file: Callable[[str], None] = lambda _: None,
) -> RunResult:
    """Check files in several processes; ``on_file`` is told the path of each file that is done, in order.

    Args:
        recipe: what every process makes its engine of.
        engine: one that was made of it here.
        sources: the files; results keep their order.
        jobs: how many processes.
        on_file: told of each file.
    """
    results: list[FileResult] = []
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_ignore_interrupts)
    try:
        for source, result in zip(
            sources, pool.map(_check, [recipe] * len(sources), sources, chunksize=4), strict=True
        ):
            results.append(result)
            on_file(source.path)
    except BrokenProcessPool:
        # A process was killed, for want of memory mostly. What is not done yet is done here, one after the other.
        with Checker(engine, recipe.limits, ocr=recipe.ocr) as checker:
            for source in sources[len(results) :]:
                results.append(checker.check(source))
                on_file(source.path)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return finish_run(engine, results)


def _check(recipe: Recipe, source: Source) -> FileResult:
    return _checker(recipe).check(source)


@lru_cache(maxsize=1)
def _checker(recipe: Recipe) -> Checker:
    """Return what this process checks with; its reading process ends when this one does."""
    return Checker(make_engine(recipe), recipe.limits, ocr=recipe.ocr)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
