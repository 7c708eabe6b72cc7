"""Path of a file → the entries of the roster whose ``path`` it is of, whether that is a file, a folder or a pattern."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick

from validator.audit.records import RosterEntry
from validator.audit.who.patterns import PathPattern, compile_pattern, split_path, strip_ending
from validator.errors import OptionError, plain

_FREE = re.compile(r"(?:\*\*/)+|\*+|\{[^{}]*\}")


class PathIndex:
    """The paths of a roster. Tens of thousands of patterns are told apart by their rarest fixed piece, in one pass."""

    def __init__(self, roster: Sequence[RosterEntry]) -> None:
        """Index the paths of a roster.

        Raises:
            OptionError: a pattern cannot be read, or has nothing fixed.
        """
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        self._patterns: dict[int, PathPattern] = {}
        pieces: dict[int, list[str]] = {}
        for index, entry in enumerate(roster):
            if not entry.path:
                continue
            joined = re.sub(r"\.zip$", "", "/".join(split_path(entry.path)), flags=re.IGNORECASE)
            if not re.search(r"[*{}]", joined):
                self._exact[joined].append(index)
                continue
            try:
                self._patterns[index] = compile_pattern(entry.path, needs_placeholder=False)
            except OptionError as exc:
                raise OptionError(f"名册第{entry.line}行：{exc}") from exc
            pieces[index] = [p for p in _FREE.split(strip_ending(joined)) if p.strip("/")]
            if not pieces[index]:
                raise OptionError(f"名册第{entry.line}行的路径“{plain(entry.path)[:40]}”没有固定的字，什么文件都符合。")
        often = Counter(p for found in pieces.values() for p in set(found))
        self._by_piece: defaultdict[str, list[int]] = defaultdict(list)
        for index, found in pieces.items():
            self._by_piece[min(found, key=lambda p: (often[p], -len(p), p))].append(index)
        self._fixed = list(self._by_piece)
        self._finder = AhoCorasick(self._fixed) if self._fixed else None

    def find(self, path: str) -> list[int]:
        """Return the indexes of the entries that a file is of: by its own path, its nearest folder, or patterns."""
        if not self._exact and self._finder is None:
            return []
        parts = split_path(path)
        joined = "/".join(parts)
        if self._exact:
            for whole in (joined, strip_ending(joined), *("/".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))):
                if whole in self._exact:
                    return self._exact[whole]
        if self._finder is None:
            return []
        hits = {self._fixed[i] for i, _, _ in self._finder.find_matches_as_indexes(joined, overlapping=True)}
        return sorted(i for piece in hits for i in self._by_piece[piece] if self._patterns[i].is_of(parts))
