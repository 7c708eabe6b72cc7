"""One file of a batch → its result and what it is compared by: one function for every process and every machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from validator import __version__
from validator.audit.across.sketches import sketch
from validator.audit.intake import fetch
from validator.audit.records import Traits
from validator.audit.traits import read_traits
from validator.checks.context import CheckContext
from validator.engine import Engine, unreadable
from validator.errors import LoadError, OptionError
from validator.loaders.archive import Archives
from validator.options import CheckOptions, Enforcement, Limits, OrganLevel
from validator.recipe import Recipe
from validator.result import FileResult
from validator.sources import Source
from validator.workbench import Workbench


class Pledge(NamedTuple):
    """What every process of an audit must have in common: version, digest of the rules, language pipeline."""

    version: str
    ruleset: str
    pipeline: str


class Job(NamedTuple):
    """One file to look at.

    ``year`` and ``level`` hold where the report itself does not say them, ``region`` and ``enforcement`` where the
    options of the recipe do not. ``known`` is the SHA-256 of a result that is
    still good for the same bytes. ``data`` are the bytes, where the process that looks cannot reach the file.
    """

    file: int
    path: str
    address: Source
    recipe: Recipe
    pledge: Pledge
    year: int | None = None
    level: OrganLevel | None = None
    known: str | None = None
    region: str | None = None
    enforcement: Enforcement | None = None
    data: bytes | None = None


class Examined(NamedTuple):
    """What was found in a file. Without ``result`` it has not changed, or (``error``) could not be looked at.

    ``own_year`` and ``own_level``: the report itself says them.
    """

    file: int
    result: FileResult | None
    traits: Traits | None = None
    size: int | None = None
    own_year: bool = True
    own_level: bool = True
    error: str | None = None


class Examiner:
    """Looks at one file after the other; what it needs is made once. Leaving the ``with`` statement ends it."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._bench = self._opened.enter_context(Workbench())
        self._archives: dict[Limits, Archives] = {}
        self._kept: set[tuple[Recipe, Pledge]] = set()

    def __enter__(self) -> Examiner:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def examine(self, job: Job) -> Examined:
        """Return what is found in a file. Whatever goes wrong with it becomes its result.

        Raises:
            OptionError: this process does not have what was pledged.
        """
        recipe = replace(job.recipe, options=_stated(job))
        checker = self._bench.checker(recipe)
        engine = checker.engine
        self._keep_pledge(job, engine)
        try:
            data = job.data if job.data is not None else self._fetch(job)
        except LoadError as exc:
            return Examined(job.file, unreadable(engine, job.path, None, str(exc)))
        digest = sha256(data).hexdigest()
        if job.known == digest:
            return Examined(job.file, None, size=len(data))
        read = _reader(engine)
        result, traits = checker.examine(job.path, data, read)
        stated = _fill_gaps(job, result)
        own_year = stated is None or stated.year is None
        own_level = stated is None or stated.organ_level is None
        if stated is not None:
            known = replace(recipe, options=stated)
            result, traits = self._bench.checker(known).examine(job.path, data, read)
        return Examined(job.file, result, traits, len(data), own_year, own_level)

    def _fetch(self, job: Job) -> bytes:
        limits = job.recipe.limits
        if limits not in self._archives:
            self._archives[limits] = self._opened.enter_context(Archives(limits))
        return fetch(job.address, self._archives[limits])

    def _keep_pledge(self, job: Job, engine: Engine) -> None:
        if (job.recipe, job.pledge) in self._kept:
            return
        here = make_pledge(engine)
        for name, ours, theirs in zip(("程序版本", "规则", "语言模型"), here, job.pledge, strict=True):
            if ours != theirs:
                raise OptionError(f"工作进程的{name}与这里的不同（{ours[:24]} 与 {theirs[:24]}），没有开始审核。")
        self._kept.add((job.recipe, job.pledge))


def make_pledge(engine: Engine) -> Pledge:
    """Return what this process has."""
    return Pledge(__version__, engine.ruleset.digest, engine.pipeline.name)


_ONE_AT_A_TIME = Lock()
"""A worker may have several threads; what they share looks at one file at a time."""


def examine_job(job: Job) -> Examined:
    """Look at one file in this process, whichever it is."""
    with _ONE_AT_A_TIME:
        return _examiner().examine(job)


@cache
def _examiner() -> Examiner:
    return Examiner()


def _reader(engine: Engine) -> Callable[[CheckContext], Traits]:
    def read(context: CheckContext) -> Traits:
        traits = read_traits(context)
        bands, whole = sketch(traits.passages, engine.ruleset.formulas)
        return replace(traits, sketch=bands, whole=whole)

    return read


def _stated(job: Job) -> CheckOptions:
    """Return the options of a recipe with what is known of the organ of a file."""
    options = job.recipe.options
    power = options.enforcement if options.enforcement != "unknown" else job.enforcement or "unknown"
    return replace(options, region=options.region or job.region, enforcement=power)


def _fill_gaps(job: Job, result: FileResult) -> CheckOptions | None:
    """Return the options of a second look, where the path knows what the report does not say; else ``None``."""
    options = _stated(job)
    facts = result.facts
    if facts is None:
        return None
    year = job.year if facts.reporting_year is None and options.year is None else None
    level = job.level if facts.organ_level in (None, "other") and options.organ_level is None else None
    if year is None and level is None:
        return None
    return replace(options, year=year or options.year, organ_level=level or options.organ_level)
