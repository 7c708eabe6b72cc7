"""Two audits → who submitted only in one of them: a step of ``compare``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from validator.audit.read import Audit
from validator.audit.records import Missing


@dataclass(frozen=True, slots=True)
class Absent:
    """An organ that did not submit for a year, by the roster of one of the audits."""

    year: int
    organ: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Submissions:
    """Who submitted. ``now``: missing in the old audit, there in the new. ``still``: missing in both. ``no_longer``:
    there in the old audit, missing in the new. ``unclear``: missing in the old, unknown to the new.
    """

    now: tuple[Absent, ...]
    still: tuple[Absent, ...]
    no_longer: tuple[Absent, ...]
    unclear: tuple[Absent, ...]


def compare_submissions(old: Audit, new: Audit, *, by_year: bool) -> Submissions:
    """Compare who did not submit.

    Args:
        old: the earlier audit.
        new: the later one.
        by_year: whether a report counts only for its year; otherwise any report of the organ counts.
    """
    there = _note_organs(old, by_year=by_year), _note_organs(new, by_year=by_year)
    missing = _note_missing(old, by_year=by_year), _note_missing(new, by_year=by_year)
    found: dict[str, list[Absent]] = {"now": [], "still": [], "no_longer": [], "unclear": []}
    for entry in old.missing():
        if _is_there(entry, there[1], by_year=by_year):
            found["now"].append(_absent(entry))
        elif _name(entry, by_year=by_year) in missing[1]:
            found["still"].append(_absent(entry))
        else:
            found["unclear"].append(_absent(entry))
    for entry in new.missing():
        if _name(entry, by_year=by_year) not in missing[0] and _is_there(entry, there[0], by_year=by_year):
            found["no_longer"].append(_absent(entry))
    return Submissions(**{name: tuple(absent) for name, absent in found.items()})


Organs = dict[tuple[int | None, str], set[str | None]]
"""The regions of each organ of a name (and year)."""


def _note_organs(audit: Audit, *, by_year: bool) -> Organs:
    found: Organs = defaultdict(set)
    for file in audit.files():
        if file.who.organ:
            found[file.who.year if by_year else None, file.who.organ].add(file.who.region)
    return found


def _note_missing(audit: Audit, *, by_year: bool) -> set[tuple[int | None, str, str | None]]:
    return {_name(m, by_year=by_year) for m in audit.missing()}


def _name(missing: Missing, *, by_year: bool) -> tuple[int | None, str, str | None]:
    return missing.year if by_year else None, missing.entry.organ, missing.entry.region


def _is_there(missing: Missing, organs: Organs, *, by_year: bool) -> bool:
    """Tell whether an organ has a file, by any of its names; two organs of a name are told apart by their regions."""
    year = missing.year if by_year else None
    regions = {r for name in (missing.entry.organ, *missing.entry.aliases) for r in organs.get((year, name), ())}
    return bool(regions) and (missing.entry.region in regions or missing.entry.region is None or None in regions)


def _absent(missing: Missing) -> Absent:
    return Absent(missing.year, missing.entry.organ, missing.entry.region)
