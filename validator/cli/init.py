"""``fazhi init``: write a configuration file and what a code host needs to run the checks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from validator.errors import OptionError
from validator.scaffold import ACTION, State, Template, names_to_fill_in, write_scaffold

_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9._-]+)+@[A-Za-z0-9._/-]+")


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="文件夹", help="写到哪个文件夹，默认是当前文件夹。", show_default=False)
    ] = Path(),
    github: Annotated[bool, typer.Option("--github", help="写 GitHub Actions 的工作流。")] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="写 GitLab CI 的流水线。")] = False,
    gitee: Annotated[bool, typer.Option("--gitee", help="写 Gitee Go 的流水线。")] = False,
    jenkins: Annotated[bool, typer.Option("--jenkins", help="写 Jenkinsfile。")] = False,
    pre_commit: Annotated[bool, typer.Option("--pre-commit", help="写提交前检查的设置。")] = False,
    everything: Annotated[bool, typer.Option("--all", help="以上全写。")] = False,
    action: Annotated[
        str,
        typer.Option(metavar="账号/仓库@版本", help="GitHub 工作流用的动作。", show_default=False),
    ] = "",
) -> None:
    """写出设置文件 fazhi.toml 和 .fazhiignore，按选项再写各代码平台的文件。已有的文件不改。

    退出码：
      0  写好了，或文件都已经有了
      2  写不了
    """
    if action and not _ACTION.fullmatch(action):
        raise OptionError(f"--action 应写成 账号/仓库@版本，现在是“{action}”。")
    chosen = {
        Template.config: True,
        Template.ignore: True,
        Template.github: github,
        Template.gitlab: gitlab,
        Template.gitee: gitee,
        Template.jenkins: jenkins,
        Template.pre_commit: pre_commit,
    }
    found = write_scaffold(folder, [t for t, wanted in chosen.items() if wanted or everything], action or ACTION)
    for path, state in found:
        typer.echo(f"{_SAID[state]}{path.as_posix()}")
    for path in names_to_fill_in(found):
        typer.echo(f"请把 {path.as_posix()} 里的“账号”改成 fazhi-validator 所在的账号。")


_SAID = {State.written: "已写出 ", State.same: "已有，一样 ", State.differs: "已有，没有改 "}
