"""Judge whether pages give all their words: what PDF and OFD ask before they take a text for the whole report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from validator.loaders.assemble import Block
from validator.loaders.paper.layout import Page

SCANNED = 0.4
"""A page without words of its own is a scan when pictures cover so much of it."""
DRAWN = 200
"""A page without any word and with so many drawn shapes has its words as shapes."""
_FEW_CHARACTERS = 30
_MARGIN = 0.12
_ENOUGH_LETTERS = 50


def pages_without_words(pages: Iterable[Page], blocks: Iterable[Block]) -> list[tuple[int, bool]]:
    """Return (page number, has no word at all) of pages whose own words are none, or a few in the margins.

    Args:
        pages: all pages in order.
        blocks: what the layout made of them, without page numbers and running heads.
    """
    letters: Counter[int] = Counter()
    for block in blocks:
        for piece in block.pieces:
            letters[piece.page or 0] += len(piece.text)
    found = []
    for number, page in enumerate(pages, 1):
        count = letters[number]
        if not count or (count < _FEW_CHARACTERS and _is_marginal(page)):
            found.append((number, not count))
    return found


def _is_marginal(page: Page) -> bool:
    """Tell whether all words of a page stand in its upper or lower margin."""
    inner = (_MARGIN * page.height, (1 - _MARGIN) * page.height)
    return all(not inner[0] < f.y1 < inner[1] for f in page.fragments)


def is_garbled(blocks: Iterable[Block]) -> bool:
    """Tell whether a text of many characters has hardly any everyday Chinese ones."""
    counts = Counter("".join(block.text for block in blocks))
    letters = sum(n for c, n in counts.items() if c.isalnum() or c > "\x7f")
    if letters < _ENOUGH_LETTERS:
        return False
    others = {c: n for c, n in counts.items() if c > "\u2e7f" and not _is_mark(c)}
    everyday = sum(n for c, n in others.items() if _is_everyday(c))
    return sum(others.values()) < 0.1 * letters or everyday < 0.6 * sum(others.values())


def _is_mark(character: str) -> bool:
    return "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffee"


@cache
def _is_everyday(character: str) -> bool:
    """Tell whether a character is in the first level of GB 2312, or of Big5 for traditional ones."""
    for encoding, last in (("gb2312", 0xD7), ("big5", 0xC6)):
        try:
            return character.encode(encoding)[0] <= last
        except UnicodeEncodeError:
            continue
    return False


def name_pages(numbers: list[int], total: int) -> str:
    """Return which pages are meant, in words: 第3页, 第3页起有5页, 全部9页都."""
    if len(numbers) == total > 1:
        return f"全部{total}页都"
    return f"第{numbers[0]}页" if len(numbers) == 1 else f"第{numbers[0]}页起有{len(numbers)}页"
