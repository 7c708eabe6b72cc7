"""The database of an audit, for writing: one process at a time, one transaction a file, nothing lost by a kill."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from validator.audit.intake import Found
from validator.audit.read import DATABASE, SCHEMA_VERSION
from validator.audit.records import Identity, PathFacts, RosterEntry, RuleInfo, TextFacts, Traits
from validator.document import describe_line
from validator.errors import OptionError, explain_os_error
from validator.result import FileResult
from validator.sources import Source

_LOCK = "audit.lock"
_LEVEL = 1
"""Of compression: three times smaller in a fifth of a millisecond."""


class Waiting(NamedTuple):
    """A file that was not looked at yet. ``recipe`` and ``sha256`` are those of an earlier result, if there is one."""

    id: int
    path: str
    address: Source
    facts: PathFacts
    recipe: str | None
    sha256: str | None
    outcome: str | None


class Store:
    """The one writer of an audit; leaving the ``with`` statement closes it."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the database in a folder and keep every other writer out until it is closed.

        Args:
            folder: where the audit is kept.
            create: make folder and database where they are not there yet.

        Raises:
            OptionError: the folder cannot be written, another audit uses it, or it holds no audit of this version.
        """
        self.folder = folder
        path = folder / DATABASE
        if not create and not path.is_file():
            raise OptionError(f"{folder} 里没有审核结果（{DATABASE}）。")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise OptionError(f"建不了文件夹 {folder}（{explain_os_error(exc)}）。") from exc
        self._lock = _take_lock(folder)
        try:
            self.base = sqlite3.connect(path, isolation_level=None)
            self._begin(path)
        except sqlite3.Error as exc:
            self.close()
            raise OptionError(f"{path} 不是审核结果，或已损坏，或写不进去。") from exc
        except BaseException:
            self.close()
            raise

    def _begin(self, path: Path) -> None:
        version = self.base.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise OptionError(f"{path} 是另一个版本的审核结果（{version}），请换一个文件夹。")
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = NORMAL")
        self.base.execute("PRAGMA foreign_keys = ON")
        self.base.execute("PRAGMA cache_size = -32000")
        if version == 0:
            schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
            self.base.executescript(f"BEGIN;{schema}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise OptionError(_explain(self.folder, error)) from error

    def close(self) -> None:
        """Let go of the database and let others write; what is not whole is taken back."""
        with suppress(sqlite3.Error, AttributeError):
            self.base.close()
        self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is written inside whole or not at all."""
        self.base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.base.in_transaction:  # a full disk takes it back by itself
                self.base.execute("ROLLBACK")
            raise
        self.base.execute("COMMIT")

    def tidy(self) -> None:
        """Write all into the one file and let go of what is no longer needed."""
        self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.base.execute("PRAGMA optimize")

    def told(self) -> dict[str, str]:
        """Return what is kept about the audit as a whole."""
        return dict(self.base.execute("SELECT key, value FROM about").fetchall())

    def tell(self, facts: Mapping[str, str | None]) -> None:
        """Keep something about the audit as a whole; ``None`` forgets it."""
        for key, value in facts.items():
            if value is None:
                self.base.execute("DELETE FROM about WHERE key = ?", (key,))
            else:
                self.base.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (key, value))

    def keep_rules(self, rules: Iterable[RuleInfo]) -> None:
        """Keep the rules, in the order of the checklist."""
        self.base.execute("DELETE FROM rule")
        rows = ((r.id, n, r.title, r.severity, _json(r.basis)) for n, r in enumerate(rules, 1))
        self.base.executemany("INSERT INTO rule VALUES (?, ?, ?, ?, ?)", rows)

    def keep_roster(self, entries: Iterable[RosterEntry]) -> None:
        """Keep the roster."""
        self.base.execute("DELETE FROM roster")
        rows = ((e.line, e.organ, e.level, e.region, _json(e.aliases), _json(e.years), e.path) for e in entries)
        self.base.executemany("INSERT INTO roster VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def list(self, found: Iterable[tuple[Found, PathFacts]]) -> None:
        """Make the list of files what a batch holds now: new files wait, files that are gone go, all others wait too.

        Results stay where they are: an unchanged file keeps its own. What was found by putting reports side by side
        goes: it holds for the old list only.
        """
        for table in ("missing", "double", "late", "copy", "common", "echo"):
            self.base.execute(f"DELETE FROM {table}")
        self.base.execute("CREATE TEMP TABLE IF NOT EXISTS here (path TEXT PRIMARY KEY) WITHOUT ROWID")
        self.base.execute("DELETE FROM here")
        for (path, address), (organ, level, region, year) in found:
            self.base.execute("INSERT INTO here VALUES (?)", (path,))
            self.base.execute(
                "INSERT INTO file (id, path, address, path_organ, path_level, path_region, path_year)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET state = 'waiting',"
                " address = excluded.address, path_organ = excluded.path_organ, path_level = excluded.path_level,"
                " path_region = excluded.path_region, path_year = excluded.path_year",
                (self._number(path), path, _write_address(address), organ, level, region, year),
            )
        self.base.execute("DELETE FROM file WHERE path NOT IN (SELECT path FROM here)")

    def _number(self, path: str) -> int:
        """Return the number of a file: by its path, so that it is the same in every audit, whatever came and went."""
        number = number_path(path)
        while self.base.execute("SELECT 1 FROM file WHERE id = ? AND path != ?", (number, path)).fetchone():
            number += 1
        return number

    def has(self, path: str) -> bool:
        """Tell whether a file is listed."""
        return self.base.execute("SELECT 1 FROM file WHERE path = ?", (path,)).fetchone() is not None

    def count_placed(self) -> tuple[int, int, str]:
        """Return how many paths a pattern fits, how many none fits, and the first of these (empty: all fit)."""
        says = "path_organ IS NOT NULL OR path_level IS NOT NULL OR path_region IS NOT NULL OR path_year IS NOT NULL"
        query = f"SELECT count(*), coalesce(sum({says}), 0) FROM file"
        total, fitting = self.base.execute(query).fetchone()
        first = self.base.execute(f"SELECT path FROM file WHERE NOT ({says}) ORDER BY path LIMIT 1").fetchone()
        return fitting, total - fitting, first[0] if first else ""

    def count(self) -> tuple[int, int]:
        """Return how many files there are, and how many of them wait."""
        query = "SELECT count(*), coalesce(sum(state = 'waiting'), 0) FROM file"
        total, waiting = self.base.execute(query).fetchone()
        return total, waiting

    def waiting(self) -> Iterator[Waiting]:
        """Yield the files that wait, by path. Results may be kept meanwhile."""
        last = ""
        while True:
            rows = self.base.execute(
                "SELECT id, path, address, path_organ, path_level, path_region, path_year, recipe, sha256, outcome"
                " FROM file WHERE state = 'waiting' AND path > ? ORDER BY path LIMIT 500",
                (last,),
            ).fetchall()
            if not rows:
                return
            for file, path, address, organ, level, region, year, *earlier in rows:
                yield Waiting(file, path, _read_address(address), PathFacts(organ, level, region, year), *earlier)
            last = rows[-1][1]

    def keep_known(self, file: int) -> None:
        """Say that the result of a file is still good."""
        with self.transaction():
            self.base.execute("UPDATE file SET state = 'done' WHERE id = ?", (file,))

    def keep(
        self, file: int, result: FileResult, traits: Traits | None, *, recipe: str, size: int | None, text: TextFacts
    ) -> None:
        """Keep the result of a file in one transaction.

        Args:
            file: its number.
            result: what the rules say.
            traits: what it is compared by; ``None`` where it could not be read.
            recipe: a name for all that decides the result beside the file.
            size: in bytes.
            text: what the report itself says about whose it is.
        """
        facts = result.facts
        failed, warned, doubts = _count(result)
        with self.transaction():
            for table in ("outcome", "finding", "content"):
                self.base.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
            self.base.execute(
                "UPDATE file SET state = 'done', recipe = ?, sha256 = ?, text_digest = ?, size = ?, outcome = ?,"
                " decided = ?, as_of = ?, title = ?, published = ?, document_number = ?, text_organ = ?,"
                " text_level = ?, organ_kind = ?, text_year = ?, failed = ?, warned = ?, doubts = ?, error = ?"
                " WHERE id = ?",
                (
                    *(recipe, result.sha256, _digest(traits), size, result.outcome, result.outcome, result.as_of),
                    *(text.title, text.published, facts.document_number if facts else None),
                    *(text.organ, text.level, text.kind, text.year, failed, warned, doubts),
                    *("；".join(result.errors) or None, file),
                ),
            )
            rows = ((file, r.id, r.outcome, r.outcome, len(r.findings)) for r in result.rules)
            self.base.executemany("INSERT INTO outcome VALUES (?, ?, ?, ?, ?)", rows)
            findings = (
                (
                    *(file, r.id, number, f.outcome, f.message, f.excerpt, f.section),
                    *(describe_line(f.location) if f.location else None, f.suggestion, f.fingerprint),
                )
                for r in result.rules
                for number, f in enumerate(r.findings, 1)
            )
            self.base.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", findings)
            plain = replace(traits, sketch=b"", whole=b"") if traits else None
            self.base.execute(
                "INSERT INTO content VALUES (?, ?, ?, ?, ?)",
                (
                    *(file, _pack(result), _pack(plain) if plain else None),
                    *((traits.sketch, traits.whole) if traits else (None, None)),
                ),
            )

    def keep_identity(self, file: int, who: Identity) -> None:
        """Keep whose report a file is."""
        self.base.execute(
            "UPDATE file SET organ = ?, level = ?, region = ?, year = ?, key = ?, origin = ?, entry = ?, notes = ?"
            " WHERE id = ?",
            (*who[:7], _json(who.notes), file),
        )

    def traits(self, file: int) -> Traits | None:
        """Return what a report is compared by, without its sketches."""
        row = self.base.execute("SELECT traits FROM content WHERE file = ?", (file,)).fetchone()
        if row is None or row[0] is None:
            return None
        return msgspec.msgpack.decode(zlib.decompress(row[0]), type=Traits)


def number_path(path: str) -> int:
    """Return a number below 2⁴⁸ for a path; of 40,000 paths two have the same in one of 350,000 batches."""
    return int.from_bytes(sha256(path.encode()).digest()[:6])


def _count(result: FileResult) -> tuple[int, int, int]:
    """Return how many mandatory rules fail, how many others do, and how many need a look."""
    failed = [r for r in result.rules if r.outcome == "fail"]
    mandatory = sum(1 for r in failed if r.severity == "error")
    return mandatory, len(failed) - mandatory, sum(1 for r in result.rules if r.outcome == "review")


def _digest(traits: Traits | None) -> str | None:
    """Return a digest of the words of a report: the same whatever the format of the file; ``None`` without words."""
    if traits is None or not traits.passages:
        return None
    return sha256("\n".join(p.text for p in traits.passages).encode("utf-8", "replace")).hexdigest()


def _take_lock(folder: Path) -> sqlite3.Connection:
    """Keep every other writer out; the system lets go when this process ends, however it ends."""
    lock: sqlite3.Connection | None = None
    try:
        lock = sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as exc:
        if lock is not None:
            lock.close()
        if getattr(exc, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY:
            raise OptionError(f"另一个审核正在写 {folder}，请等它做完，或换一个文件夹。") from None
        raise OptionError(f"文件夹 {folder} 写不进去，或锁不住（{_LOCK}），请换一个文件夹。") from exc
    return lock


def _explain(folder: Path, error: sqlite3.Error) -> str:
    """Say why a database cannot be written any more. What was done before stands."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    reasons = {
        sqlite3.SQLITE_FULL: "磁盘满了",
        sqlite3.SQLITE_IOERR: "磁盘读写出错",
        sqlite3.SQLITE_READONLY: "没有权限",
    }
    reason = reasons.get(code, "数据库出错，可能已损坏")
    return f"审核结果写不进 {folder}（{reason}）。已做完的都在，处理好以后加 --resume 可以接着做。"


def _write_address(address: Source) -> str:
    """Return an address as ASCII: the name of a file on the disk may be no text at all."""
    return json.dumps([address.path, address.file, address.member, address.error])


def _read_address(text: str) -> Source:
    path, file, member, error = json.loads(text)
    return Source(path, file, tuple(member), error)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _pack(value: object) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value), _LEVEL)
