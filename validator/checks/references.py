"""Landmarks and right titles, made ready to be found: what the rules of group R look things up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from validator.normalise.characters import DROPPED, fold
from validator.rule import Landmark, Titles

_LONG_TITLE = 6
_STATE = re.compile("^中华人民共和国|^关于")
_NOT_TITLE = re.compile(r"（(?:20\d\d年)?(?:修订|修正|草案|试行|暂行|修订版|送审稿|征求意见稿)[^）]*）$|^〈|〉$")
_YEARS = re.compile(r"（(20\d\d)(?:年)?[-~—至]*(20\d\d)(?:年)?）")


@dataclass(frozen=True, slots=True)
class References:
    """``landmarks``: normalised name → landmark. ``titles``: title key → title as it is rightly written.

    ``endings`` are the ends of titles without their first characters (信息公开条例), which people use as short forms.
    ``anagrams``: the characters of a long title in order → its key, for words put the wrong way round.
    """

    landmarks: Mapping[str, Landmark]
    titles: Mapping[str, str]
    endings: frozenset[str]
    anagrams: Mapping[str, str]


def plain(text: str) -> str:
    """Return words as they stand in normalised text."""
    return fold(text).replace(DROPPED, "").replace(" ", "").replace("\n", "")


def title_key(title: str) -> str:
    """Return a title without what may differ between right spellings: the state, brackets, dashes, 、."""
    key = _NOT_TITLE.sub("", _STATE.sub("", plain(title).strip("《》〈〉").replace("、", "")))
    return _YEARS.sub(r"（\1-\2）", _NOT_TITLE.sub("", key))


def build_references(landmarks: Iterable[Landmark], titles: Titles) -> References:
    """Index landmarks by every name, and titles by their key; a landmark's title is a right title too."""
    names: dict[str, Landmark] = {}
    right: dict[str, str] = {title_key(t): t for t in titles.all}
    for landmark in landmarks:
        for name in landmark.names:
            names.setdefault(plain(name), landmark)
            if landmark.kind in ("law", "regulation", "party_regulation", "policy", "plan", "book", "judicial"):
                right.setdefault(title_key(name), name)
    endings = frozenset(key[start:] for key in right for start in range(1, len(key) - 2))
    anagrams = {"".join(sorted(key)): key for key in right if len(key) >= _LONG_TITLE}
    return References(names, right, endings, anagrams)
