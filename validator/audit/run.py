"""An audit from beginning to end: list, check, say who is who, compare. A kill at any moment loses nothing done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import msgspec

from validator.audit.comparing import Watch, compare_reports
from validator.audit.crew import Crew
from validator.audit.decisions import settle
from validator.audit.examine import Examined, Job, Pledge, make_pledge
from validator.audit.identifying import identify_files
from validator.audit.intake import list_source, name_source, unlock
from validator.audit.records import RosterEntry, RuleInfo, TextFacts
from validator.audit.store import Store, Waiting
from validator.audit.who.identify import Directory
from validator.audit.who.patterns import PathPattern, read_path
from validator.audit.who.stems import guess_year
from validator.cache import can_keep, name_recipe
from validator.engine import Engine, describe_basis, unreadable
from validator.errors import OptionError, plain
from validator.options import Enforcement, OrganLevel
from validator.recipe import Recipe
from validator.result import FileResult
from validator.workbench import Workbench


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What an audit shall do.

    ``patterns`` read paths below the source, the first that fits. ``due`` is the year whose reports are due (``None``:
    the year that most reports are of). ``resume``: go on with what is in the folder, looking again at nothing.
    """

    source: str
    folder: Path
    recipe: Recipe
    patterns: tuple[PathPattern, ...] = ()
    roster: tuple[RosterEntry, ...] = ()
    due: int | None = None
    resume: bool = False


def run_audit(plan: AuditPlan, crew: Crew, watch: Watch) -> tuple[str, ...]:
    """Fill the database of a folder, and return what people must know about the source, in plain sentences.

    Args:
        plan: what to do.
        crew: who looks at the files.
        watch: shows how far each phase is.

    Raises:
        OptionError: the source, the folder or the rules cannot be used, or another audit uses the folder.
        ValidatorError: no file could be checked as asked.
    """
    directory = Directory(plan.roster)
    engine = Workbench().engine(plan.recipe)
    pledge = make_pledge(engine)
    with Store(plan.folder, create=True) as store:
        notes = _prepare(store, plan, engine, pledge)
        _check(store, plan, engine, pledge, crew, watch, directory)
        store.tell({"state": "comparing"})
        with store.transaction():
            identify_files(store, directory, plan.due)
            compare_reports(store, engine.ruleset.formulas, watch)
            settle(store.base)
            store.tell({"state": "finished"})
        store.tidy()
    return notes


def _prepare(store: Store, plan: AuditPlan, engine: Engine, pledge: Pledge) -> tuple[str, ...]:
    """Write down what is done with what, list the files unless an audit is gone on with, and say what was noticed."""
    told = store.told()
    settings = json.dumps(
        [name_source(plan.source), name_recipe(plan.recipe), [p.text for p in plan.patterns]], ensure_ascii=False
    )
    if plan.resume:
        if "settings" not in told:
            raise OptionError(f"{plan.folder} 里没有可以接着做的审核，请去掉 --resume。")
        if told["settings"] != settings:
            raise OptionError("来源、规则或选项与上次不同，不能接着做；去掉 --resume，没有变化的结果会照用。")
    found = list_source(plan.source, plan.recipe.limits, plan.folder)
    notes: tuple[str, ...] = ()
    if plan.resume:
        unseen = sum(not store.has(f.path) for f in found)
        notes = (f"来源里多了{unseen}个文件，这次没有看；去掉 --resume 再运行就会看。",) if unseen else ()
    with store.transaction():
        if not plan.resume:
            store.list((f, read_path(f.path, plan.patterns)) for f in found)
            notes = _match_patterns(store, plan.patterns)
        store.keep_rules(_describe(engine))
        store.keep_roster(plan.roster)
        store.tell(
            {
                "settings": settings,
                "source": name_source(plan.source),
                "profile": plan.recipe.profile,
                "tool_version": pledge.version,
                "pipeline": pledge.pipeline,
                "ruleset_version": engine.ruleset.version,
                "ruleset_digest": engine.ruleset.digest,
                "packs": msgspec.json.encode(engine.ruleset.packs).decode(),
                "state": "checking",
                "due": None,
            }
        )
    return notes


def _match_patterns(store: Store, patterns: Sequence[PathPattern]) -> tuple[str, ...]:
    """Say how many paths no pattern fits.

    Raises:
        OptionError: none fits.
    """
    if not patterns:
        return ()
    fitting, others, example = store.count_placed()
    if not fitting:
        raise OptionError(f"--pattern 的样式没有一个文件对得上，例如“{plain(example)}”。样式从来源里面的文件夹写起。")
    return (f"--pattern 的样式对上{fitting}个文件，{others}个没有对上，例如“{plain(example)}”。",) if others else ()


def _describe(engine: Engine) -> Iterator[RuleInfo]:
    """Yield the chosen rules with their basis, for organs that the law names."""
    for rule in engine.chosen:
        yield RuleInfo(rule.id, rule.title, rule.severity, describe_basis(engine.ruleset, rule))


def _check(
    store: Store, plan: AuditPlan, engine: Engine, pledge: Pledge, crew: Crew, watch: Watch, directory: Directory
) -> None:
    """Look at every file that waits; each result is kept as it comes."""
    recipe = name_recipe(plan.recipe)
    asked: dict[int, Waiting] = {}
    names: dict[int, str] = {}
    roster = {e.line: e for e in directory.roster}
    by_region = any(r.applies.regions for r in engine.ruleset.rules)

    def jobs() -> Iterator[Job]:
        for row in store.waiting():
            asked[row.id] = row
            region, power = _belonging(row, directory, roster)
            region = region if by_region else None
            names[row.id] = _name(recipe, row, region, power)
            yield Job(
                row.id,
                row.path,
                unlock(row.address, plan.source),
                plan.recipe,
                pledge,
                _year_of(row),
                _read_level(row.facts.level),
                row.sha256 if row.recipe == names[row.id] and _is_lasting(row) else None,
                region=region,
                enforcement=power,
            )

    waiting = store.count()[1]
    with watch("检查", waiting) as advance:
        for found in crew(jobs(), waiting):
            row, name = asked.pop(found.file), names.pop(found.file)
            if found.result is None and found.error is None:
                store.keep_known(row.id)
            else:
                _keep(store, row, name, found, engine)
            advance()


def _keep(store: Store, row: Waiting, recipe: str, found: Examined, engine: Engine) -> None:
    """Keep what was found in a file; where its text is no text, that is its error."""
    result = found.result or unreadable(engine, row.path, None, found.error or "")
    try:
        store.keep(row.id, result, found.traits, recipe=recipe, size=found.size, text=_read_facts(found, result))
    except UnicodeEncodeError:  # half characters, as broken tables of letters in a PDF can give
        result = unreadable(engine, row.path, result.sha256, "文字里有残缺的字符，存不下来。请另存一次再报送。")
        store.keep(row.id, result, None, recipe=recipe, size=found.size, text=TextFacts())


def _year_of(row: Waiting) -> int | None:
    """Return the year that holds where the report says none: what a pattern read from the path, or what it shows."""
    return row.facts.year if row.facts.year is not None else guess_year(row.path)


def _belonging(
    row: Waiting, directory: Directory, roster: Mapping[int, RosterEntry]
) -> tuple[str | None, Enforcement | None]:
    """Return region and power of enforcement of a file, as the path or the roster says before it is read."""
    line = directory.identify(row.facts, TextFacts(), row.path).entry if roster else None
    entry = roster.get(line) if line is not None else None
    return row.facts.region or (entry.region if entry else None), entry.enforcement if entry else None


def _name(recipe: str, row: Waiting, region: str | None, power: Enforcement | None) -> str:
    """Return a name for all that decides a result beside the bytes: also what path and roster say."""
    more = f":{region or ''}:{power or ''}" if region or power else ""
    return f"{recipe}:{_year_of(row) or ''}:{row.facts.level or ''}{more}"


def _is_lasting(row: Waiting) -> bool:
    """Tell whether an earlier result is as good as a new one: errors and what another program converts are not."""
    return row.outcome not in (None, "error") and can_keep(row.path)


def _read_level(level: str | None) -> OrganLevel | None:
    return next((known for known in get_args(OrganLevel) if known == level), None)


def _read_facts(found: Examined, result: FileResult) -> TextFacts:
    """Return what the report itself says about whose it is."""
    facts = result.facts
    if facts is None:
        return TextFacts()
    return TextFacts(
        facts.organ,
        facts.organ_level if found.own_level else None,
        facts.organ_kind if found.own_level else None,
        facts.reporting_year if found.own_year else None,
        facts.published,
        facts.title,
    )
