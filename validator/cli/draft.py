"""``fazhi new``: write a Word file to fill in, with the headings of a report and hints as comments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli.calendar import KindChoice, ReportYear, choose_organs
from validator.cli.options import Level, RulesFolder
from validator.errors import OptionError

_LONGEST = 60


def new(
    year: ReportYear,
    organ_level: Annotated[
        Level,
        typer.Option("--organ-level", help="单位层级：province、city、county、township、department、zone 或 other。"),
    ],
    organ_kind: KindChoice = None,
    organ: Annotated[
        str, typer.Option("--organ", metavar="名称", help="单位名称，例如 云溪镇人民政府。", show_default=False)
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="文件", help="写到这个文件，默认按单位和年度起名。", show_default=False),
    ] = None,
    rules_dir: RulesFolder = None,
) -> None:
    """写出报告的 Word 骨架：该有的标题、要填的空白，每处写什么、依据哪一条写在批注里。已有的文件不改。

    退出码：
      0  写好了
      2  写不了，或者文件已经有了
    """
    from validator.draft import build_skeleton, read_draft, write_skeleton
    from validator.facts import classify_organ
    from validator.law import read_calendar
    from validator.ruleset import load_ruleset

    name = organ.strip()
    if not name.isprintable() or len(name) > _LONGEST or any(c in name for c in '/\\:*?"<>|'):
        raise OptionError(f'--organ 不能有控制字符和 / \\ : * ? " < > |，也不能超过{_LONGEST}个字。')
    chosen = choose_organs(organ_level, organ_kind)[0]
    level, kind = classify_organ(name or None)
    if organ_kind is None and level == chosen.level and kind is not None:
        chosen = chosen.model_copy(update={"kind": kind})
    ruleset = load_ruleset(rules_dir)
    made = build_skeleton(
        read_draft(ruleset, rules_dir),
        ruleset,
        read_calendar(ruleset, rules_dir),
        year=year,
        organ=chosen,
        name=name,
    )
    path = out or Path(f"{name}{year}年度法治政府建设情况报告.docx")
    if path.suffix.lower() != ".docx":
        raise OptionError("--out 要写成 .docx 文件。")
    write_skeleton(made, path)
    typer.echo(f"已写出 {path.as_posix()}。填好空白以后用 fazhi check 检查，交出之前删去批注。")
