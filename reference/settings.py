"""The table of settings → its page: what each is, what it may be, and what holds where nobody set it."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from validator.cli.check import check
from validator.options import DEFAULT_LIMITS, Limits
from validator.settings.keys import DEFAULTS, KEYS, Key

UNSAID = {
    "limits": "读文件的限制，见下面的表。",
    "cache": "没有改过的文件，用上次的结果。",
    "waivers": "豁免文件。",
    "exclude": "不检查的文件，写法同 .gitignore。",
}
"""What the command line has no option of the same name for."""
LIMITS = {
    "file_mib": "一个文件的大小（MiB）",
    "text_mib": "文字的大小（MiB）",
    "pages": "PDF、OFD 的页数",
    "members": "压缩包、Word、OFD 里的文件数",
    "expanded_mib": "Word、OFD、压缩包里的压缩包解开后的大小（MiB）",
    "archive_mib": "整个压缩包解开后的大小（MiB）",
    "ratio": "解开前后的大小之比",
    "nesting": "压缩包套压缩包的层数",
    "depth": "XML、HTML 元素套元素的层数",
    "seconds": "读一个文件的秒数",
    "memory_mib": "读文件的进程用的内存（MiB）",
}
_HEAD = """# 设置一览

写在 `fazhi.toml` 里，或写在 `pyproject.toml` 的 `[tool.fazhi]` 下面。命令行上给出的总是优先。
用 `fazhi config show 报告.docx` 查看现在的值和出处。
哪个文件里的设置起作用，见 [A repository of reports](repository.md)。
不认识的名称、不对的值都会说明在哪一行，退出码是 2。
"""
_TABLE = "| 名称 | 意思 | 可以写什么 | 不写时 |\n|---|---|---|---|\n"
_LIMITS = """
## 读文件的限制

超过限制的文件不检查，结果是“未能检查”。限制不改变怎样算符合。每个都是大于 0 的整数。

| 名称 | 限制什么 | 不写时 |
|---|---|---|
"""


def write_settings() -> str:
    """Return the page of the settings."""
    of_file = [_row(name, key) for name, key in KEYS.items() if not key.of_run]
    of_run = [_row(name, key) for name, key in KEYS.items() if key.of_run]
    limits = [f"| `{f.name}` | {LIMITS[f.name]} | {getattr(DEFAULT_LIMITS, f.name)} |\n" for f in fields(Limits)]
    return "".join(
        [
            _HEAD,
            "\n## 检查每个文件时的设置\n\n也可以写在 `[[overrides]]` 里，只对一部分文件有效。\n\n",
            _TABLE,
            *of_file,
            "\n## 整次检查的设置\n\n",
            _TABLE,
            *of_run,
            "\n## 其他\n\n| 名称 | 意思 |\n|---|---|\n",
            "| `extends` | 先读另一个设置文件；这里写的优先。 |\n",
            "| `[[overrides]]` | `paths` 写哪些文件（写法同 .gitignore），其余写这些文件的设置；后写的优先。 |\n",
            _LIMITS,
            *limits,
        ]
    )


def explain_setting(name: str) -> str:
    """Return what a setting means: the help of the option of the same name.

    Raises:
        KeyError: there is no such option, and no words here.
    """
    said = _helps().get(name)
    return UNSAID[name] if said is None else re.sub("[，。]默认[^。]*。$", "。", said)


def allowed_values(key: Key) -> str:
    """Return what may be written: what the reader of the value says of a wrong one."""
    try:
        key.read(object(), Path())
    except ValueError as wrong:
        return str(wrong)
    raise AssertionError("a reader that takes anything")


def _row(name: str, key: Key) -> str:
    cells = (f"`{name}`", explain_setting(name), allowed_values(key), DEFAULTS[name])
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |\n"


def _helps() -> dict[str, str]:
    """Return the help of each option of ``fazhi check``, by its name without dashes."""
    hints: dict[str, Any] = get_type_hints(check, include_extras=True)
    found = {}
    for name in inspect.signature(check).parameters:
        option = next((o for o in get_args(hints[name]) if getattr(o, "help", None)), None)
        if option is not None:
            found[name.replace("_", "-")] = str(option.help)
    return found
