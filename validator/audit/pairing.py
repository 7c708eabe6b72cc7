"""The files of two audits → pairs of the same report, or of the same organ's reports: the first step of ``compare``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from validator.audit.records import FileRow
from validator.result import Outcome

How = Literal["path", "organ", "content"]
HOWS: tuple[How, ...] = ("path", "organ", "content")
"""By what two files are held for the same: their path, their organ (and year), or their bytes."""


class Brief(NamedTuple):
    """What is remembered of a file while two audits are compared: tens of thousands of these fit in memory."""

    id: int
    path: str
    sha256: str | None
    organ: str | None
    region: str | None
    key: str | None
    year: int | None
    outcome: Outcome
    decided: Outcome


class Pair(NamedTuple):
    """Two files that belong together, and why."""

    old: Brief
    new: Brief
    how: How


@dataclass(frozen=True, slots=True)
class Pairing:
    """All files of two audits, each once. ``by_year``: whether only reports of one year were paired.

    Pairs are in the order of the new paths, the others in the order of theirs.
    """

    by_year: bool
    pairs: tuple[Pair, ...]
    only_old: tuple[Brief, ...]
    only_new: tuple[Brief, ...]


def note_files(files: Iterable[FileRow]) -> list[Brief]:
    """Return what is remembered of each file, by path."""
    found = (
        Brief(f.id, f.path, f.sha256, f.who.organ, f.who.region, f.who.key, f.who.year, f.outcome, f.decided)
        for f in files
    )
    return sorted(found, key=lambda b: b.path)


def pair_files(old: Sequence[Brief], new: Sequence[Brief]) -> Pairing:
    """Pair files one to one: by path, then by organ and year, then by content.

    A path does not count where the files are known to be of different organs or years and differ in content: a folder
    that is filled anew every year has the same names. Where the two audits have no year in common, years are left out:
    the reports of one organ belong together, the newest of the one with the newest of the other.

    Args:
        old: the files of the earlier audit, by path.
        new: those of the later one, by path.
    """
    years = {b.year for b in old if b.year}, {b.year for b in new if b.year}
    by_year = not (years[0] and years[1] and years[0].isdisjoint(years[1]))

    def organ(brief: Brief) -> Hashable:
        return None if brief.key is None else (brief.key, brief.year if by_year else None)

    def fits(one: Brief, other: Brief) -> bool:
        if one.sha256 is not None and one.sha256 == other.sha256:
            return True
        return _agree(one.key, other.key) and (not by_year or _agree(one.year, other.year))

    rest = _Rest(list(old), list(new), [])
    rest.take("path", lambda b: b.path, fits)
    rest.take("organ", lambda b: (organ(b), b.sha256) if organ(b) and b.sha256 else None, _any)
    if not by_year:
        rest.newest_first()
    rest.take("organ", organ, _any)
    rest.take("content", lambda b: b.sha256, lambda one, other: _agree(one.key, other.key))
    return Pairing(
        by_year,
        tuple(sorted(rest.pairs, key=lambda p: p.new.path)),
        tuple(sorted(rest.old, key=lambda b: b.path)),
        tuple(sorted(rest.new, key=lambda b: b.path)),
    )


@dataclass(slots=True)
class _Rest:
    """The files that have no partner yet, and the pairs that were found."""

    old: list[Brief]
    new: list[Brief]
    pairs: list[Pair]

    def take(self, how: How, name: Callable[[Brief], Hashable], fits: Callable[[Brief, Brief], bool]) -> None:
        """Pair files of one name, in order; ``None`` names nothing."""
        waiting: defaultdict[Hashable, list[Brief]] = defaultdict(list)
        for brief in self.old:
            waiting[name(brief)].append(brief)
        waiting.pop(None, None)
        left: list[Brief] = []
        used: set[int] = set()
        for brief in self.new:
            candidates = waiting.get(name(brief), [])
            partner = next((c for c in candidates if fits(c, brief)), None)
            if partner is None:
                left.append(brief)
                continue
            candidates.remove(partner)
            used.add(partner.id)
            self.pairs.append(Pair(partner, brief, how))
        self.old = [b for b in self.old if b.id not in used]
        self.new = left

    def newest_first(self) -> None:
        for files in (self.old, self.new):
            files.sort(key=lambda b: (-(b.year or 0), b.path))


def _agree(one: object, other: object) -> bool:
    return one is None or other is None or one == other


def _any(_one: Brief, _other: Brief) -> bool:
    return True
