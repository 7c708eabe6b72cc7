"""Reports against each other: what they share, and this year's against last year's. Written anew after each check."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from validator.audit.store import Store
from validator.rule import Formulas

Watch = Callable[[str, int], AbstractContextManager[Callable[[], None]]]


def compare_reports(store: Store, formulas: Formulas, watch: Watch) -> None:
    """Fill the tables of what only shows when reports are put side by side."""
    for table in ("copy", "common", "echo"):
        store.base.execute(f"DELETE FROM {table}")
    _keep_copies(store, formulas, watch)
    _keep_echoes(store, watch)
