"""An audit → a folder with the dashboard and the pages of its reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from validator.audit.exports.dashboard.charts import share
from validator.audit.exports.dashboard.pages import (
    INDEX,
    PAGES,
    draw_page,
    environment,
    name_page,
    read_asset,
)
from validator.audit.exports.dashboard.rows import MARKS, pack
from validator.audit.exports.dashboard.sentences import SHORT_WORDS
from validator.audit.exports.dashboard.tally import rank, tally
from validator.audit.exports.dashboard.view import view_audit
from validator.audit.read import Audit
from validator.audit.records import Decision
from validator.errors import OptionError, explain_os_error
from validator.reporters.page.render import read_style
from validator.reporters.page.safe import name_policy
from validator.settings.reading import write_whole

Pages = Literal["all", "failed", "none"]
"""Which reports get a page: all, those that fail or need review, none."""
_ALL_UP_TO = 1000
_MOST_FAILED = 2000
_OWN_PAGE = re.compile(r"\d{6,}\.html")


class Written(NamedTuple):
    """What was written: the dashboard, and how many pages of reports."""

    dashboard: Path
    pages: int


def write_dashboard(
    audit: Audit,
    folder: Path,
    *,
    pages: Pages | None = None,
    advance: Callable[[int, int], object] = lambda _done, _total: None,
) -> Written:
    """Write ``index.html`` and ``pages/NUMBER.html``; pages of an earlier audit in the folder are removed.

    Args:
        audit: the audit.
        folder: where to write; it must be there.
        pages: which reports get a page; ``None``: all of up to 1,000, else those that fail or need review. Of these
            at most 2,000 get one, the worst first.
        advance: called after each step with the steps done and their number.

    Raises:
        OptionError: something cannot be written.
    """
    counted = tally(audit)
    kind: Pages = pages or ("all" if counted.files <= _ALL_UP_TO else "failed")
    chosen = _choose(audit, kind)
    total = counted.files + len(chosen)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        advance(done, total)

    _write_pages(audit, folder / PAGES, chosen, step)
    links = {number: f"{PAGES}/{name_page(number)}" for number in chosen}
    from markupsafe import Markup

    style, script = read_style() + read_asset("beside.css") + read_asset("dashboard.css"), read_asset("dashboard.js")
    text = (
        environment()
        .get_template("dashboard.html")
        .render(
            board=view_audit(audit, counted, links),
            about_pages=_describe_pages(kind, len(chosen), counted.files - counted.standing.files.attachments),
            policy=name_policy(style, script),
            style=Markup(style),
            script=Markup(script),
            share=share,
            short_words=SHORT_WORDS,
            marks=MARKS,
            rows=map(Markup, pack(audit, counted, links, step)),
        )
    )
    write_whole(folder / INDEX, text, f"总览页 {folder / INDEX} ")
    return Written(folder / INDEX, len(chosen))


def _choose(audit: Audit, kind: Pages) -> frozenset[int]:
    """Return the numbers of the files that get a page."""
    if kind == "none":
        return frozenset()
    if kind == "all":
        return frozenset(row.id for row in audit.files() if not row.attachment)
    wanted = ((*rank(row), place, row.id) for place, row in enumerate(audit.files()) if _needs_page(row.decided))
    return frozenset(number for *_, number in sorted(wanted)[:_MOST_FAILED])


def _needs_page(outcome: str) -> bool:
    return outcome in ("fail", "review")


def _describe_pages(kind: Pages, count: int, files: int) -> str:
    how = "要看别的报告，用 fazhi audit page 审核文件夹 文件路径 生成。"
    if count == files:
        return "每份报告都有检查页。"
    if not count:
        return f"没有生成报告的检查页。{how.replace('别的', '一份')}"
    most = f"，最多{_MOST_FAILED}份，问题多的在前" if count == _MOST_FAILED else ""
    which = f"不符合和需复核的报告{most}" if kind == "failed" else "一部分报告"
    return f"{which}有检查页，共{count}份。{how}"


def _write_pages(audit: Audit, folder: Path, chosen: frozenset[int], step: Callable[[], None]) -> None:
    decisions: dict[str, list[Decision]] = {}
    for decision in audit.decisions() if chosen else ():
        decisions.setdefault(decision.path, []).append(decision)
    links = {number: name_page(number) for number in chosen}
    try:
        for old in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _OWN_PAGE.fullmatch(old.name) and old.is_file() and old.name not in links.values():
                old.unlink()
        if chosen:
            folder.mkdir(exist_ok=True)
    except OSError as exc:
        raise OptionError(f"检查页的文件夹 {folder} 写不进去（{explain_os_error(exc)}）。") from exc
    for row in audit.files() if chosen else ():
        if row.id in chosen:
            page = draw_page(audit, row, decisions.get(row.path, ()), f"../{INDEX}", links)
            write_whole(folder / name_page(row.id), page, f"检查页 {folder / name_page(row.id)} ")
            step()
