"""Which files are left out: patterns as in a .gitignore file, of the ignore file and of the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import OptionError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_NAME = ".fazhiignore"
_MAGIC = frozenset("*?[!\\")


class Patterns:
    """Patterns of one folder. A pattern is a path below it, or has the wildcards of a .gitignore file."""

    def __init__(self, folder: Path, patterns: Iterable[str]) -> None:
        self.folder = folder
        self._patterns = tuple(patterns)
        self._spec: GitIgnoreSpec | None = None

    def match(self, path: str) -> bool:
        """Tell whether a path (relative to the current folder, or absolute) is meant."""
        if not self._patterns:
            return False
        inside = relative_to(path, self.folder)
        if inside is None:
            return False
        if inside in self._patterns:
            return True
        if self._spec is None:
            self._spec = _compile(self._patterns)
        return self._spec.match_file(inside)


def _compile(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as exc:
        raise OptionError(f"这些路径里有写错的通配符：{'、'.join(patterns)}。") from exc


def relative_to(path: str, folder: Path) -> str | None:
    """Return a path relative to a folder, with slashes; ``None`` where it does not stand below it."""
    try:
        return _plain(Path(path)).relative_to(_plain(folder)).as_posix()
    except ValueError:
        return None


def _plain(path: Path) -> Path:
    """Return an absolute path without ``..``; links are not followed, so that a path stays what the user wrote."""
    import os

    return Path(os.path.normpath(path.absolute()))


def read_ignore_file(path: Path) -> Patterns:
    """Return the patterns of an ignore file.

    Raises:
        OptionError: it cannot be read.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except OSError as exc:
        raise OptionError(f"{path} 读不出来（{exc.strerror}）。") from exc
    except UnicodeDecodeError:
        raise OptionError(f"{path} 不是 UTF-8 编码，请另存为 UTF-8。") from None
    return Patterns(path.parent, [line for line in lines if line.strip() and not line.lstrip().startswith("#")])
