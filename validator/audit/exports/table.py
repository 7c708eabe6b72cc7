"""The table of outputs: name → what it is called, and the function that writes it below the folder of an audit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple

from validator.audit.exports.own_files import open_own_files
from validator.audit.read import Audit
from validator.errors import OptionError

Advance = Callable[[], None]
WORKBOOK = "审核结果.xlsx"
SUMMARY = "审核情况汇总.docx"
LETTERS = "审核意见书"
TABLES = "数据表"
_BESIDE = r"（新\d*）"
_WORKBOOKS = re.compile(rf"审核结果(?:{_BESIDE})?\.xlsx")
_LETTERS = re.compile(rf"{LETTERS}/.+|审核情况汇总(?:{_BESIDE})?\.docx", re.DOTALL)
"""What is removed when it was written earlier, nobody edited it, and it is no longer meant."""


class Output(NamedTuple):
    """One kind of output.

    ``write`` returns where it was written, in words, and on further lines what people must know about files that they
    edited; ``needs`` are the packages it needs. ``called`` is what stands below the folder of an audit, in words,
    ``places`` the patterns of it.
    """

    title: str
    write: Callable[[Audit, Path, Advance], str]
    called: str
    places: tuple[str, ...]
    needs: tuple[tuple[str, str], ...] = ()


def parse_outputs(names: str) -> tuple[str, ...]:
    """Return the names of outputs that a user wrote with commas between them, each once, in the order of the table.

    Raises:
        OptionError: a name is unknown.
    """
    wanted = [n.strip() for n in names.replace("，", ",").split(",") if n.strip()]
    for name in wanted:
        if name not in OUTPUTS and name != "none":
            raise OptionError(f"--outputs 不认识“{name}”，可用：{'、'.join(OUTPUTS)}；none 表示都不写。")
    return tuple(name for name in OUTPUTS if name in wanted)


def require_outputs(names: tuple[str, ...]) -> None:
    """Say before hours of work that an output cannot be written.

    Raises:
        OptionError: a package is not installed.
    """
    for name in names:
        for package, extra in OUTPUTS[name].needs:
            if find_spec(package) is None:
                raise OptionError(f"写{OUTPUTS[name].title}需要安装 fazhi-validator[{extra}]。")


def describe_stale(folder: Path, written: tuple[str, ...]) -> tuple[str, ...]:
    """Return a sentence about outputs of an earlier time that were not written now; nothing where there are none.

    Args:
        folder: of the audit.
        written: the names of the outputs that were written now.
    """
    found = [OUTPUTS[name].called for name in OUTPUTS if name not in written and _stands(folder, OUTPUTS[name].places)]
    return (f"{'、'.join(found)}没有重写，内容可能已经过时。",) if found else ()


def _stands(folder: Path, places: tuple[str, ...]) -> bool:
    return any(next(folder.glob(place), None) is not None for place in places)


def _write_workbook(audit: Audit, folder: Path, advance: Advance) -> str:
    from validator.audit.exports.workbook import write_workbook

    with open_own_files(folder) as own:
        written = own.place(WORKBOOK, lambda path: write_workbook(audit, path, advance=advance))
        own.clear(_WORKBOOKS)
        return "\n".join((str(written), *own.describe()))


def _write_dashboard(audit: Audit, folder: Path, advance: Advance) -> str:
    from validator.audit.exports.dashboard import write_dashboard

    write_dashboard(audit, folder, advance=lambda _done, _total: advance())
    return str(folder / "index.html")


def _write_letters(audit: Audit, folder: Path, advance: Advance) -> str:
    from validator.audit.exports.opinion import write_opinions
    from validator.audit.exports.summary import write_summary

    with open_own_files(folder) as own:
        summary = own.place(SUMMARY, partial(write_summary, audit))
        count = write_opinions(
            audit, lambda name, write: own.place(f"{LETTERS}/{name}", write), advance=lambda _: advance()
        )
        own.clear(_LETTERS)
        return "\n".join((f"{summary}，{folder / LETTERS}（{count}份）", *own.describe()))


def _write_tables(form: Literal["csv", "parquet"], audit: Audit, folder: Path, advance: Advance) -> str:  # noqa: ARG001
    from validator.audit.exports.tables import write_tables

    write_tables(audit, folder / TABLES, form)
    return str(folder / TABLES)


OUTPUTS: dict[str, Output] = {
    "xlsx": Output("工作簿", _write_workbook, "工作簿", (WORKBOOK,), (("xlsxwriter", "audit"),)),
    "html": Output("网页", _write_dashboard, "网页", ("index.html",)),
    "word": Output("意见书", _write_letters, "意见书和汇总", (SUMMARY, f"{LETTERS}/*.docx")),
    "csv": Output("数据表", partial(_write_tables, "csv"), "数据表", (f"{TABLES}/*.csv",)),
    "parquet": Output(
        "数据表（Parquet）",
        partial(_write_tables, "parquet"),
        "数据表（Parquet）",
        (f"{TABLES}/*.parquet",),
        (("pyarrow", "parquet"),),
    ),
}
