"""The outputs that people edit → their places: a file that somebody changed is never overwritten or removed.

A record in the folder of the audit says by digest what we wrote. Whatever has another content is somebody's work.
Files are made in a folder beside, written down, and only then renamed: a kill leaves no half file, and no file of ours
that the record does not know.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from validator.audit.read import DATABASE
from validator.errors import OptionError, explain_os_error

RECORD = "audit.outputs"
_SCRATCH = "audit.new"
_VERSION = 1
_SHOWN = 5
_NAME = re.compile(r"(?:[^/\\\0]+/)?[^/\\\0]+\.(?:docx|xlsx)")
"""A name in the record: a file of the folder, or of a folder in it."""
_SCHEMA = """
CREATE TABLE written (name TEXT NOT NULL, digest TEXT NOT NULL, placed INTEGER NOT NULL, PRIMARY KEY (name, digest))
WITHOUT ROWID;
CREATE INDEX written_digest ON written (digest);
CREATE TABLE read_in (digest TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""``placed``: the file has stood in its place; else it was about to. ``read_in``: what was imported as decisions."""


@dataclass(slots=True)
class _Told:
    """Files of which people are told: how many, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count a file."""
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(name)

    def __str__(self) -> str:
        more = f"……（共{self.count}个）" if self.count > len(self.first) else ""
        return "、".join(self.first) + more


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The files of an audit that people edit, while some of them are written again. Names are relative to the folder.

    ``_seen`` are the names that were given this time or are edited, as file systems compare them that do not tell case.
    """

    folder: Path
    _base: sqlite3.Connection
    _seen: set[str] = field(default_factory=set)
    _beside: _Told = field(default_factory=_Told)
    _same: _Told = field(default_factory=_Told)
    _aside: _Told = field(default_factory=_Told)
    _left: _Told = field(default_factory=_Told)
    _removed: _Told = field(default_factory=_Told)

    def place(self, name: str, write: Callable[[Path], object]) -> Path:
        """Write a file to its place, or beside it where somebody edited the one that is there; return where it stands.

        A file whose decisions were read in is moved aside: what was written in it stays, and the new one has them.
        Nothing is written where somebody edited just what would be written.

        Args:
            name: of the file, perhaps in a folder, with ``/``.
            write: writes it to a path that is free.

        Raises:
            OptionError: it cannot be written.
        """
        made = self.folder / _SCRATCH / Path(name).name
        try:
            made.unlink(missing_ok=True)
            write(made)
            new = _digest(made)
            for taken in _candidates(name, "新"):
                if taken.casefold() in self._seen:
                    continue
                self._seen.add(taken.casefold())
                if self._take(taken, made, new):
                    break
        except OSError as exc:
            raise OptionError(f"{self.folder / name} 写不进去（{explain_os_error(exc)}）。") from exc
        if taken != name:
            self._beside.add(taken)
        return self.folder / taken

    def _take(self, name: str, made: Path, new: str) -> bool:
        """Bring a new file to a place, and return whether it is settled."""
        path = self.folder / name
        here = _look(path)
        if here is not None and here != new and not self._is_ours(here):
            if self._is_read_in(here):
                self._move_aside(name)
            elif self._ask("SELECT 1 FROM written WHERE name = ? AND digest = ? AND placed", name, new):
                self._same.add(name)
                return True
            else:
                return False
        if here != new:
            self._ask("INSERT OR IGNORE INTO written VALUES (?, ?, 0)", name, new)
            path.parent.mkdir(exist_ok=True)
            made.replace(path)
        self._ask("INSERT OR REPLACE INTO written VALUES (?, ?, 1)", name, new)
        self._ask("DELETE FROM written WHERE name = ? AND digest != ?", name, new)
        return True

    def _move_aside(self, name: str) -> None:
        for candidate in _candidates(name, "已读入"):
            if candidate != name and _look(self.folder / candidate) is None:
                (self.folder / name).rename(self.folder / candidate)
                self._aside.add(candidate)
                return

    def clear(self, chosen: re.Pattern[str]) -> None:
        """Remove the files of an earlier time that were not written this time; those that somebody edited stay.

        Args:
            chosen: fits the whole names that may be removed.

        Raises:
            OptionError: one cannot be removed.
        """
        gone: list[str] = []
        for (name,) in self._ask("SELECT DISTINCT name FROM written ORDER BY name"):
            if not (isinstance(name, str) and _NAME.fullmatch(name) and chosen.fullmatch(name)):
                continue
            if name.casefold() in self._seen or ".." in name.split("/"):
                continue
            path = self.folder / name
            try:
                here = _look(path)
                if here is not None and not self._is_ours(here):
                    self._left.add(name)
                    continue
                if here is not None:
                    path.unlink()
                    self._removed.add(name)
            except OSError as exc:
                raise OptionError(f"{path} 删不掉（{explain_os_error(exc)}）。") from exc
            gone.append(name)
        self._ask("BEGIN")
        for name in gone:
            self._ask("DELETE FROM written WHERE name = ?", name)
        self._ask("COMMIT")

    def remember_read_in(self, path: Path) -> None:
        """Remember that the decisions in a file were read in, so that the file may give way to a new one."""
        with suppress(OSError):
            self._ask("INSERT OR IGNORE INTO read_in VALUES (?)", _digest(path))

    def describe(self) -> tuple[str, ...]:
        """Return what people must know about files that they edited, in plain sentences."""
        told = (
            (self._beside, "有人改过，或不是本工具写的，没有覆盖。新的写在：{}。"),
            (self._same, "有人改过，这次的内容没有变，保留原样：{}。"),
            (self._aside, "复核意见已经读入，填过的那一份改名为：{}。"),
            (self._left, "有人改过，但这次已不需要，没有删去，请看过后自己处理：{}。"),
            (self._removed, "这次已不需要，也没有人改过，已删去：{}。"),
        )
        return tuple(words.format(files) for files, words in told if files.count)

    def _is_ours(self, digest: str) -> bool:
        return bool(self._ask("SELECT 1 FROM written WHERE digest = ?", digest))

    def _is_read_in(self, digest: str) -> bool:
        return bool(self._ask("SELECT 1 FROM read_in WHERE digest = ?", digest))

    def _ask(self, query: str, *values: str) -> list[Any]:
        """Ask or change the record; each change is kept at once."""
        try:
            return self._base.execute(query, values).fetchall()
        except sqlite3.Error as exc:
            raise OptionError(f"{self.folder / RECORD} 读写不了，或已损坏。") from exc


@contextmanager
def open_own_files(folder: Path) -> Iterator[OwnFiles]:
    """Open the record of a folder and keep every other writer of outputs out until the ``with`` statement ends.

    A record that cannot be read is begun anew: then no file counts as ours, and none is overwritten.

    Args:
        folder: of an audit.

    Raises:
        OptionError: there is no audit, another process writes outputs, or the folder cannot be written.
    """
    if not (folder / DATABASE).is_file():
        raise OptionError(f"{folder} 里没有审核结果（{DATABASE}）。")
    base = _open(folder)
    try:
        scratch = folder / _SCRATCH
        try:
            if scratch.exists() or scratch.is_symlink():
                shutil.rmtree(scratch)  # what a kill left; it refuses a link
            scratch.mkdir()
        except OSError as exc:
            raise OptionError(f"{scratch} 写不进去（{explain_os_error(exc)}）。") from exc
        try:
            yield OwnFiles(folder, base)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        base.close()


def _open(folder: Path) -> sqlite3.Connection:
    path = folder / RECORD
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OptionError(f"{path} 不是普通文件，请移开它再试。")
    try:
        return _begin(path)
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise OptionError(f"另一个程序正在写 {folder} 里的结果，请等它做完。") from None
        raise OptionError(f"{path} 写不进去。") from exc
    except sqlite3.DatabaseError:
        pass
    try:
        path.unlink()
        return _begin(path)
    except (OSError, sqlite3.Error) as exc:
        raise OptionError(f"{path} 写不进去。") from exc


def _begin(path: Path) -> sqlite3.Connection:
    """Open a record, made if need be, so that no other process can until it is closed, however this one ends."""
    base = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("BEGIN EXCLUSIVE")
        base.execute("COMMIT")  # the lock is kept
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            base.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version = {_VERSION};COMMIT;")
        elif version != _VERSION:
            raise sqlite3.DatabaseError("another version")
    except BaseException:
        base.close()
        raise
    return base


def _candidates(name: str, word: str) -> Iterator[str]:
    """Yield a name, then the names beside it: X（新）.docx, X（新2）.docx, and so on."""
    stem, dot, ending = name.rpartition(".")
    yield name
    for number in count(1):
        yield f"{stem}（{word}{number if number > 1 else ''}）{dot}{ending}"


def _look(path: Path) -> str | None:
    """Return the digest of what stands at a path, nothing where the place is free; what is no file is never ours."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return ""
    try:
        return _digest(path)
    except FileNotFoundError:
        return None


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            found.update(block)
    return found.hexdigest()
