"""Identities of all files → who has not submitted, who has several files for one year, whose report came out late.

A file that could not be checked still counts as submitted: that it is there is known, what it says is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from validator.audit.records import Identity, RosterEntry
from validator.errors import plain

_SHOWN = 80
FIRST_DUTY = 2019
"""The regulation is in force since 15 April 2019: the reports of 2019 are the first it holds for."""
LATE_BASIS = (
    "《法治政府建设与责任落实督察工作规定》第四章：每年4月1日之前，地方各级政府和县级以上政府部门的法治政府建设年度报告，"
    "除涉及党和国家秘密的，应当通过报刊、网站等新闻媒体向社会公开。"
)
LATE_LIMITS = (
    "公布日期取自网页或文件上写的发布日期，可能晚于首次公开；4月1日当天公布的不算晚。"
    "街道办事处和开发区管委会规定没有点名，只供参照。"
)
"""What must stand beside every list of late reports."""


class Submitted(NamedTuple):
    """A file that was handed in. ``digest``: of its text or bytes, ``None`` if unknown; ``published``: an ISO day.

    ``said``: the years that its path says; ``candidates``: lines of the entries that a file of no entry may be of.
    """

    file: int
    path: str
    who: Identity
    digest: str | None = None
    published: str | None = None
    said: Collection[int] = ()
    candidates: Sequence[int] = ()


class MissingRow(NamedTuple):
    """An organ of the roster, by its line, without a report of a year. ``hint``: a file that may be it after all."""

    year: int
    line: int
    hint: str | None = None


class DoubleRow(NamedTuple):
    """One of several files of an organ and year. ``identical``: all of them have the same digest."""

    key: str
    year: int
    file: int
    identical: bool


class LateRow(NamedTuple):
    """A report published after its last day; both ISO days."""

    file: int
    published: str
    due: str


class Standing(NamedTuple):
    """How things stand. Missing: newest year first, then as in the roster; doubles: newest year, key, path."""

    missing: tuple[MissingRow, ...]
    doubles: tuple[DoubleRow, ...]
    late: tuple[LateRow, ...]


def find_standing(
    files: Iterable[Submitted],
    roster: Sequence[RosterEntry],
    due: Collection[int],
    unclear: Collection[int] = (),
) -> Standing:
    """Return who is missing, who has several files, and what came late.

    Args:
        files: every file, also those that could not be checked.
        roster: who must submit; empty: nobody is missing.
        due: the years whose reports are due; an entry with years of its own is due in those of them only. A file whose
            year nobody knows counts for the last due year: it is not called missing what may be there.
        unclear: lines of entries that mean several organs, of which nobody can tell which: a file that may be of one
            counts for it.
    """
    hints: dict[tuple[int, int], tuple[bool, str]] = {}
    submitted: set[tuple[int, int]] = set()
    groups: defaultdict[tuple[int, str], list[tuple[str, int, str | None]]] = defaultdict(list)
    late: list[tuple[int, str, LateRow]] = []
    for file in files:
        who = file.who
        year = who.year if who.year is not None else max(due, default=None)
        if who.entry is not None and year is not None:
            submitted.add((year, who.entry))
        if year is not None:
            submitted.update((year, line) for line in file.candidates if line in unclear)
        for place, hint in _hint(file, year, due):
            hints[place] = min(hints.get(place, hint), hint, key=lambda h: h[0])
        if who.year is None:
            continue
        if who.key is not None:
            groups[-who.year, who.key].append((file.path, file.file, file.digest))
        if file.published and who.year >= FIRST_DUTY and file.published > last_day(who.year):
            late.append((-who.year, file.path, LateRow(file.file, file.published, last_day(who.year))))
    missing = [
        MissingRow(year, entry.line, hints.get((year, entry.line), (False, None))[1])
        for year in sorted(set(due), reverse=True)
        for entry in roster
        if (not entry.years or year in entry.years) and (year, entry.line) not in submitted
    ]
    doubles = [
        DoubleRow(key, -year, number, None not in (kinds := {d for _, _, d in group}) and len(kinds) == 1)
        for (year, key), group in sorted(groups.items())
        if len(group) > 1
        for _, number, _ in sorted(group, key=lambda f: f[:2])
    ]
    return Standing(tuple(missing), tuple(doubles), tuple(row for *_, row in sorted(late)))


def _hint(
    file: Submitted, year: int | None, due: Collection[int]
) -> Iterator[tuple[tuple[int, int], tuple[bool, str]]]:
    """Yield for which year and line a file may be the report after all, and why; ``True``: only its name says so."""
    shown = plain(file.path)
    shown = shown if len(shown) <= _SHOWN else f"…{shown[1 - _SHOWN :]}"
    if file.who.entry is not None and file.who.year is not None:
        for said in file.said:
            if said in due and said != file.who.year:
                yield (
                    (said, file.who.entry),
                    (False, f"路径写着{said}年的“{shown}”是{file.who.year}年的报告，请核对。"),
                )
    for line in file.candidates:
        for one in {year, *file.said} if year is not None else file.said:
            if one in due:
                yield (one, line), (True, f"有一份“{shown}”看不准是不是它的。")


def last_day(year: int) -> str:
    """Return the last day on which a report of a year is not late: 4月1日之前 may mean the day itself."""
    return f"{year + 1}-04-01"


def due_year(years: Iterable[int | None]) -> int | None:
    """Return the year that most reports are of, the later one where two are even; ``None`` where none is known."""
    counts = Counter(y for y in years if y is not None)
    return max(counts, key=lambda y: (counts[y], y), default=None)


def settle_keys(keys: Iterable[str]) -> Mapping[str, str]:
    """Return, for keys that say less of their region than others, the one key that they can mean.

    One report says 中山街道, another 城北区中山街道, a third 江州市城北区中山街道. A district without its city is taken
    for the only one of that name; an organ without any region only where all organs are of one region.
    """
    known = sorted(set(keys) - {""})
    parted = [(region, body) for region, slash, body in (k.partition("/") for k in known) if slash]
    regions = {region for region, _ in parted}
    fuller = {r: [f for f in regions if f != r and f.endswith(r)] for r in regions if r.endswith("区")}
    whole = {r: f[0] if len(f := fuller.get(r, [])) == 1 else r for r in regions}
    settled: dict[str, str] = {}
    only = set(whole.values())
    full = {f"{whole[region]}/{body}" for region, body in parted}
    for key in known:
        region, slash, body = key.partition("/")
        if slash and whole[region] != region:
            settled[key] = f"{whole[region]}/{body}"
        elif not slash and len(only) == 1:
            sole = min(only)
            targets = (f"{sole}/{key}", f"{sole}/{key[1:]}" if key[0] == sole[-1] else "")
            settled.update((key, t) for t in targets if t in full)
    return settled
