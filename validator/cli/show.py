"""``fazhi show``: a result that was kept (JSON or page) in any format, without checking again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli.check import Format
from validator.cli.output import plan_outputs, write_outputs
from validator.errors import LoadError, explain_os_error


def show(
    path: Annotated[
        Path, typer.Argument(metavar="文件", help="fazhi check 写出的 .json 或 .html 文件。", show_default=False)
    ],
    output_format: Annotated[
        Format, typer.Option("--format", "-f", help="输出格式，同 fazhi check。")
    ] = Format.terminal,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="路径", help="写到文件，同 fazhi check。", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示结论。")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="显示全部规则的依据和原文。")] = False,
) -> None:
    """重新打开保存的结果，可以换一种格式。不重新检查。"""
    from validator.reporters.json import read_json
    from validator.reporters.page import read_page

    outputs = plan_outputs(output_format.value, output or ())
    try:
        text = path.read_bytes().decode("utf-8")
        result = read_page(text) if text.lstrip()[:1] == "<" else read_json(text)
    except OSError as exc:
        raise LoadError(f"{path} 读不出来（{explain_os_error(exc)}）。") from exc
    except UnicodeDecodeError:
        raise LoadError(f"{path} 不是 fazhi check 写出的结果。") from None
    except ValueError as exc:
        said = str(exc) if "格式" in str(exc) else "不是 fazhi check 写出的结果。"
        raise LoadError(f"{path}：{said}") from None
    write_outputs(result, outputs, verbose=verbose, quiet=quiet)
