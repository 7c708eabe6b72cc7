"""What one browser has dropped: files, what became of each, and nothing that outlives the visit."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from validator.errors import ValidatorError
from validator.options import OrganLevel
from validator.result import Outcome, Severity
from validator.sources import Source
from validator.web.uploads import Upload

State = Literal["waiting", "checking", "done", "failed"]


class VisitError(ValidatorError):
    """No more can be taken in; the sentence says why. ``seconds`` after which it may be tried again, if it may."""

    def __init__(self, message: str, seconds: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor chose for a file: the profile, and facts that the report states otherwise or not at all."""

    profile: str
    year: int | None = None
    level: OrganLevel | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One rule in the table of several files. ``accepted`` never happens here: a page knows no waivers."""

    rule: str
    title: str
    severity: Severity
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists and tables show of a checked file. ``ruleset`` is the digest of the rules that were applied."""

    outcome: Outcome
    heading: str
    said: str
    title: str | None
    organ: str | None
    year: int | None
    cells: tuple[Cell, ...]
    ruleset: str
    can_annotate: bool

    def count(self, severity: Severity, outcome: Outcome) -> int:
        """Return how many rules of a weight have an outcome."""
        return sum(1 for c in self.cells if c.severity == severity and c.outcome == outcome)


@dataclass(frozen=True, slots=True)
class Item:
    """A dropped file. ``result`` is the private file with its result; ``before`` the item that this one corrects."""

    id: str
    source: Source
    upload: Upload
    choice: Choice
    result: Path
    before: str | None = None
    state: State = "waiting"
    said: str = ""
    summary: Summary | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed")


def forget_file(path: Path) -> None:
    """Remove a private file; one that cannot be removed now goes with the next tidying."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def share(summary: Summary) -> Summary:
    """Return a summary whose cells are those of other summaries where they say the same: thousands fit in memory."""
    return replace(summary, cells=tuple(_share(c) for c in summary.cells))


@lru_cache(maxsize=4096)
def _share(cell: Cell) -> Cell:
    return cell


class Visit:
    """The items of one browser, in the order in which they came."""

    def __init__(self, key: str, now: float) -> None:
        self.key = key
        self.seen = now
        self.changed = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self.gate = asyncio.Semaphore(4)
        """So many files of one visit are under way at once: a large archive leaves room for other people."""
        self._items: dict[str, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def find(self, key: str) -> Item | None:
        """Return an item, if it is of this visit."""
        return self._items.get(key)

    def put(self, item: Item) -> None:
        """Add an item, or what became of it."""
        self._items[item.id] = item
        self.changed.set()
        self.changed = asyncio.Event()

    def update(self, key: str, **changes: object) -> None:
        """Change an item, unless it was removed meanwhile."""
        item = self._items.get(key)
        if item is not None:
            self.put(replace(item, **changes))  # type: ignore[arg-type]

    def remove(self, key: str) -> tuple[Upload, ...]:
        """Take an item out, and return the upload that nothing needs any more."""
        item = self._items.pop(key, None)
        if item is None:
            return ()
        forget_file(item.result)
        for other in [i for i in self if i.before == key]:
            self.put(replace(other, before=item.before))
        return () if any(i.upload.path == item.upload.path for i in self) else (item.upload,)

    def clear(self) -> tuple[Upload, ...]:
        """Take everything out, and return the uploads."""
        for task in self.tasks:
            task.cancel()
        uploads = {i.upload.path: i.upload for i in self}
        for item in self:
            forget_file(item.result)
        self._items.clear()
        return tuple(uploads.values())

    async def settle(self, key: str, seconds: float) -> Item | None:
        """Wait until nothing more happens to an item, but no longer than so many seconds; return it as it is then."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            item = self.find(key)
            left = end - asyncio.get_running_loop().time()
            if item is None or item.is_over or left <= 0:
                return item
            try:
                await asyncio.wait_for(self.changed.wait(), left)
            except TimeoutError:
                return self.find(key)


class Visits:
    """All visits of a server, each known to one browser only, forgotten when it was away for long."""

    def __init__(self, most: int, minutes: float, clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            most: visits at a time; beyond them the one that was away for longest goes, after ten minutes.
            minutes: after which a visit is forgotten.
            clock: seconds, never going back.
        """
        self._most = most
        self._seconds = minutes * 60
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._visits: dict[str, Visit] = {}

    def offer(self) -> str:
        """Return the key of a visit that may come: several uploads at once must already know it."""
        chosen = secrets.token_urlsafe(24)
        return f"{chosen}.{self._mark(chosen)}"

    def is_ours(self, key: str | None) -> bool:
        """Tell whether a key was offered by this server; nobody else chooses the key of a visit."""
        chosen, _, mark = (key or "").partition(".")
        return hmac.compare_digest(mark.encode("utf-8", "replace"), self._mark(chosen).encode())

    def _mark(self, chosen: str) -> str:
        return hmac.new(self._secret, chosen.encode("utf-8", "replace"), "sha256").hexdigest()

    def find(self, key: str | None) -> Visit | None:
        """Return a visit, and note that somebody is there."""
        visit = self._visits.get(key or "")
        if visit is not None:
            visit.seen = self._clock()
        return visit

    def open(self, key: str | None = None) -> Visit:
        """Return the visit of a key that was offered, or a new one.

        Raises:
            VisitError: there are too many; somebody must leave first.
        """
        found = self.find(key)
        if found is not None:
            return found
        if len(self._visits) >= self._most:
            raise VisitError("现在使用的人太多，请过几分钟再来。", 60)
        visit = Visit(key if key and self.is_ours(key) else self.offer(), self._clock())
        self._visits[visit.key] = visit
        return visit

    def sweep(self) -> tuple[Upload, ...]:
        """Forget who was away for too long, sooner when there is no room; return what nobody needs any more."""
        crowded = len(self._visits) >= self._most
        longest = min(600.0, self._seconds) if crowded else self._seconds
        gone = [v for v in self._visits.values() if self._clock() - v.seen > longest]
        for visit in gone:
            del self._visits[visit.key]
        return tuple(u for visit in gone for u in visit.clear())

    def close(self) -> tuple[Upload, ...]:
        """Forget everyone."""
        gone, self._visits = list(self._visits.values()), {}
        return tuple(u for visit in gone for u in visit.clear())
