"""``python -m benchmarks.generate OUT --count 2000 --seed 1``: reports of invented organs, and the truth about them."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.defects import KINDS, NEED_ONE_YEAR, NEED_SOURCE, NEED_TWO_YEARS, TWICE, Case, File, Truth
from benchmarks.dice import Dice
from benchmarks.files import UNREADABLE, WRITERS, make_unreadable
from benchmarks.layout import lay_out
from benchmarks.places import SINGLE, Organ, list_organs
from benchmarks.report import write_report

COLUMNS = ("单位", "层级", "地区", "别名")
_UNREADABLE_TEXT = tuple(name for name, ending in UNREADABLE.items() if ending == ".txt")


@dataclass(frozen=True)
class Order:
    """What is asked for. Shares are of the reports."""

    count: int
    seed: int
    planted: float = 0.12
    corrupt: float = 0.0
    plain_only: bool = False


@dataclass
class Tally:
    """What was written so far, and what is owed to the shares."""

    files: int = 0
    organs: int = 0
    owed: float = 0.0
    owed_corrupt: float = 0.0
    deck: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    unplanted: int = 0


@dataclass(frozen=True)
class Role:
    """What is to be wrong with an organ, if anything."""

    kind: str
    source: Organ | None = None


def generate(out: Path, order: Order) -> dict[str, Any]:
    """Write the reports, the rosters and the truth into a new or empty folder; return the summary.

    Raises:
        FileExistsError: the folder has something in it.
    """
    if out.is_dir() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    out.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with ExitStack() as opened:
        truth = opened.enter_context((out / "truth.jsonl").open("w", encoding="utf-8", newline="\n"))
        rosters = {}
        for name in ("roster.csv", "roster-2022.csv"):
            rosters[name] = csv.writer(opened.enter_context((out / name).open("w", encoding="utf-8-sig", newline="")))
            rosters[name].writerow(COLUMNS)
        block = 0
        while tally.files < order.count:
            organs = _fitting(list(list_organs(order.seed, block, tally.organs)), order.count - tally.files)
            last = sum(len(o.years) for o in organs) >= order.count - tally.files
            roles = _assign(order, tally, block, organs, last)
            for organ in organs:
                for line in _write_organ(out, order, tally, organ, roles.get(organ.index)):
                    truth.write(json.dumps(line, ensure_ascii=False) + "\n")
                row = (organ.name, organ.level, organ.region, "；".join(organ.aliases))
                rosters["roster.csv"].writerow(row)
                if organ.years != SINGLE:
                    rosters["roster-2022.csv"].writerow(row)
            tally.organs += len(organs)
            block += 1
    summary = {
        "count": tally.files,
        "seed": order.seed,
        "organs": tally.organs,
        "clean_reports": tally.unplanted,
        "kinds": dict(sorted(tally.kinds.items())),
        "endings": dict(sorted(tally.endings.items())),
    }
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (out / "truth-summary.json").write_text(text, "utf-8", newline="\n")
    return summary


def _fitting(organs: list[Organ], room: int) -> list[Organ]:
    """Return as many organs as there is room for reports; the last one may have to do with one year."""
    kept: list[Organ] = []
    for organ in organs:
        if room <= 0:
            break
        if len(organ.years) > room:
            organ = Organ(**{**organ.__dict__, "years": SINGLE})
        room -= len(organ.years)
        kept.append(organ)
    return kept


def _assign(order: Order, tally: Tally, block: int, organs: list[Organ], last: bool) -> dict[int, Role]:
    """Choose what is wrong with which organs of a block. A source is clean and is copied once."""
    dice = Dice(order.seed, 10, block)
    reports = sum(len(o.years) for o in organs)
    tally.owed += order.planted * reports
    tally.owed_corrupt += order.corrupt * reports
    free = dice.shuffled(organs)
    roles: dict[int, Role] = {}
    for _ in range(int(tally.owed)):
        tally.owed -= 1
        for _ in range(len(KINDS) + len(TWICE)):
            kind = _next_kind(dice, tally.deck)
            if not (last and kind in ("not_submitted", "duplicate_submission")) and _give(kind, free, roles):
                break
    for _ in range(int(tally.owed_corrupt)):
        if _give("corrupt", free, roles):
            tally.owed_corrupt -= 1
    return roles


def _next_kind(dice: Dice, deck: list[str]) -> str:
    """Draw from a deck that holds every kind, so that all of them come in turn."""
    if not deck:
        deck += dice.shuffled([*KINDS, *TWICE])
    return deck.pop()


def _give(kind: str, free: list[Organ], roles: dict[int, Role]) -> bool:
    """Give a kind to a free organ that suits it, with a source where it needs one."""
    for organ in free:
        single = len(organ.years) == 1
        if (kind in NEED_ONE_YEAR and not single) or (kind in NEED_TWO_YEARS and single):
            continue
        source = None
        if kind in NEED_SOURCE:
            alike = (
                o
                for o in free
                if o is not organ and (o.form if kind == "near_duplicate" else o.level) == _kin(kind, organ)
            )
            source = next(alike, None)
            if source is None:
                continue
            free.remove(source)
        free.remove(organ)
        roles[organ.index] = Role(kind, source)
        return True
    return False


def _kin(kind: str, organ: Organ) -> str:
    """Return what an organ must share with the one it copies."""
    return organ.form if kind == "near_duplicate" else organ.level


def _write_organ(out: Path, order: Order, tally: Tally, organ: Organ, role: Role | None) -> Iterator[Truth]:
    """Write the files of an organ and yield the truth about it."""
    dice = Dice(order.seed, 11, organ.index)
    ending = ".txt" if order.plain_only else _ending(dice)
    if role is None or role.kind == "corrupt":
        files = [_clean(order.seed, organ, year) for year in organ.years]
        corrupt = role is not None
        tally.unplanted += len(files) - corrupt
        paths = [_write(out, tally, organ, f, ending) for f in files[: len(files) - corrupt]]
        if corrupt:
            tally.kinds["corrupt"] += 1
            yield _write_corrupt(out, order, tally, organ, files[-1], dice)
        return
    case = Case(order.seed, organ, dice, 2023, role.source)
    files = KINDS[role.kind](case)
    tally.kinds[role.kind] += 1
    tally.unplanted += sum(f.year != case.year for f in files)
    paths = [_write(out, tally, organ, f, ending) for f in files]
    mine = [p for p in paths if p.startswith(f"{case.year}/")]
    line: Truth = {"kind": role.kind}
    if mine:
        line["path"] = mine[0]
    if "other_tail" in case.truth:
        del case.truth["other_tail"]
        line["other"] = mine[1]
    elif "other_year" in case.truth:
        line["other"] = next(p for p in paths if p.startswith(f"{case.truth.pop('other_year')}/"))
    elif role.source is not None:
        line["other"] = _path(
            role.source, case.year, "", ".txt" if order.plain_only else _ending_of(order, role.source)
        )
    yield {**line, **case.truth}


def _ending(dice: Dice) -> str:
    rolled = dice.roll()
    return ".docx" if rolled < 0.02 else ".html" if rolled < 0.04 else ".md" if rolled < 0.05 else ".txt"


def _ending_of(order: Order, organ: Organ) -> str:
    return _ending(Dice(order.seed, 11, organ.index))


def _clean(seed: int, organ: Organ, year: int) -> File:
    report = write_report(seed, organ, year)
    return File(year, lay_out(report, seed), day=report.published)


def _path(organ: Organ, year: int, tail: str, ending: str) -> str:
    return f"{year}/{organ.region}/{organ.name}{tail}{ending}"


def _write(out: Path, tally: Tally, organ: Organ, file: File, ending: str) -> str:
    path = _path(organ, file.year, file.tail, ending)
    _save(out, tally, path, ending, WRITERS[ending](file.lines))
    return path


def _write_corrupt(out: Path, order: Order, tally: Tally, organ: Organ, file: File, dice: Dice) -> Truth:
    how = dice.pick(_UNREADABLE_TEXT if order.plain_only else tuple(UNREADABLE))
    ending = UNREADABLE[how]
    path = _path(organ, file.year, "", ending)
    _save(out, tally, path, ending, make_unreadable(how, dice, file.lines))
    return {"kind": "corrupt", "path": path, "how": how}


def _save(out: Path, tally: Tally, path: str, ending: str, content: bytes) -> None:
    target = out / "reports" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    tally.files += 1
    tally.endings[ending] += 1


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("out", type=Path, help="a new or empty folder")
    parser.add_argument("--count", type=int, default=2000, help="how many files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--planted", type=float, default=0.12, help="share of reports with a defect")
    parser.add_argument("--corrupt", type=float, default=0.0, help="share of files that nobody can read")
    parser.add_argument("--plain-only", action="store_true", help="text files only")
    asked = parser.parse_args(arguments)
    order = Order(asked.count, asked.seed, asked.planted, asked.corrupt, asked.plain_only)
    summary = generate(asked.out, order)
    sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
