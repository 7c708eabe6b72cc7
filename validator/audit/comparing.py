"""Reports against each other: what they share, and this year's against last year's. Written anew after each check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import msgspec

from validator.audit.across.copies import CommonFound, find_copies
from validator.audit.across.echoes import compare_years
from validator.audit.across.table import Sketched
from validator.audit.records import Passage
from validator.audit.store import Store
from validator.rule import Formulas

Advance = Callable[[], None]
Watch = Callable[[str, int], AbstractContextManager[Advance]]
"""Shows how far a phase is: its name and how many steps it has; what it gives is called after each step."""
_PAIRS = """
  SELECT n.id, e.id, min(e.path) FROM file n JOIN file e ON e.key = n.key AND e.year = n.year - 1
    AND n.attachment = 0 AND e.attachment = 0
  JOIN content a ON a.file = n.id AND a.traits IS NOT NULL JOIN content b ON b.file = e.id AND b.traits IS NOT NULL
  GROUP BY n.id ORDER BY n.path
"""
"""Each report with last year's of the same organ; where there are several of those, the first. Attachments are none."""


def compare_reports(store: Store, formulas: Formulas, watch: Watch) -> None:
    """Fill the tables of what only shows when reports are put side by side, inside a transaction."""
    for table in ("copy", "common", "echo"):
        store.base.execute(f"DELETE FROM {table}")
    _keep_copies(store, formulas, watch)
    _keep_echoes(store, watch)


def _keep_copies(store: Store, formulas: Formulas, watch: Watch) -> None:
    with watch("查找雷同", 0) as advance:
        number = 0
        for found in find_copies(_sketches(store), lambda file: _passages(store, file), formulas):
            if isinstance(found, CommonFound):
                number += 1
                row = (number, found.text, found.organs, _json(found.files))
                store.base.execute("INSERT INTO common VALUES (?, ?, ?, ?)", row)
            else:
                shares = (found.characters, found.share_here, found.share_there, _json(found.passages))
                store.base.execute(
                    "INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?)", (found.here, found.there, found.kind, *shares)
                )
            advance()


def _keep_echoes(store: Store, watch: Watch) -> None:
    pairs = store.base.execute(_PAIRS).fetchall()
    with watch("与上年对照", len(pairs)) as advance:
        for now, before, _ in pairs:
            here, there = store.traits(now), store.traits(before)
            if here is not None and there is not None:
                for number, e in enumerate(compare_years(here, there), 1):
                    store.base.execute(
                        "INSERT INTO echo VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (
                            *(now, number, before, e.kind, e.message, e.text, e.place, e.earlier_text),
                            *(e.earlier_place, e.fingerprint),
                        ),
                    )
            advance()


def _sketches(store: Store) -> Iterator[Sketched]:
    query = (
        "SELECT f.id, f.key, f.region, f.year, c.sketch, c.whole FROM file f JOIN content c ON c.file = f.id"
        " WHERE c.sketch IS NOT NULL AND f.attachment = 0 ORDER BY f.path"
    )
    return (Sketched(*row) for row in store.base.execute(query))


def _passages(store: Store, file: int) -> tuple[Passage, ...]:
    traits = store.traits(file)
    return traits.passages if traits else ()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
