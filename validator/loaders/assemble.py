"""Blocks of text with their places → RawDocument: what every loader of a structured format ends with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from validator.document import Place, RawDocument, Reading
from validator.errors import LoadError
from validator.options import Limits

NOTHING = "文件里没有文字，没有可检查的内容。"


class Piece(NamedTuple):
    """Text that stands together in the file: one character of text is one column there.

    ``line``, ``column``, ``page`` and ``paragraph`` are those of its first character, 1-based, as ``Place`` has them.
    """

    text: str
    line: int
    column: int = 1
    page: int | None = None
    paragraph: int | None = None


@dataclass(slots=True)
class Block:
    """One line of the raw text: a paragraph, a heading or a row. ``hint`` is its heading level (0: none)."""

    pieces: list[Piece]
    hint: int = 0

    @property
    def text(self) -> str:
        """The words of the block."""
        return "".join(p.text for p in self.pieces)


def assemble(
    name: str,
    data: bytes,
    blocks: Iterable[Block],
    limits: Limits,
    *,
    meta: Iterable[tuple[str, str]] = (),
    reading: Reading = "text",
) -> RawDocument:
    """Put blocks together, one line each.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file; its digest names the content.
        blocks: in reading order; blocks without a letter or digit (rulers, bullets) are left out.
        limits: the text may not be longer than ``text_mib``.
        meta: what the file says of itself, names as in ``validator.document.META_NAMES``.
        reading: whether the words were recognised in pictures.

    Raises:
        LoadError: there is no word in it, or far too many.
    """
    parts: list[str] = []
    places: list[Place] = []
    hints: list[tuple[int, int]] = []
    length = 0
    most = limits.text_mib * 1024 * 1024 // 3
    for block in blocks:
        if not any(c.isalnum() for c in block.text):
            continue
        if parts:
            parts.append("\n")
            length += 1
        if block.hint:
            hints.append((length, block.hint))
        for piece in block.pieces:
            if not piece.text:
                continue
            places.append(Place(length, piece.line, piece.column, piece.page, piece.paragraph))
            parts.append(piece.text)
            length += len(piece.text)
        if length > most:
            raise LoadError(f"文件的文字超过 {limits.text_mib} 兆字节，不像一份报告。")
    text = "".join(parts)
    if not any(c.isalnum() for c in text):
        raise LoadError(NOTHING)
    digest = hashlib.sha256(data).hexdigest()
    return RawDocument(name, digest, text, tuple(places), hints=tuple(hints), meta=tuple(meta), reading=reading)
