"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RulesFolder = Annotated[
    Path | None, typer.Option("--rules-dir", help="规则目录，默认用自带的规则。", show_default=False)
]
ModelChoice = Annotated[
    str, typer.Option("--model", help="语言模型：auto（装了就用）、none（不用）或模型目录。", show_default=True)
]
LimitSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--limit", metavar="名称=数", help="读文件的限制，例如 seconds=10，可以多次给出。", show_default=False
    ),
]
OcrChoice = Annotated[bool, typer.Option("--ocr", help="识别扫描件里的文字，结论只作复核参考。")]
