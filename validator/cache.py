"""Results that were found before, by the content of the file and everything else that decides them.

An entry is one compressed file with a checksum, written beside its place and then renamed: several processes can use
one cache, and what is broken is not there. Results that are errors are not kept: their cause may lie outside the file.
"""

from __future__ import annotations

import os
import re
import sys
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePath
from tempfile import mkstemp
from typing import TypeVar

from validator import __version__
from validator.loaders.endings import OFFICE_ENDINGS, READABLE
from validator.nlp.model import find_model
from validator.recipe import Recipe, default_rules_path, digest_rules
from validator.result import FileResult, RuleSetId

_T = TypeVar("_T")
_LAYOUT = "1"
_OWN = f"results-{_LAYOUT}"
"""Our own folder in the cache folder: nothing else is ever looked at or removed."""
_ENTRY = re.compile(r"[0-9a-f]{62}|\.new-.*")
_MOST_ENTRIES = 20_000
_OLDEST_SECONDS = 60 * 24 * 3600
_LEVEL = 1
_MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RecipeFacts:
    """What a run must know of a recipe when all its results are known: rule set, number of rules, pipeline."""

    ruleset: RuleSetId
    rules: int
    pipeline: str
    not_waivable: tuple[str, ...]
    rule_ids: tuple[str, ...]


def cache_home() -> Path:
    """Return the folder for kept results: ``FAZHI_CACHE_DIR``, or the usual place of the system. It may not exist."""
    if chosen := os.environ.get("FAZHI_CACHE_DIR"):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("fazhi")


def name_recipe(recipe: Recipe) -> str:
    """Return a digest of everything but the file that decides a result: rules, options, this program, its libraries.

    Raises:
        RuleFileError: a rule file cannot be read.
        OptionError: there is no profile of that name.
        ModelError: the chosen language model cannot be used.
    """
    root = recipe.rules_dir or default_rules_path()
    model = find_model(recipe.model)
    said = replace(recipe, rules_dir=None, model="", packs=())
    known = (model.name, model.version, _stamp(model.path)) if model else None
    parts = (_LAYOUT, digest_rules(root, recipe.profile, recipe.packs), repr(said), repr(known), _name_program())
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(folder: Path) -> list[tuple[str, int, int]]:
    """Return name, time and size of every file in a folder."""
    files = ((p, p.stat()) for p in sorted(folder.rglob("*")) if p.is_file())
    return [(p.relative_to(folder).as_posix(), s.st_mtime_ns, s.st_size) for p, s in files]


@cache
def _name_program() -> str:
    """Return a digest of this program and of the versions of all that is installed beside it."""
    digest = sha256(f"{__version__}\0{sys.version}\0{sys.platform}".encode())
    package = Path(__file__).resolve().parent
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    installed: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            installed |= {name for name in os.listdir(folder or ".") if name.endswith(".dist-info")}  # noqa: PTH208
    digest.update("\0".join(sorted(installed)).encode())
    return digest.hexdigest()


def can_keep(path: str) -> bool:
    """Tell whether the results of a file may be kept: not where another program, of any version, may convert it."""
    return PurePath(path).suffix.lower() in READABLE.difference(OFFICE_ENDINGS)


class Cache:
    """Kept results in a folder; with ``None`` nothing is kept and nothing found."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._has_written = False

    @property
    def is_on(self) -> bool:
        """Whether anything is kept at all."""
        return self._folder is not None

    def find_facts(self, recipe: str) -> RecipeFacts | None:
        """Return the facts of a recipe by its name."""
        return self._read(_key(recipe), RecipeFacts)

    def keep_facts(self, recipe: str, facts: RecipeFacts) -> None:
        """Keep the facts of a recipe."""
        self._write(_key(recipe), facts)

    def find(self, recipe: str, path: str, digest: str) -> FileResult | None:
        """Return the result of a file.

        Args:
            recipe: the name of the recipe.
            path: the path that the result shall show; its ending decides how the file is read.
            digest: SHA-256 of its bytes, in hexadecimal.
        """
        found = self._read(_key(recipe, PurePath(path).suffix.lower(), digest), FileResult)
        return replace(found, path=path) if found is not None and found.sha256 == digest else None

    def keep(self, recipe: str, result: FileResult) -> None:
        """Keep the result of a file, unless it is an error."""
        if result.outcome != "error" and result.sha256 is not None and can_keep(result.path):
            key = _key(recipe, PurePath(result.path).suffix.lower(), result.sha256)
            self._write(key, replace(result, path=""))

    def _place(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / _OWN / key[:2] / key[2:]

    def _read(self, key: str, kind: type[_T]) -> _T | None:
        place = self._place(key)
        if place is None:
            return None
        import msgspec

        try:
            unpack = zlib.decompressobj()
            data = unpack.decompress(place.read_bytes(), _MOST_BYTES)
            if not unpack.eof:  # cut short, or far too large
                return None
            found = msgspec.msgpack.decode(data, type=kind)
        except (OSError, zlib.error, msgspec.MsgspecError, ValueError):
            return None
        with suppress(OSError):
            os.utime(place)
        return found

    def _write(self, key: str, value: object) -> None:
        place = self._place(key)
        if place is None:
            return
        import msgspec

        data = zlib.compress(msgspec.msgpack.encode(value), _LEVEL)
        with suppress(OSError):  # a full or read-only disk costs the next run time, and this one nothing
            place.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            handle, name = mkstemp(prefix=".new-", dir=place.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(place)
            except BaseException:
                with suppress(OSError):
                    Path(name).unlink()
                raise
            self._has_written = True

    def tidy(self) -> None:
        """After something was written: remove what nobody used for two months, and the oldest beyond 20,000 entries."""
        if self._folder is not None and self._has_written:
            remove_entries(self._folder, most=_MOST_ENTRIES, oldest=time.time() - _OLDEST_SECONDS)


def remove_entries(folder: Path, *, most: int = 0, oldest: float = 0.0) -> int:
    """Remove entries of a cache folder and return how many.

    Args:
        folder: the folder; nothing else in it is touched.
        most: so many of the newest stay.
        oldest: of these, what was last used before this time (seconds since 1970) goes too.
    """
    entries = list_entries(folder)
    gone = [p for i, (used, _, p) in enumerate(entries) if i >= most or used < oldest]
    for place in gone:
        with suppress(OSError):
            place.unlink()
    return len(gone)


def list_entries(folder: Path) -> list[tuple[float, int, Path]]:
    """Return the entries of a cache folder, the last used first: time (seconds since 1970), bytes, file."""
    entries: list[tuple[float, int, Path]] = []
    for place in (folder / _OWN).glob("[0-9a-f][0-9a-f]/*"):
        if not _ENTRY.fullmatch(place.name):
            continue
        with suppress(OSError):
            found = place.stat()
            entries.append((found.st_mtime, found.st_size, place))
    return sorted(entries, key=lambda e: e[0], reverse=True)


def _key(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
