"""An audit → the numbers of its first sentences and these sentences: the same in workbook, summary and dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from validator.audit.read import Audit
from validator.audit.records import About, CopyKind, FileRow
from validator.reporters.words import FILE_WORDS, OUTCOME_MARKS, describe_ruleset
from validator.result import Outcome

COUNTED: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
NOT_COUNTED = f"{OUTCOME_MARKS['not_applicable']} 未计入（可能是附件）"
"""What stands in place of an outcome where a file lies beside a real report."""


@dataclass(slots=True)
class Files:
    """Files counted one by one: by outcome after decisions and by year. ``due`` is the year of the conclusion.

    ``counts`` are the reports of that year (of all years where there is none), ``others`` those of every other year;
    ``broken`` counts those without a year that could not be checked.
    """

    due: int | None
    counts: Counter[Outcome] = field(default_factory=Counter)
    others: Counter[int | None] = field(default_factory=Counter)
    years: set[int] = field(default_factory=set)
    broken: int = 0
    attachments: int = 0

    def add(self, file: FileRow) -> None:
        """Count a file."""
        year = file.who.year
        if file.attachment:
            self.attachments += 1
            return
        if year is not None:
            self.years.add(year)
        if self.due is None or year == self.due:
            self.counts[file.decided] += 1
        else:
            self.others[year] += 1
            self.broken += year is None and file.decided == "error"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a batch stands.

    ``must`` and ``missing`` count organs of the roster in the due year, ``None``: there is no roster or no due year.
    ``organs`` and ``repeated`` count the organs that submitted a year several times, and their files.
    """

    files: Files
    must: int | None
    missing: int | None
    organs: int
    repeated: int
    late: int
    pairs: dict[CopyKind, int]
    echoes: int


def find_standing(audit: Audit, files: Files) -> Standing:
    """Return how a batch stands, given its files."""
    due, must, missing = files.due, None, None
    if due is not None and (roster := audit.roster()):
        must = sum(1 for e in roster if not e.years or due in e.years)
        missing = audit.count("missing", f"year = {int(due)}")
    organs, repeated = set(), 0
    for double in audit.doubles():
        organs.add(double.files[0].who.key or double.organ)
        repeated += len(double.files)
    kinds: tuple[CopyKind, ...] = ("organ", "year", "double")
    pairs = {kind: audit.count("copy", f"kind = '{kind}'") for kind in kinds}
    return Standing(files, must, missing, len(organs), repeated, audit.count("late"), pairs, audit.count("echo"))


def count_files(audit: Audit, files: Iterable[FileRow]) -> Files:
    """Return files counted, for the due year of an audit."""
    counted = Files(audit.about().due)
    for file in files:
        counted.add(file)
    return counted


def say_standing(standing: Standing) -> str:
    """Return the first sentences: who had to submit, how the reports of the due year stand, what else there is."""
    files = standing.files
    total = files.counts.total()
    if not total and not files.others and standing.must is None:
        return "没有报告。"
    told = "，".join(f"{FILE_WORDS[o]}{files.counts[o]}份" for o in COUNTED if files.counts[o])
    reports = f"报告{total}份{f'：{told}' if told else ''}。"
    if files.due is None:
        years = "、".join(map(str, sorted(files.years)))
        return f"{years}年度：{reports}" if years else reports
    owed = f"应报送{standing.must}家，未报送{standing.missing}家；" if standing.must is not None else ""
    others = "".join(_say_others(files))
    return f"{files.due}年度：{owed}{reports}{others}"


def say_beside(standing: Standing) -> Iterator[str]:
    """Yield what stands beside the outcomes: attachments, several reports of one year, late ones, the same words."""
    if standing.files.attachments:
        yield f"另有{standing.files.attachments}份不像是报告（可能是附件），没有计入。"
    if standing.organs:
        yield f"重复报送{say_repeated(standing)}。"
    if standing.late:
        yield f"逾期公开{standing.late}份。"
    if any(standing.pairs.values()):
        yield f"雷同段落：{say_pairs(standing)}。"
    if standing.echoes:
        yield f"与上年对照，要复核的{standing.echoes}处。"


def say_repeated(standing: Standing) -> str:
    """Return how many organs submitted a year several times, and how many files that are."""
    return f"{standing.organs}家（{standing.repeated}份）"


def say_pairs(standing: Standing) -> str:
    """Return how many pairs share passages: between organs, with last year's, between files of one organ and year."""
    organ, year, double = standing.pairs["organ"], standing.pairs["year"], standing.pairs["double"]
    return f"不同单位之间{organ}对，与本单位上年{year}份，同一单位的几份之间{double}对"


def _say_others(files: Files) -> Iterator[str]:
    known = sorted((y for y in files.others if y is not None), reverse=True)
    if known:
        yield f"另有{'、'.join(f'{y}年度{files.others[y]}份' for y in known)}。"
    if files.others[None]:
        broken = f"（其中{files.broken}份未能检查）" if files.broken else ""
        yield f"另有{files.others[None]}份不知道是哪一年度的{broken}，没有计入。"


def name_ruleset(about: About) -> str:
    """Return the rule set with as much of its digest as people compare."""
    return describe_ruleset(about.ruleset)
