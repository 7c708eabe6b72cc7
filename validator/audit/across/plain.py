"""Sentences → the plain text by which reports are compared, with the way back to what stands in the file.

Blanks, punctuation, quotation marks, titles in 《》 and national formulas go; a number and a name become one mark each.
So what is left is what an author had to think of, and a copier who changed only names and figures changed nothing.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from validator.audit.records import Passage
from validator.normalise.characters import DROPPED, fold
from validator.rule import Formulas

NUMBER = "0"
NAME = "\x01"
MARKS = NUMBER + NAME
"""What stands for a number and for a name; neither counts as copied."""
LEAST_COUNTED = 18
"""A sentence, and a stretch that two reports share, counts from so many characters on: about two clauses."""

_BETWEEN = "。"
"""Stands between sentences, so that no pattern runs from one into the next."""
_GONE = "\0"
_TAKEN = "\x02"
_MOST_LEADS = 6


@dataclass(frozen=True, slots=True)
class Plain:
    """A report made plain.

    ``text`` has the plain characters, ``origin`` the offset of each in ``folded``: the sentences with one character
    between them, each spelled one way, equal in length to the file's. ``bounds`` are the offsets in ``text`` at which
    sentences start, and its length; ``starts`` the same for ``folded``. ``counted`` is how many characters count.
    """

    text: str
    origin: array[int]
    folded: str
    bounds: tuple[int, ...]
    starts: tuple[int, ...]
    counted: int

    def sentence_at(self, offset: int) -> int:
        """Return the index of the sentence that holds an offset of ``text``."""
        return bisect_right(self.bounds, offset) - 1


def count(text: str) -> int:
    """Return how many characters of a plain text count."""
    return len(text) - text.count(NUMBER) - text.count(NAME)


def make_plain(passages: Sequence[Passage], formulas: Formulas) -> Plain:
    """Make the sentences of a report plain.

    Args:
        passages: its sentences, in reading order.
        formulas: what everyone writes.
    """
    texts = [p.text for p in passages]
    starts = tuple(accumulate((len(t) + 1 for t in texts), initial=0))
    folded = fold("".join(t + _BETWEEN for t in texts))
    words, kept = _without(folded, _DROPPED)
    text, left = _without(_mask(words, formulas), _IGNORED)
    places = kept[left]
    bounds = tuple(np.searchsorted(places, starts).tolist())
    return Plain(text, array("i", places.astype(np.intc).tobytes()), folded, bounds, starts, count(text))


def _without(text: str, dropped: Sequence[int]) -> tuple[str, NDArray[np.int64]]:
    """Return a text without some characters (code points), and the offsets of those that are left."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    kept = np.flatnonzero(~np.isin(codes, dropped))
    return codes[kept].tobytes().decode("utf-32-le", "surrogatepass"), kept


def bridges(here: str, there: str) -> bool:
    """Tell whether two stretches of folded text between shared characters say the same."""
    return here.translate(_WITHOUT_DROPPED) == there.translate(_WITHOUT_DROPPED)


def sentences(plain: Plain) -> list[str]:
    """Return the plain text of each sentence."""
    return [plain.text[a:b] for a, b in pairwise(plain.bounds)]


_DROPPED = tuple(map(ord, (DROPPED, " ")))
_IGNORED = tuple(
    map(
        ord,
        _GONE + _TAKEN + "\n，。、；：！？（）〔〕〈〉《》·…-—_~/\\|.,:;!?()[]{}<>%‰+=*#&@^$●■◆★▲※①②③④⑤⑥⑦⑧⑨⑩",
    )
)
_WITHOUT_DROPPED = dict.fromkeys(_DROPPED)


def _mask(words: str, formulas: Formulas) -> str:
    """Put marks over what does not count; the length stays, so offsets do."""
    readers = _compile(formulas)
    words = words.replace(NAME, _GONE).replace(_TAKEN, _GONE)
    words = readers.phrases.sub(lambda m: _TAKEN + _GONE * (len(m[0]) - 1), words)
    words = readers.leads.sub(lambda m: _GONE * len(m[0]), words)
    words = readers.names.sub(lambda m: NAME + _GONE * (len(m[0]) - 1), words)
    return _NUMBERS.sub(lambda m: NUMBER + _GONE * (len(m[0]) - 1), words)


_NUMBERS = re.compile(r"\d[\d.,:*]*")
_TITLES = r"《[^》。]{1,80}》"


@dataclass(frozen=True, slots=True)
class _Readers:
    phrases: re.Pattern[str]
    leads: re.Pattern[str]
    names: re.Pattern[str]


@cache
def _compile(formulas: Formulas) -> _Readers:
    leads = f"(?:{'|'.join(formulas.leads)}){{1,{_MOST_LEADS}}}(?={_TAKEN})"
    phrases = "|".join((_TITLES, *formulas.phrases))
    return _Readers(re.compile(phrases), re.compile(leads), re.compile("|".join(formulas.names)))
