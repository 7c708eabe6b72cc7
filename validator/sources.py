"""Paths → sources: which files are meant, and their bytes. Folders, patterns and archives are opened here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import NamedTuple

from validator.errors import LoadError, OptionError, explain_os_error
from validator.loaders.archive import Archives, list_members
from validator.loaders.endings import ARCHIVES, READABLE, UNREADABLE
from validator.options import DEFAULT_LIMITS, Limits
from validator.recipe import Recipe

STDIN = "-"
_NOTHING = "这里没有可检查的文件。"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to check. ``path`` is shown; ``file`` is opened; ``member`` leads to a file inside an archive.

    ``error`` says why there is nothing to read (a broken archive); the source is kept to become an error result.
    """

    path: str
    file: str
    member: tuple[int, ...] = ()
    error: str | None = None


class Task(NamedTuple):
    """One file to check, and all that decides its result beside it."""

    source: Source
    recipe: Recipe


def find_sources(
    paths: Sequence[str],
    limits: Limits = DEFAULT_LIMITS,
    *,
    leave_out: Callable[[str], bool] = lambda _: False,
    also_named: bool = False,
    wanted: Callable[[str], bool] = lambda _: True,
) -> tuple[tuple[Source, ...], int]:
    """Return the files that paths, folders, patterns and archives name, in order, each once, and how many are left out.

    A folder is searched with its sub-folders for reports, also in formats that cannot be read, so that they are not
    passed over in silence; hidden names are skipped. A path that does not exist is kept: it becomes an error result.

    Args:
        paths: as the user wrote them.
        limits: of archives.
        leave_out: tells which files are not to be checked; a file that was named itself is checked all the same.
        also_named: leave out such files too.
        wanted: tells which files are looked at at all.

    Raises:
        OptionError: nothing was found at all.
    """
    found: dict[tuple[str, tuple[int, ...], str | None], Source] = {}
    left: set[str] = set()
    empty: list[str] = []
    for path in paths:
        is_empty = True
        for file in _expand(path):
            is_empty = False
            is_named = file == path
            if not wanted(file):
                continue
            is_out = leave_out(file) and os.path.lexists(file)
            if is_out and (also_named or not is_named):
                left.add(file)
                continue
            for source in _open(file, limits):
                if source.member and not is_out and leave_out(source.path):
                    left.add(source.path)
                else:
                    place = source.path if source.path == STDIN else os.path.abspath(source.path)  # noqa: PTH100
                    found.setdefault((place, source.member, source.error), source)
        if is_empty:
            empty.append(path)
    if len(empty) == len(paths):
        raise OptionError(f"没有找到可检查的文件：{'、'.join(paths)}")
    for path in empty:
        found.setdefault((path, (), _NOTHING), Source(path, path, error=_NOTHING))
    return tuple(found.values()), len(left)


def read_source(source: Source, archives: Archives) -> bytes:
    """Return the bytes of a source; of a file larger than the limits at least so many that it is seen.

    Raises:
        LoadError: it is not there, or cannot be read.
    """
    if source.error is not None:
        raise LoadError(source.error)
    if source.member:
        return archives.read(source.file, source.member)
    most = archives.limits.file_mib * 1024 * 1024
    try:
        if source.file == STDIN:
            return sys.stdin.buffer.read(most + 1)
        path = Path(source.file)
        if path.exists() and not path.is_file() and not path.is_dir():
            raise LoadError("不是普通文件，不能检查。")
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except FileNotFoundError:
        raise LoadError("路径不存在。") from None
    except NotADirectoryError:
        raise LoadError("路径不存在。压缩包里的文件不能单独检查，请写压缩包的路径。") from None
    except IsADirectoryError:
        raise LoadError("这是文件夹，不是文件。") from None
    except OSError as exc:
        raise LoadError(f"文件读不出来（{explain_os_error(exc)}）。") from exc


def _open(file: str, limits: Limits) -> Iterator[Source]:
    """Yield a file, or the files in it if it is an archive."""
    if Path(file).suffix.lower() not in ARCHIVES or not Path(file).is_file():
        yield Source(file, file)
        return
    try:
        members = list_members(file, limits)
    except LoadError as exc:
        yield Source(file, file, error=str(exc))
        return
    except OSError as exc:
        yield Source(file, file, error=f"文件读不出来（{explain_os_error(exc)}）。")
        return
    if not members:
        yield Source(file, file, error="压缩包里没有可检查的文件。")
    for member in members:
        yield Source(f"{file}/{member.name}", file, member.path, member.error)


def _expand(path: str) -> Iterator[str]:
    if path == STDIN:
        yield path
    elif Path(path).is_dir():
        yield from _walk(path)
    elif not Path(path).exists() and has_magic(path):
        matches = sorted(glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _walk(match) if Path(match).is_dir() else (match,)
    else:
        yield path


def _walk(folder: str) -> Iterator[str]:
    """Yield the files of a folder, and the folders in it that may not be looked into: they become error results."""
    endings = READABLE | UNREADABLE.keys() | ARCHIVES
    closed: list[str] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(str(error.filename))):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and Path(name).suffix.lower() in endings:
                yield Path(root, name).as_posix()
    yield from sorted(Path(f).as_posix() for f in closed)
