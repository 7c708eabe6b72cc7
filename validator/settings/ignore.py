"""Which files are left out: patterns as in a .gitignore file, of the ignore file and of the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import OptionError
from validator.settings.reading import plain_absolute, read_small

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_NAME = ".fazhiignore"
_STARS = re.compile(r"\*+")
_MOST_STARS = 4
"""More of them could take very long on hostile names."""
_MOST_LETTERS = 500


class Patterns:
    """Patterns of one folder, as in a .gitignore file: later ones win, ``!`` takes back."""

    def __init__(self, folder: Path, patterns: Iterable[str]) -> None:
        self.folder = folder
        self._patterns = tuple(patterns)
        self._spec: GitIgnoreSpec | None = None

    def match(self, path: str) -> bool:
        """Tell whether a path (relative to the current folder, or absolute) is meant."""
        if not self._patterns:
            return False
        inside = relative_to(path, self.folder)
        return inside is not None and self.match_inside(inside)

    def match_inside(self, inside: str) -> bool:
        """Tell whether a path relative to the folder is meant."""
        if self._spec is None:
            self._spec = _compile(self._patterns)
        return self._spec.match_file(inside)


def _compile(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        if len(pattern) > _MOST_LETTERS or len(_STARS.findall(pattern)) > _MOST_STARS:
            raise OptionError(f"通配符“{pattern[:40]}”太长或星号太多，一条最多{_MOST_STARS}处星号。")
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as exc:
        raise OptionError(f"有写错的通配符：{'、'.join(patterns)[:80]}。") from exc


def relative_to(path: str, folder: Path) -> str | None:
    """Return a path relative to a folder, with slashes; ``None`` where it does not stand below it."""
    try:
        return plain_absolute(Path(path)).relative_to(plain_absolute(folder)).as_posix()
    except ValueError:
        return None


def is_gone(path: str, folder: Path) -> bool:
    """Tell whether nothing stands at a path below a folder, and no archive that the path could lead into."""
    parts = path.split("/")
    ways = ("/".join(parts[: n + 1]) for n in range(len(parts)))
    with suppress(OSError, ValueError):
        return not any((folder / way).exists() if way == path else (folder / way).is_file() for way in ways)
    return True


def read_ignore_file(path: Path) -> Patterns:
    """Return the patterns of an ignore file.

    Raises:
        OptionError: it cannot be read.
    """
    try:
        lines = read_small(path, f"忽略文件 {path} ").decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise OptionError(f"{path} 不是 UTF-8 编码，请另存为 UTF-8。") from None
    return Patterns(path.parent, [line for line in lines if line.strip() and not line.lstrip().startswith("#")])
