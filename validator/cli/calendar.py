"""``fazhi plan``: what is due when for the report of a year."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validator.cli.options import Kind, Level, RulesFolder
from validator.errors import OptionError
from validator.options import FIRST_YEAR, LAST_YEAR, OrganKind, OrganLevel

if TYPE_CHECKING:
    from validator.law import Organ, Plan

ReportYear = Annotated[int, typer.Option("--year", min=FIRST_YEAR, max=LAST_YEAR, help="报告年度，例如 2026。")]
KindChoice = Annotated[
    Kind | None,
    typer.Option(
        "--organ-kind",
        help="单位类型：government、town、subdistrict、zone、department 或 other。",
        show_default=False,
    ),
]
LevelOption = Annotated[
    Level | None,
    typer.Option(
        "--organ-level",
        help="单位层级：province、city、county、township、department、zone 或 other。",
        show_default=False,
    ),
]
_KIND_OF: dict[str, OrganKind] = {
    "province": "government",
    "city": "government",
    "county": "government",
    "township": "town",
    "department": "department",
    "zone": "zone",
    "other": "other",
}
_KINDS_OF: dict[str, tuple[str, ...]] = {"township": ("town", "subdistrict")}


class PlanFormat(StrEnum):
    """How the calendar is written."""

    terminal = "terminal"
    ics = "ics"
    json = "json"


def plan(
    year: ReportYear,
    organ_level: LevelOption = None,
    organ_kind: KindChoice = None,
    format_: Annotated[
        PlanFormat, typer.Option("--format", "-f", help="格式：terminal、ics（日历软件）或 json。")
    ] = PlanFormat.terminal,
    rules_dir: RulesFolder = None,
) -> None:
    """列出一个年度的报告什么时候报送、报给谁、什么时候公开，依据是哪一条。

    不写单位层级，就列出规定点名的各类单位。街道加 --organ-kind subdistrict。
    """
    from validator.law import plan_year, read_calendar
    from validator.law.words import name_organ, render_ics
    from validator.ruleset import load_ruleset

    organs = choose_organs(organ_level, organ_kind)
    ruleset = load_ruleset(rules_dir)
    found = plan_year(read_calendar(ruleset, rules_dir), year, organs)
    named = name_organ(organs[0]) if len(organs) == 1 else ""
    if format_ is PlanFormat.json:
        typer.echo(json.dumps(_as_data(found, organs), ensure_ascii=False, indent=2))
    elif format_ is PlanFormat.ics:
        sys.stdout.flush()
        sys.stdout.buffer.write(render_ics(found, named).encode())
    else:
        _print(found, named)


def choose_organs(level: Level | None, kind: Kind | None) -> tuple[Organ, ...]:
    """Return the organs that options name; none when no option is given.

    Raises:
        OptionError: there is no organ of that kind at that level.
    """
    from validator.law import Organ

    if level is None and kind is None:
        return ()
    every: list[tuple[OrganLevel, OrganKind]] = [
        (name.value, kind_name)  # type: ignore[misc]
        for name in Level
        for kind_name in _KINDS_OF.get(name.value, (_KIND_OF[name.value],))
    ]
    wanted = kind.value if kind else _KIND_OF[level.value] if level else ""
    fitting = [Organ(level=a, kind=b) for a, b in every if b == wanted and (level is None or a == level.value)]
    if not fitting:
        raise OptionError(f"--organ-level {level.value if level else ''} 里没有 {wanted} 这类单位。")
    return tuple(fitting)


def _print(found: Plan, named: str) -> None:
    from rich.text import Text

    from validator.law.words import name_organ, tell_clause, tell_day, tell_deed, tell_gaps
    from validator.reporters.console import open_console, print_text

    console = open_console(sys.stdout, 80)
    print_text(
        console, Text(f"{named}{found.year}年度法治政府建设年度报告：{found.year + 1}年要办的事", style="bold"), 0
    )
    for item in found.items:
        console.print()
        head = Text(tell_day(item), style="bold cyan")
        print_text(console, head.append(f"  {tell_deed(item)}", style="default"), 0)
        if not named:
            print_text(console, Text(f"单位：{'、'.join(map(name_organ, item.organs))}"), 2)
        print_text(console, Text(f"依据：{tell_clause(item)}", style="dim"), 2)
        if item.note:
            print_text(console, Text(f"说明：{item.note}"), 2)
    console.print()
    for line in tell_gaps(found):
        print_text(console, Text(line), 0)


def _as_data(found: Plan, organs: tuple[Organ, ...]) -> dict[str, Any]:
    from validator.law.words import tell_gaps

    return {
        "format_version": "1",
        "reporting_year": found.year,
        "organs": [o.model_dump() for o in organs],
        "known": found.known,
        "items": list(_items(found)),
        "notes": list(tell_gaps(found)),
    }


def _items(found: Plan) -> Iterator[dict[str, Any]]:
    for item in found.items:
        yield {
            "id": item.id,
            "action": item.action,
            "organs": [o.model_dump() for o in item.organs],
            "due": item.due.isoformat() if item.due else None,
            "said": item.said or None,
            "to": list(item.to),
            "copy_to": list(item.copy_to),
            "reference_only": item.reference_only,
            "basis": {
                "title": item.title,
                "number": item.number or None,
                "article": item.article,
                "quote": item.quote,
                "source_status": item.status,
            },
            "due_status": item.due_status,
            "note": item.note or None,
        }
