"""What the page's own style sheets do not show: copies for the printer, words against copying. Used by ``lines``.

Only plain rules count (``.copy { display: none }``), and only where no other rule shows the same name again: what a
script or a state (``.pane.active``) makes visible is not hidden. Everything here takes linear time on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENED = re.compile("<style", re.IGNORECASE)
_CLOSED = re.compile("</style", re.IGNORECASE)
_BRACE = re.compile(r"([{}])")
_SIMPLE = re.compile(r"(?:\*|[a-zA-Z][a-zA-Z0-9]{0,20})?([.#][\w-]{1,80})")
_NAME = re.compile(r"[.#][\w-]{1,80}")
_UNSEEN = re.compile(
    r"(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|font-size\s{0,9}:\s{0,9}0(?:px|pt|em|rem|%)?\s{0,9}(?:!|;|$))"
)


def hidden_names(source: str) -> frozenset[str]:
    """Return the classes (``.name``) and ids (``#name``) that the style sheets inside a page hide."""
    hidden: set[str] = set()
    shown: set[str] = set()
    for selectors, body in _rules(source):
        unseen = _UNSEEN.search(body) is not None
        for selector in selectors.split(","):
            name = _SIMPLE.fullmatch(selector.strip())
            if unseen and name is not None:
                hidden.add(name.group(1))
            elif "display" in body or "visibility" in body:
                shown.update(_NAME.findall(selector))
    return frozenset(hidden - shown)


def _rules(source: str) -> Iterator[tuple[str, str]]:
    """Yield (selectors, lower-case body) of the rules for every medium; those inside an at-rule are left out."""
    for sheet in _sheets(source):
        heads: list[str] = []
        words = ""
        for token in _BRACE.split(sheet):
            if token == "{":
                heads.append(words.rpartition(";")[2].strip())
            elif token == "}":
                head = heads.pop() if heads else ""
                if head and not head.startswith("@") and not heads:
                    yield head, words.lower()
                words = ""
            else:
                words = token


def _sheets(source: str) -> Iterator[str]:
    """Yield the style sheets of a page without comments."""
    at = 0
    while (start := _OPENED.search(source, at)) and (end := _CLOSED.search(source, start.end())):
        yield _without_comments(source[source.find(">", start.end(), end.start()) + 1 : end.start()])
        at = end.end()


def _without_comments(sheet: str) -> str:
    first, *rest = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)
