"""Files that are no report beside a report of the same organ → its attachments: notices, lists, covering letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ATTACHED = "不像是年度报告，同一单位同一年度另有报告，可能是附件。"


class Paper(NamedTuple):
    """A file of a known organ: its number, path, key and year as in ``Identity``."""

    file: int
    path: str
    key: str
    year: int | None


def find_attachments(others: Iterable[Paper], reports: Iterable[Paper]) -> tuple[int, ...]:
    """Return the files that are no report and belong to one: of the same organ and year.

    A file whose year nobody knows belongs to a report of its organ in the same folder, or in one that its own lies in.

    Args:
        others: files that are not of the genre.
        reports: files that are.
    """
    years: set[tuple[str, int]] = set()
    folders: set[tuple[str, str]] = set()
    for report in reports:
        folders.add((report.key, _folder(report.path)))
        if report.year is not None:
            years.add((report.key, report.year))
    return tuple(paper.file for paper in others if _belongs(paper, years, folders))


def _belongs(paper: Paper, years: set[tuple[str, int]], folders: set[tuple[str, str]]) -> bool:
    if paper.year is not None:
        return (paper.key, paper.year) in years
    folder = _folder(paper.path)
    while (paper.key, folder) not in folders:
        if not folder:
            return False
        folder = _folder(folder)
    return True


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
