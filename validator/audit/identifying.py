"""Whose report each file is, and how things stand: who is missing, who submitted twice, what came late."""

from __future__ import annotations

import json
from collections.abc import Iterator

from validator.audit.records import Identity, PathFacts, TextFacts
from validator.audit.store import Store
from validator.audit.who.identify import Directory
from validator.audit.who.standing import Submitted, due_year, find_standing, settle_keys

_FACTS = (
    "SELECT id, path, path_organ, path_level, path_region, path_year, text_organ, text_level, organ_kind, text_year,"
    " published, title FROM file ORDER BY path"
)
_SUBMITTED = (
    "SELECT id, path, organ, level, region, year, key, origin, entry, notes, coalesce(text_digest, sha256), published"
    " FROM file ORDER BY path"
)


def identify_files(store: Store, directory: Directory, due: int | None) -> None:
    """Say whose report every file is, and fill the tables of who is missing, double and late.

    Args:
        store: with all files looked at, inside a transaction.
        directory: the roster; may be empty.
        due: the year whose reports are due; ``None``: the year that most reports are of.
    """
    keys: set[str] = set()
    for file, path, *facts in store.base.execute(_FACTS).fetchall():
        who = directory.identify(PathFacts(*facts[:4]), TextFacts(*facts[4:]), path)
        store.keep_identity(file, who)
        if who.key:
            keys.add(who.key)
    for key, settled in settle_keys(keys).items():
        if key != settled:
            store.base.execute("UPDATE file SET key = ? WHERE key = ?", (settled, key))
    years = [year for (year,) in store.base.execute("SELECT year FROM file")]
    year = due if due is not None else due_year(years)
    store.tell({"due": str(year) if year is not None else None})
    standing = find_standing(_submitted(store), directory.roster, () if year is None else (year,))
    for table in ("missing", "double", "late"):
        store.base.execute(f"DELETE FROM {table}")
    store.base.executemany("INSERT INTO missing VALUES (?, ?)", standing.missing)
    store.base.executemany("INSERT INTO double VALUES (?, ?, ?, ?)", standing.doubles)
    store.base.executemany("INSERT INTO late VALUES (?, ?, ?)", standing.late)


def _submitted(store: Store) -> Iterator[Submitted]:
    for file, path, organ, level, region, year, key, origin, entry, notes, *rest in store.base.execute(_SUBMITTED):
        who = Identity(organ, level, region, year, key, origin, entry, tuple(json.loads(notes)))
        yield Submitted(file, path, who, *rest)
