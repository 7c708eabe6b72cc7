"""RuleSet → one HTML page that can be printed, with every word of the rule files escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from validator.language import Language, translator
from validator.law.coverage import Coverage
from validator.reporters.page.render import Served, read_style
from validator.reporters.page.safe import build_environment, name_policy
from validator.rulebook.view import view_rulebook
from validator.ruleset import RuleSet

if TYPE_CHECKING:
    from jinja2 import Environment


def render_rulebook(
    ruleset: RuleSet, *, coverage: Coverage = (), served: Served | None = None, language: Language = "zh"
) -> str:
    """Return a rule set as one HTML page: first a list to tick, then every rule with all that is to be known of it.

    Args:
        ruleset: the rules; those of another person's folder are as good as hostile.
        coverage: every clause of some sources with the rules that check it; empty: no such table.
        served: style and script come from these addresses, and nothing is inline. Without it the page holds its
            style itself and fetches nothing.
        language: of labels and explanations. What the rule files say stays Chinese.
    """
    from markupsafe import Markup

    style = read_style() + read_rulebook_style()
    return (
        _environment()
        .get_template("rulebook.html")
        .render(
            _=translator(language),
            book=view_rulebook(ruleset, language, coverage),
            chinese=Markup("" if language == "zh" else ' lang="zh-CN"'),
            served=served,
            top=Markup(served.top if served else ""),
            after=Markup(served.after if served else ""),
            policy=name_policy(style, ""),
            style=Markup(style),
        )
    )


def read_rulebook_style() -> str:
    """Return what this page adds to the style of the result page (``read_style``)."""
    return _read("rulebook.css")


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


@cache
def _environment() -> Environment:
    return build_environment(_read)
