"""Source of a web page → light tree. Between ``encoding`` and ``lines``.

Every stretch of text keeps its offsets in the source. The tokeniser is our own: the one of the standard library drops
or garbles what follows a bare ``&#``, an unknown declaration or an unclosed element, each version of Python in its own
way, and takes four times as long.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from validator.errors import LoadError

CUT = "网页不完整，后面的内容读不出来，请用浏览器打开后另存一份再检查。"
_COMPLEX = "网页的结构太复杂，不像一份报告。"

_MOST_ELEMENTS = 200_000
_DEEPEST = 300
"""Walking the tree takes one call a level; no setting of the limits may exhaust the stack."""

# Quotes count only after "="; one that is never closed counts for nothing. No part goes back, so time stays linear.
_TOKEN = re.compile(
    r"""<(?:(/?)([a-zA-Z][^\s/>]*+)([^>=]*+(?:=\s*+(?>"[^"]*"|'[^']*'|)[^>=]*+)*+)>|!--|!\[CDATA\[|[!?])""",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"'][^\s=/>]*+)(?:\s*+=\s*+(?>"([^"]*)"|'([^']*)'|([^\s>]*+)))?""")
_CLOSERS = {
    tag: re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE)
    for tag in ("script", "style", "textarea", "iframe", "noembed", "noframes", "xmp")
}
"""Elements whose content is no markup, and is not read."""
_BEFORE_SLASH = ("", " ", "\t", "\r", "\n", '"', "'")
"""What stands before the slash of a tag that closes itself; after anything else it belongs to a value."""
_TORN_TAG = re.compile(r"</?[a-zA-Z]")
_PROSE = re.compile(r"[\u4e00-\u9fff][^<>]*[，。；]")

_VOID_TAGS = "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
VOID = frozenset(_VOID_TAGS.split())
_BLOCK_TAGS = """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup
option p pre section summary table tbody td tfoot th thead title tr ul"""
_OUTSIDE_PARAGRAPHS = "body caption html option optgroup tbody td tfoot th thead title tr"
BLOCKS = frozenset(_BLOCK_TAGS.split())
_ENDS_PARAGRAPH = BLOCKS.difference(_OUTSIDE_PARAGRAPHS.split())
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ol", "ul", "menu", "dir", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table", "thead", "tbody", "tfoot"})),
    "tbody": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "thead": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select", "datalist"})),
    "a": (frozenset({"a"}), BLOCKS),
}
"""Start tag → (open elements that it closes, those that it does not look beyond)."""

_NONE: frozenset[str] = frozenset()
_PARAGRAPH = frozenset({"p"})
_TABLE = frozenset({"table"})
_OF_TABLES = frozenset({"td", "th", "caption", "tr", "tbody", "thead", "tfoot"})
_AROUND_PARAGRAPHS = frozenset({"td", "th", "caption", "table", "button"})
_HEAD = frozenset({"head"})
_HEAD_ONLY = frozenset({"head", "title"})


class Text(NamedTuple):
    """A stretch of source, half-open; references in it are not resolved."""

    start: int
    end: int


@dataclass(slots=True, eq=False)
class Element:
    """An element. ``first`` and ``last`` are the half-open range of its lines, set by ``lines``."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element | Text] = field(default_factory=list)
    first: int = 0
    last: int = 0

    def names(self) -> str:
        """Class and id."""
        return f"{self.attributes.get('class', '')} {self.attributes.get('id', '')}".strip()


class Tree(NamedTuple):
    """A page: its root, its source, the attributes of its ``meta`` elements, and style sheets saved beside it."""

    root: Element
    source: str
    metas: list[dict[str, str]]
    sheets: str = ""


def parse(source: str, depth: int) -> Tree:
    """Read a page into a tree.

    Args:
        source: the decoded file.
        depth: elements deeper than this become children of the deepest one; their text stays.

    Raises:
        LoadError: the page breaks off in a comment, a script or a tag and prose follows, or it has far too many
            elements.
    """
    builder = _Builder(min(depth, _DEEPEST))
    last = source.rfind(">") + 1
    missing: set[str] = set()
    done = 0
    while (token := _TOKEN.search(source, done, last)) is not None:
        start = token.start()
        if start > done:
            builder.add_text(done, start)
        done = token.end()
        slash, tag, rest = token.groups()
        if tag is None:
            done = _skip(source, token, builder, missing)
        elif slash:
            builder.close(tag.lower())
        else:
            name = tag.lower()
            builder.open(name, rest)
            empty = rest.endswith("/") and rest[-2:-1] in _BEFORE_SLASH
            if name in _CLOSERS and not empty:
                done = _skip_content(source, name, done, missing)
            elif empty and name not in VOID:
                builder.close(name)
    torn = _TORN_TAG.search(source, done)
    end = torn.start() if torn else len(source)
    _check_lost(source[end:])
    if end > done:
        builder.add_text(done, end)
    return Tree(builder.root, source, builder.metas)


def _skip(source: str, token: re.Match[str], builder: _Builder, missing: set[str]) -> int:
    """Return where a comment or declaration ends; the words of a CDATA section are added."""
    opener, start = token.group().lower(), token.end()
    if opener == "<!--" and source.startswith((">", "->"), start):
        return source.index(">", start) + 1
    closer = {"<!--": "-->", "<![cdata[": "]]>"}.get(opener, ">")
    end = source.find(closer, start) if closer not in missing else -1
    if end < 0:
        # What is missing once is not looked for again.
        missing.add(closer)
        end = len(source)
        if opener != "<![cdata[":
            _check_lost(source[start:])
    if opener == "<![cdata[":
        builder.add_text(start, end)
    return min(end + len(closer), len(source))


def _skip_content(source: str, tag: str, start: int, missing: set[str]) -> int:
    """Return where the end tag of an element begins whose content is not read."""
    found = _CLOSERS[tag].search(source, start) if tag not in missing else None
    if found is None:
        missing.add(tag)
        _check_lost(source[start:])
        return len(source)
    return found.start()


def _check_lost(rest: str) -> None:
    """Refuse to leave out prose."""
    if _PROSE.search(rest):
        raise LoadError(CUT)


def _attributes(source: str) -> dict[str, str]:
    """Return the attributes of a start tag; of one that is given twice the first counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(source):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


class _Builder:
    """Builds the tree as browsers do where it matters for text: unclosed and misnested tags, nothing ever lost."""

    def __init__(self, depth: int) -> None:
        self.root = Element("html", {}, None)
        self.metas: list[dict[str, str]] = []
        self._open = [self.root]
        self._depth = depth
        self._opened: Counter[str] = Counter()
        self._flat: Counter[str] = Counter()
        self._count = 0

    def add_text(self, start: int, end: int) -> None:
        """Add a stretch of source."""
        self._open[-1].children.append(Text(start, end))

    def open(self, tag: str, source: str) -> None:
        """Open an element.

        Args:
            tag: its name in lower case.
            source: its attributes as they are written.
        """
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise LoadError(_COMPLEX)
        if tag in ("html", "body"):
            self._close_nearest(_HEAD, _NONE)
            return
        attributes = _attributes(source) if source else {}
        if tag == "meta":
            self.metas.append(attributes)
            return
        if self._open[-1].tag in _HEAD_ONLY and tag in BLOCKS and tag != "title":
            self._leave(1)
        self._close_for(tag)
        parent = self._open[-1]
        element = Element(tag, attributes, parent)
        parent.children.append(element)
        if tag in VOID or tag in _CLOSERS:
            return
        if len(self._open) < self._depth:
            self._open.append(element)
            self._opened[tag] += 1
        else:
            self._flat[tag] += 1

    def _close_for(self, tag: str) -> None:
        """Close what a start tag ends without saying so."""
        if tag in _ENDS_PARAGRAPH and self._opened["p"]:
            self._close_nearest(_PARAGRAPH, _AROUND_PARAGRAPHS)
        if tag in _CLOSES:
            self._close_nearest(*_CLOSES[tag])

    def _close_nearest(self, tags: frozenset[str], barrier: frozenset[str]) -> bool:
        """Close the innermost open element of some tags; ``False``: none is open on this side of a barrier."""
        for index in range(len(self._open) - 1, 0, -1):
            tag = self._open[index].tag
            if tag in tags:
                self._leave(index)
                return True
            if tag in barrier:
                return False
        return False

    def _leave(self, index: int) -> None:
        """Close an open element and all in it."""
        for element in self._open[index:]:
            self._opened[element.tag] -= 1
        del self._open[index:]

    def close(self, tag: str) -> None:
        """Close an element; an end tag without its start tag changes nothing but the line.

        Args:
            tag: its name in lower case.
        """
        if tag in VOID:
            if tag == "br":
                self._open[-1].children.append(Element("br", {}, self._open[-1]))
            return
        if self._flat[tag]:
            self._flat[tag] -= 1
            if tag in BLOCKS:
                self._open[-1].children.append(Element("br", {}, self._open[-1]))
            return
        if not self._opened[tag]:
            if tag == "p":
                self._open[-1].children.append(Element("br", {}, self._open[-1]))
            return
        if self._open[-1].tag == tag:
            self._opened[tag] -= 1
            self._open.pop()
            return
        if tag in BLOCKS:
            barrier = _NONE if tag == "table" else _TABLE if tag in _OF_TABLES else _AROUND_PARAGRAPHS
        else:
            barrier = BLOCKS
        self._close_nearest(frozenset({tag}), barrier)
