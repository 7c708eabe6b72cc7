"""A span of a document → its original characters on one line, as an audit shows and compares them."""

from __future__ import annotations

from bisect import bisect_left

from validator.document import Document, Span, mask_numbers


def one_line(document: Document, span: Span, limit: int = 2000) -> str:
    """Return the original characters of a span on one line, cut at ``limit``; long numbers are masked.

    Unlike an excerpt it leaves out lines of the file that are no part of the report (the page number and the running
    head in the middle of a sentence), and puts no blank where a line was broken between Chinese characters.
    """
    start, end = document.raw_range(span)
    text = document.raw.text
    if "\n" not in text[start:end]:
        return document.excerpt(span, limit)
    joined = ""
    for line in text[start:end].splitlines(keepends=True):
        kept = bisect_left(document.origin, start)
        words = "".join(c if c.isprintable() else " " for c in line).split()
        if words and kept < len(document.origin) and document.origin[kept] < start + len(line):
            apart = joined and joined[-1].isascii() and words[0][0].isascii()
            joined += f"{' ' if apart else ''}{' '.join(words)}"
        start += len(line)
    shown = mask_numbers(joined)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
