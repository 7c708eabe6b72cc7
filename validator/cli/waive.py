"""``fazhi waive``: write a waiver into the waiver file."""

from __future__ import annotations

import os
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.options import ConfigChoice, Packs, ProfileChoice, RulesFolder
from validator.errors import OptionError
from validator.settings.project import WAIVERS_NAME, Project, build_recipe


def waive(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="要豁免的规则，例如 P113。", show_default=False)],
    path: Annotated[
        str, typer.Argument(metavar="路径", help='报告文件，或通配符，例如 "2023/*.md"。', show_default=False)
    ],
    reason: Annotated[str, typer.Option(help="为什么豁免。", show_default=False)],
    approver: Annotated[str, typer.Option(help="谁批准的。", show_default=False)],
    expires: Annotated[str, typer.Option(help="有效到哪一天（含当天），例如 2026-12-31。", show_default=False)],
    evidence: Annotated[str, typer.Option(help="批准的依据，例如批文的文号或链接。", show_default=False)] = "",
    profile: ProfileChoice = None,
    config: ConfigChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """把一条豁免写进豁免文件 fazhi-waivers.yaml。到期后自动失效。"""
    from validator.result import Waiver
    from validator.ruleset import load_ruleset
    from validator.settings.files import show, suggest
    from validator.settings.ignore import relative_to
    from validator.waivers import add_waiver

    given = {"profile": profile, "rules-dir": rules_dir, "rules": tuple(rules) if rules else None}
    project = Project([], given, config=config)
    recipe = build_recipe(project.settings)
    ruleset = load_ruleset(recipe.rules_dir, recipe.profile, packs=recipe.packs)
    name = rule.upper()
    ids = [r.id for r in ruleset.rules]
    if name not in ids:
        raise OptionError(f"没有编号为 {rule} 的规则。{suggest(name, ids) if len(name) > 1 else ''}")
    if {name, name[0]} & set(ruleset.profile.not_waivable):
        raise OptionError(f"方案 {ruleset.profile.id} 不许豁免 {name}，没有写。")
    try:
        last_day = date.fromisoformat(expires)
    except ValueError:
        raise OptionError(f"--expires 应是日期，例如 2026-12-31，现在是“{expires}”。") from None
    if last_day < date.today():
        raise OptionError(f"--expires {expires} 已经过去了，没有写。")
    for option, value in (("--reason", reason), ("--approver", approver)):
        if not value.strip():
            raise OptionError(f"{option} 不能是空的。")
    target: Path = project.value("waivers", project.root / WAIVERS_NAME)
    place = relative_to(path, target.parent)
    if place is None:
        raise OptionError(f"{path} 不在 {show(target.parent.absolute())} 里。请到报告所在的项目文件夹里运行。")
    said = place
    if Path(path).is_dir():
        said = f"{place}/"
    elif os.path.lexists(path):
        said = "".join(f"\\{c}" if c in "*?[" else c for c in place)
    elif not has_magic(path) and ".zip/" not in path.lower():
        raise OptionError(f"没有文件 {path}，没有写。")
    if said in ("./", "../") or not said.isprintable():
        raise OptionError(f"{path} 不能豁免：请写一个报告文件、它上面的文件夹，或通配符。")
    add_waiver(target, Waiver(name, said, reason, approver, last_day.isoformat(), evidence or None))
    typer.echo(f"已写进 {show(target)}：{said} 豁免 {name}，到 {last_day.isoformat()} 为止。", err=True)
