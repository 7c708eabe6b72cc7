"""Saved web pages (.html, .mhtml) → RawDocument.

Places are line and column of the decoded source: no library at hand keeps them, so the way from source to lines is
our own (``encoding`` → ``tree`` → ``lines`` → ``main`` and ``meta``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.assemble import Block, assemble
from validator.loaders.signature import CONTENT_WORDS, ending_of
from validator.loaders.web.encoding import decode_page
from validator.loaders.web.lines import Line, Lines, blocks, read_lines
from validator.loaders.web.main import Main, choose, is_named, is_paged
from validator.loaders.web.meta import Meta, read_meta
from validator.loaders.web.tree import Element, Text, Tree, parse
from validator.options import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from email.message import Message

_EMPTY = "文件是空的，没有可检查的文字。"
_NO_TAGS = "文件里没有网页标记，是纯文本，请把文件名的结尾改为 .txt 后再检查。"
_OTHER = "文件内容不是网页，请用浏览器打开网页后另存一份再检查。"
_SHELL = "网页里没有正文，可能要等网页打开后另存，或把正文复制到 Word 里再检查。"
_FRAMES = "网页里没有正文，正文在它里面嵌入的另一个网页或文件里，请打开那一个另存后再检查。"
_ATTACHED = "网页里没有正文，正文可能在附件里，请下载附件后检查附件。"
_PICTURES = "网页里没有文字正文，正文可能是图片，请用 Word 文件检查。"
_PAGED = "网页上的报告分成了几页，这里只有其中一页，请把全文存在一个文件里再检查。"
_TORN = "网页文件不完整，后面的内容读不出来，请重新保存后再检查。"
_NO_PAGE = "文件里没有网页，请用浏览器重新保存网页后再检查。"

_MARKUP = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:]*(?=[\s/>])|<!doctype", re.IGNORECASE)
_EMBEDDED = re.compile(r"<(?:iframe|frame|embed|object)(?=[\s/>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_FEW = 200
"""When so few characters of prose are shown, the report may be in what scripts show later."""

_INTRODUCTION = 100
_INTRODUCTION_LINES = 6
"""When a page with attachments has no more prose than this, the report is attached."""


class _Report(NamedTuple):
    """What was read of one page. ``weight``: how many characters of prose it has."""

    blocks: list[Block]
    meta: Meta
    weight: int


def load_html(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read a saved web page.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: of the file, the text and the depth of elements.

    Raises:
        LoadError: it is no web page, is damaged or in an unknown encoding, or holds no report.
    """
    _check_size(data, limits)
    _check_kind(data, ".html")
    report = _read_page(data, "", limits)
    return assemble(name, data, report.blocks, limits, meta=report.meta)


def load_mhtml(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read a web page saved as one file (MIME, RFC 2557). Places are those of its decoded HTML part.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: of the file, the text and the depth of elements.

    Raises:
        LoadError: it is no such file or broken, or no page in it holds a report.
    """
    _check_size(data, limits)
    _check_kind(data, ".mhtml")
    pages, sheets = _pages(data)
    if not pages:
        raise LoadError(_NO_PAGE)
    try:
        report = _read_page(*pages[0], limits, sheets)
    except LoadError as exc:
        report = _best(pages[1:], limits, exc, sheets)
    return assemble(name, data, report.blocks, limits, meta=report.meta)


def _best(pages: list[tuple[bytes, str]], limits: Limits, error: LoadError, sheets: str) -> _Report:
    """Return the frame with the most prose, or raise the error of the page that holds the frames."""
    found: list[_Report] = []
    for content, charset in pages:
        try:
            found.append(_read_page(content, charset, limits, sheets))
        except LoadError:
            continue
    if not found:
        raise error
    return max(found, key=lambda report: report.weight)


def _check_size(data: bytes, limits: Limits) -> None:
    if len(data) > limits.file_mib * 1024 * 1024:
        raise LoadError(f"文件超过 {limits.file_mib} 兆字节，不像一份报告。")
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f\v\0"):
        raise LoadError(_EMPTY)


def _check_kind(data: bytes, wanted: str) -> None:
    """Refuse what is another format by its first bytes."""
    found = ending_of(data)
    if found not in (wanted, ".txt"):
        kind = "网页" if wanted == ".html" else "单个网页文件"
        raise LoadError(f"文件内容是{CONTENT_WORDS[found]}，不是{kind}，请把文件名的结尾改为 {found} 后再检查。")


def _read_page(data: bytes, charset: str, limits: Limits, sheets: str = "") -> _Report:
    """Read one page; ``sheets`` are style sheets that were saved with it.

    Raises:
        LoadError: it is no page, or holds no report.
    """
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"Rar!")):
        raise LoadError(_OTHER)
    source = decode_page(data, charset)
    if source.count("\0") > len(source) // 1000:
        raise LoadError(_OTHER)
    if _MARKUP.search(source) is None:
        raise LoadError(_NO_TAGS if any("\u4e00" <= c <= "\u9fff" for c in source) else _OTHER)
    tree = parse(source, limits.depth)._replace(sheets=sheets)
    title = hit.group(1) if (hit := _TITLE.search(tree.source)) else ""
    found, main = _choose(tree, title)
    if not main.lines:
        raise LoadError(_why_empty(source, found))
    short = main.weight < _INTRODUCTION and len(main.lines) <= _INTRODUCTION_LINES
    if short and any(line.files and line.linked for line in found.lines):
        raise LoadError(_ATTACHED)
    if is_paged(found, main, _words_of_pagers(tree, found)):
        raise LoadError(_PAGED)
    meta = read_meta(tree.metas, title, main.title, _words_of(main.around), _words_of(main.labels))
    return _Report(blocks(main.lines, tree.source), meta, main.weight)


def _words_of(lines: list[Line]) -> list[str]:
    """Return the words of lines; a label without a colon, in an element of its own, becomes a line of its own."""
    found: list[str] = []
    for line in lines:
        label = line.runs[0][0]
        if is_named(line) and label.rstrip()[-1:] not in ("：", ":", "】", "]"):
            found += (label, line.text.removeprefix(label))
        else:
            found.append(line.text)
    return found


def _choose(tree: Tree, title: str) -> tuple[Lines, Main]:
    """Choose the report among what is shown; what scripts show later is taken where hardly anything else is there."""
    found = read_lines(tree)
    main = choose(tree.root, found, title)
    if main.weight < _FEW and any(line.hidden for line in found.lines):
        hidden = read_lines(tree, hidden=True)
        other = choose(tree.root, hidden, title)
        if other.weight > 2 * main.weight:
            return hidden, other
    return found, main


def _why_empty(source: str, found: Lines) -> str:
    """Say where the report may be when there is none in the page."""
    if any(line.files and line.linked for line in found.lines):
        return _ATTACHED
    if found.frames or _EMBEDDED.search(source):
        return _FRAMES
    return _PICTURES if found.pictures >= 3 and len(found.lines) > 3 else _SHELL


def _words_of_pagers(tree: Tree, found: Lines) -> dict[int, str]:
    """Return the words of links that may turn a page, by their index."""
    if "一页" not in tree.source:
        return {}
    return {index: _words(link, tree.source) for index, (link, _) in enumerate(found.links)}


def _words(element: Element, source: str) -> str:
    parts = [source[c.start : c.end] if isinstance(c, Text) else _words(c, source) for c in element.children]
    return "".join(parts)


def _pages(data: bytes) -> tuple[list[tuple[bytes, str]], str]:
    """Return the HTML parts of a MIME file with their encodings, the main page first, and its style sheets.

    Raises:
        LoadError: it is no MIME file, or broke off.
    """
    from email import message_from_bytes  # imported inside: only these files need it
    from email.errors import MessageError

    try:
        message = message_from_bytes(data)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        if parts and _is_torn(message, parts):
            raise LoadError(_TORN)
        start = message.get_param("start")
        root = [p for p in parts if isinstance(start, str) and str(p.get("Content-ID", "")).strip() == start.strip()]
        ordered = [*root, *(p for p in parts if p not in root)]
        pages = []
        for part in ordered:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                pages.append((content, part.get_content_charset() or ""))
        sheets = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/css"]
        styles = "".join(f"<style>{s.decode('utf-8', 'replace')}</style>" for s in sheets if isinstance(s, bytes))
    except (MessageError, RecursionError, ValueError, LookupError, AssertionError, TypeError) as exc:
        raise LoadError(_NO_PAGE) from exc
    return pages, styles


def _is_torn(message: Message, parts: list[Message]) -> bool:
    """Tell whether the file ends inside a page: the closing boundary is missing and the last part is HTML."""
    from email.errors import CloseBoundaryNotFoundDefect

    torn = any(isinstance(d, CloseBoundaryNotFoundDefect) for part in message.walk() for d in part.defects)
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return torn and leaves[-1] in parts
