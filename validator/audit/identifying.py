"""Whose report each file is, and how things stand: who is missing, who submitted twice, what came late."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from validator.audit.records import GENRE_RULE, Identity, PathFacts, TextFacts
from validator.audit.store import Store
from validator.audit.who.attachments import ATTACHED, Paper, find_attachments
from validator.audit.who.identify import Directory
from validator.audit.who.standing import Submitted, due_year, find_standing, settle_keys
from validator.audit.who.stems import guess_region, path_years
from validator.audit.who.towns import Placed, part_towns

_FACTS = (
    "SELECT id, path, path_organ, path_level, path_region, path_year, text_organ, text_level, organ_kind, text_year,"
    " published, title FROM file"
)
_PLACED = "SELECT id, entry, key, path, path_region, text_organ FROM file WHERE entry IS NOT NULL ORDER BY path"
_PAPERS = (
    "SELECT f.id, f.path, f.key, f.year FROM file f JOIN outcome o ON o.file = f.id AND o.rule = ? AND o.outcome = ?"
    " WHERE f.key IS NOT NULL ORDER BY f.path"
)
_SUBMITTED = (
    "SELECT id, path, organ, level, region, year, key, origin, entry, notes, path_year,"
    " coalesce(text_digest, sha256), published FROM file WHERE attachment = 0 ORDER BY path"
)


def identify_files(store: Store, directory: Directory, due: int | None) -> None:
    """Say whose report every file is, and fill the tables of who is missing, double and late.

    Args:
        store: with all files looked at, inside a transaction.
        directory: the roster; may be empty.
        due: the year whose reports are due; ``None``: the year that most reports are of.
    """
    for file, path, *facts in store.base.execute(f"{_FACTS} ORDER BY path").fetchall():
        store.keep_identity(file, directory.identify(PathFacts(*facts[:4]), TextFacts(*facts[4:]), path))
    unclear = _part_towns(store, directory)
    keys = [key for (key,) in store.base.execute("SELECT DISTINCT key FROM file WHERE key IS NOT NULL")]
    for key, settled in settle_keys(keys).items():
        if key != settled:
            store.base.execute("UPDATE file SET key = ? WHERE key = ?", (settled, key))
    _mark_attachments(store)
    years = [year for (year,) in store.base.execute("SELECT year FROM file WHERE attachment = 0")]
    year = due if due is not None else due_year(years)
    store.tell({"due": str(year) if year is not None else None})
    files = _submitted(store, directory)
    standing = find_standing(files, directory.roster, () if year is None else (year,), unclear)
    for table in ("missing", "double", "late"):
        store.base.execute(f"DELETE FROM {table}")
    store.base.executemany("INSERT INTO missing (year, line, hint) VALUES (?, ?, ?)", standing.missing)
    store.base.executemany("INSERT INTO double VALUES (?, ?, ?, ?)", standing.doubles)
    store.base.executemany("INSERT INTO late VALUES (?, ?, ?)", standing.late)


def _part_towns(store: Store, directory: Directory) -> Mapping[int, Sequence[str]]:
    """Tell apart the organs that an entry without region can mean; return the entries that can mean several."""
    vague = directory.lines_without_region()
    if not vague:
        return {}
    placed = [
        Placed(file, line, key, directory.is_placed(path), tuple(s for s in (*said, guess_region(path)) if s))
        for file, line, key, path, *said in store.base.execute(_PLACED)
        if line in vague
    ]
    towns = part_towns(placed)
    store.base.executemany("UPDATE file SET key = ? WHERE id = ?", ((key, file) for file, key in towns.keys.items()))
    for file in placed:
        if file.entry in towns.unclear and not file.is_sure:
            path, *facts = store.base.execute(f"{_FACTS} WHERE id = ?", (file.file,)).fetchone()[1:]
            who = directory.identify(PathFacts(*facts[:4]), TextFacts(*facts[4:]), path, towns.unclear)
            store.keep_identity(file.file, who)
    return towns.unclear


def _mark_attachments(store: Store) -> None:
    """Mark what is no report beside a report of the same organ."""
    others, reports = ((Paper(*row) for row in store.base.execute(_PAPERS, (GENRE_RULE, o))) for o in ("fail", "pass"))
    found = find_attachments(others, reports)
    store.base.execute("UPDATE file SET attachment = 0")
    for file in found:
        (notes,) = store.base.execute("SELECT notes FROM file WHERE id = ?", (file,)).fetchone()
        told = json.dumps([*json.loads(notes), ATTACHED], ensure_ascii=False, separators=(",", ":"))
        store.base.execute("UPDATE file SET attachment = 1, notes = ? WHERE id = ?", (told, file))


def _submitted(store: Store, directory: Directory) -> Iterator[Submitted]:
    for file, path, *facts, year, digest, published in store.base.execute(_SUBMITTED):
        who = Identity._make((*facts[:7], tuple(json.loads(facts[7]))))
        said = path_years(path) | ({year} if year is not None else set())
        yield Submitted(file, path, who, digest, published, sorted(said), directory.candidates(who, path))
