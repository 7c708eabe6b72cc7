"""The pages of the site that are no files of ``docs/``, and the links between all of them."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from reference.contract import write_contract, write_example, write_schema
from reference.rules import write_rule_pages
from reference.settings import write_settings
from validator.ruleset import load_ruleset

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = {
    "README.zh-CN.md": "manual.md",
    "README.md": "overview.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "validator/audit/schema.sql": "schema.sql",
}
"""Files outside ``docs/`` that are on the site, and their names there."""
_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_HAN = re.compile("[\u4e00-\u9fff]")
_KEPT = re.compile("(<(?:pre|blockquote).*?</(?:pre|blockquote)>)", re.S)
_BETWEEN = re.compile(r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])\n(?=[\u3400-\u9fff“《（])")


def make_pages() -> dict[str, str]:
    """Return every page that is made from the program, by its name on the site."""
    return {
        **write_rule_pages(load_ruleset(), load_ruleset(profile="statutory")),
        "settings.md": write_settings(),
        "json.md": write_contract(write_example(ROOT / "fixtures" / "reports" / "missing-plan.txt")),
        "result.schema.json": write_schema(),
    }


def read_outside() -> dict[str, str]:
    """Return the files outside ``docs/`` by their names on the site."""
    return {name: (ROOT / path).read_text("utf-8") for path, name in OUTSIDE.items()}


def is_english(markdown: str) -> bool:
    """Tell whether a page is written in English: its title has no Chinese character."""
    return not _HAN.search(next((line for line in markdown.splitlines() if line.startswith("# ")), ""))


def turn_links(markdown: str, name: str) -> str:
    """Return a page with the links that hold in the repository turned into those that hold on the site.

    Args:
        markdown: the text as it stands in the repository.
        name: the name of the page on the site.
    """
    home = next((path for path, there in OUTSIDE.items() if there == name), f"docs/{name}")
    return _LINK.sub(lambda link: _turn(link, home, name), markdown)


def join_lines(html: str) -> str:
    """Return a page in which a line end between Chinese characters leaves no blank; texts of reports keep theirs."""
    parts = _KEPT.split(html)
    return "".join(part if at % 2 else _BETWEEN.sub("", part) for at, part in enumerate(parts))


def _turn(link: re.Match[str], home: str, name: str) -> str:
    words, target, anchor = link[1], link[2], link[3] or ""
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(home), target))
    there = OUTSIDE.get(meant) or (meant.removeprefix("docs/") if meant.startswith("docs/") else None)
    if there is None:  # a link that leads nowhere on the site ends the build
        return link[0]
    return f"[{words}]({posixpath.relpath(there, posixpath.dirname(name) or '.')}{anchor})"
