"""``rules/coverage.yaml`` → every clause of two instruments, with the rules that check it or why no program can."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from validator.kinds import Data, RuleId, Text
from validator.law.data_file import find_article, find_source, read_data_file
from validator.result import SourceStatus, least_certain
from validator.rule import Rule, RuleBasis, Source
from validator.ruleset import RuleSet
from validator.yaml_file import YamlFile

FILE = "coverage.yaml"


class ClauseData(Data):
    """One clause: ``quote`` are its words as far as they are known, ``gist`` is what it is about, from memory.

    ``rules`` check it; ``not_checked`` says why no program can. ``see``: rules near to it, which cite other sources.
    """

    source: Text
    article: Text
    quote: Text | None = None
    gist: Text | None = None
    rules: tuple[RuleId, ...] = ()
    not_checked: Text | None = None
    see: tuple[RuleId, ...] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.quote is None) == (self.gist is None):
            raise ValueError("quote 和 gist 要写一个，也只能写一个")
        if bool(self.rules) == (self.not_checked is not None):
            raise ValueError("rules 和 not_checked 要写一个，也只能写一个")
        return self


class CoverageData(Data):
    """``coverage.yaml``: the sources whose every clause is listed, and the clauses."""

    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    clauses: Annotated[tuple[ClauseData, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. ``text`` is quoted, or the gist of it (``is_gist``), which is never verified.

    Either ``rules`` check it, or ``not_checked`` says why none does.
    """

    article: str
    text: str
    is_gist: bool
    status: SourceStatus
    rules: tuple[str, ...]
    not_checked: str
    see: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoveredSource:
    """One instrument and its clauses, in the order of the file."""

    id: str
    title: str
    number: str
    clauses: tuple[Clause, ...]


Coverage = tuple[CoveredSource, ...]


def read_coverage(ruleset: RuleSet, folder: Path | None = None) -> Coverage:
    """Read and check the table of a rule folder; a folder without one has an empty table.

    Args:
        ruleset: the rules that the table is about.
        folder: the rules; without one, those that come with the program.

    Raises:
        RuleFileError: the file cannot be read, breaks the schema, quotes what does not stand in a source, names a rule
            that does not exist, or leaves out a clause that a rule cites (one that no pack adds or changes).
    """
    if folder is not None and folder.is_dir() and not (folder / FILE).exists():
        return ()
    file, data = read_data_file(folder, FILE, CoverageData)
    _check(file, data, ruleset)
    return tuple(_covered(ruleset.sources[name], data) for name in data.sources)


def _check(file: YamlFile, data: CoverageData, ruleset: RuleSet) -> None:
    """Refuse a table that says of rules and sources what is not so, or too little."""
    sources = ruleset.sources
    for index, name in enumerate(data.sources):
        find_source(file, ("sources", index), name, sources)
    for index, clause in enumerate(data.clauses):
        if clause.source not in data.sources:
            raise file.error(("clauses", index, "source"), f"{clause.source} 没有写在 sources 里")
        if clause.quote is not None:
            find_article(file, ("clauses", index), sources[clause.source], clause.article, clause.quote)
        for key in ("rules", "see"):
            for at, name in enumerate(getattr(clause, key)):
                if name not in ruleset.paths:
                    raise file.error(("clauses", index, key, at), f"没有编号为 {name} 的规则")
    for name in data.sources:
        if not any(c.source == name for c in data.clauses):
            raise file.error(("sources",), f"{name} 一条也没有列")
    if ruleset.packs:  # whoever writes one cannot mend this table; it is held to the rules that it came with
        return
    for rule in ruleset.rules:
        for basis in rule.basis:
            if basis.source in data.sources and not any(_covers(c, rule, basis) for c in data.clauses):
                raise file.error(
                    ("clauses",), f"规则 {rule.id} 引的 {basis.source}“{basis.article}”没有列，或没有写明由它查"
                )


def _covers(clause: ClauseData, rule: Rule, basis: RuleBasis) -> bool:
    """Tell whether a clause names a rule and quotes the words that the rule cites, or a part of them."""
    here = clause.source == basis.source and clause.article == basis.article and rule.id in clause.rules
    return here and clause.quote is not None and (basis.quote in clause.quote or clause.quote in basis.quote)


def _covered(source: Source, data: CoverageData) -> CoveredSource:
    clauses = tuple(_clause(c, source) for c in data.clauses if c.source == source.id)
    return CoveredSource(source.id, source.title, source.number or "", clauses)


def _clause(clause: ClauseData, source: Source) -> Clause:
    status: SourceStatus = "unverified"
    if clause.quote is not None:
        article = next(a for a in source.articles if a.id == clause.article)
        status = least_certain(source.source_status, article.article_status)
    return Clause(
        clause.article,
        clause.quote or clause.gist or "",
        clause.gist is not None,
        status,
        clause.rules,
        clause.not_checked or "",
        clause.see,
    )


def describe_coverage(coverage: Coverage) -> str:
    """Return in one sentence how much of the instruments rules check."""
    every = [c for source in coverage for c in source.clauses]
    checked = sum(1 for c in every if c.rules)
    return f"共{len(every)}处，规则查{checked}处，程序查不了{len(every) - checked}处，都写了原因。"
