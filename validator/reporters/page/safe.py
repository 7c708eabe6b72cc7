"""What keeps a page safe: a policy that names style and script, JSON that ends no element, templates that escape."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_VISIBLE_BLANKS = "\n\t\u3000\u00a0"


def name_policy(style: str, script: str) -> Markup:
    """Return the content security policy of a page that runs one script, has one style and fetches nothing."""
    from markupsafe import Markup

    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    return Markup(f"{policy}; base-uri 'none'; form-action 'none'")


def embed_json(text: str) -> str:
    """Return JSON in which nothing can end the script element or is invisible."""
    if text.isprintable() and not any(c in text for c in "<>&"):
        return text
    return "".join(c if c.isprintable() and c not in "<>&" else _escape(c) for c in text)


def build_environment(read: Callable[[str], str]) -> Environment:
    """Return templates that escape every word.

    Args:
        read: returns the source of a template by its name.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(read),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def show(text: str) -> str:
    """Return a text without characters that cannot be seen, of the same length."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _VISIBLE_BLANKS else " " for c in text)


def _finalize(value: object) -> object:
    """Return what is written for a value; markup is safe already."""
    return show(value) if type(value) is str else value
