"""RunResult → one HTML page with its result inside, and back."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from validator.reporters.page.view import view_run
from validator.reporters.paths import with_unicode_path
from validator.result import FORMAT_VERSION, RunResult

if TYPE_CHECKING:
    from jinja2 import Environment

RESULT_ID = "fazhi-result"
_RESULT = re.compile(rf'<script\b[^>]*\bid="{RESULT_ID}"[^>]*>(.*?)</script>', re.DOTALL)
_VISIBLE_BLANKS = "\n\t\u3000\u00a0"


def render_page(result: RunResult) -> str:
    """Return a run as one HTML page: nothing is fetched, no word of a report is taken for markup."""
    from markupsafe import Markup

    result = replace(result, files=tuple(with_unicode_path(f) for f in result.files))
    style, script = _read("page.css"), _read("page.js")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=view_run(result),
            policy=Markup(f"{policy}; base-uri 'none'; form-action 'none'"),
            style=Markup(style),
            script=Markup(script),
            result=Markup(_embed(result)),
        )
    )


def read_page(text: str) -> RunResult:
    """Return the run that a page was made from.

    Raises:
        ValueError: the page holds no result, or one that this version does not understand.
    """
    found = _RESULT.search(text)
    if found is None:
        raise ValueError("这个网页里没有检查结果，请换用本工具写出的网页。")
    try:
        result = TypeAdapter(RunResult).validate_json(found[1])
    except ValidationError:
        raise ValueError("网页里的检查结果读不出来，可能被改动过，也可能是别的版本写的。") from None
    if result.format_version != FORMAT_VERSION:
        raise ValueError(f"网页里的检查结果是第{result.format_version}版格式，本工具只认第{FORMAT_VERSION}版。")
    return result


def _embed(result: RunResult) -> str:
    """Return a run as JSON in which nothing can end the script element or is invisible."""
    text = TypeAdapter(RunResult).dump_json(result).decode()
    if text.isprintable() and not any(c in text for c in "<>&"):
        return text
    return "".join(c if c.isprintable() and c not in "<>&" else _escape(c) for c in text)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_show,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _show(value: object) -> object:
    """Return what is written for a value: text without characters that cannot be seen, of the same length."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(c if c.isprintable() or c in _VISIBLE_BLANKS else " " for c in value)
