"""Uploads → private files with names of ours. The name that a visitor gave is only shown."""

from __future__ import annotations

import asyncio
import io
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from validator.errors import explain_os_error, plain
from validator.loaders.endings import ARCHIVES, READABLE
from validator.web.multipart import FormError, FormReader
from validator.web.private import PrivateFolder

if TYPE_CHECKING:
    from starlette.requests import Request

FILE_FIELD = "file"
_LONGEST_NAME = 120
_NAMELESS = "未命名"
_MEASURED_EACH = 5.0
_OLD = 3600.0
_RANDOM = 32
"""So many characters of a private name are chance; what belongs to an upload begins with the same."""
_MIB = 1024 * 1024


class Upload(NamedTuple):
    """A file that was taken in. ``path`` is where it is, ``name`` what is shown."""

    path: Path
    name: str
    size: int


class Form(NamedTuple):
    """A form that was taken in."""

    fields: Mapping[str, str]
    files: tuple[Upload, ...]


class Uploads:
    """Takes files in, and forgets them."""

    def __init__(
        self,
        total_mib: int,
        most_files: int = 200,
        parent: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the private folder.

        Args:
            total_mib: how much it may hold.
            most_files: how many files one request may bring.
            parent: where it is made (default: the temporary folder of the system).
            clock: seconds, never going back.
        """
        self._total = total_mib * _MIB
        self._most_files = most_files
        self._clock = clock
        self._folder = PrivateFolder(parent)
        self._used = 0
        self._held: set[str] = set()
        self._measured = clock()

    @property
    def folder(self) -> Path:
        """Where the private files are."""
        return self._folder.path

    async def receive(self, request: Request) -> tuple[Upload, ...]:
        """Return the files of a form.

        Raises:
            FormError: it is no such form, holds no file or too many, or there is no room.
        """
        form = await self.receive_form(request)
        return form.files

    async def receive_one(self, request: Request) -> Upload:
        """Return the only file of a form.

        Raises:
            FormError: as for several, or there is more than one.
        """
        files = await self.receive(request)
        if len(files) > 1:
            for file in files:
                self.discard(file)
            raise FormError(400, "一次只能上传一个文件。")
        return files[0]

    async def receive_form(self, request: Request) -> Form:
        """Return the fields and the files of a form. When anything goes wrong, nothing of it is left.

        Raises:
            FormError: it is no such form, holds no file or too many, or there is no room.
        """
        await self._measure()
        opened: list[_File] = []

        def open_file(field: str, name: str) -> _File:
            if field != FILE_FIELD:
                raise FormError(400, f"文件要放在名为 {FILE_FIELD} 的字段里。")
            if len(opened) >= self._most_files:
                raise FormError(413, f"一次最多上传{self._most_files}个文件。")
            file = _File(self.new_path(name), show_name(name), self._take)
            self._held.add(file.path.name[:_RANDOM])
            opened.append(file)
            file.begin()
            return file

        try:
            reader = FormReader(request.headers.get("content-type", ""), open_file)
            async for piece in request.stream():
                if piece:
                    reader.write(piece)
            fields = reader.finish()
            if not opened:
                raise FormError(400, f"没有收到文件。文件要放在名为 {FILE_FIELD} 的字段里。")
        except BaseException:
            for file in opened:
                file.close()
                self._remove(file.path, file.size)
            raise
        return Form(fields, tuple(file.upload() for file in opened))

    def new_path(self, name: str = "") -> Path:
        """Return where a new private file can stand. Of a name only an ending that we know is kept."""
        ending = PurePosixPath(name).suffix.lower()
        known = ending if ending in READABLE or ending in ARCHIVES else ""
        return self.folder / f"{secrets.token_hex(_RANDOM // 2)}{known}"

    def discard(self, upload: Upload) -> None:
        """Remove an upload; one that is gone already stays gone."""
        self._remove(upload.path, upload.size)

    async def tidy(self) -> None:
        """Remove what is left of uploads that are gone: what was written or still open when they were discarded.

        Temporary folders, which a process that is ended cannot remove, go when they are older than any task.
        """
        await asyncio.to_thread(self._tidy)

    def _tidy(self) -> None:
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    with suppress(OSError):
                        if time.time() - entry.stat(follow_symlinks=False).st_mtime > _OLD:
                            shutil.rmtree(entry.path, ignore_errors=True)
                elif len(entry.name) >= _RANDOM and entry.name[:_RANDOM] not in self._held:
                    with suppress(OSError):
                        Path(entry.path).unlink()

    def close(self) -> None:
        """Remove everything."""
        self._folder.close()

    def _take(self, size: int) -> None:
        self._used += size
        if self._used > self._total:
            raise FormError(503, "现在暂存的文件太多，请稍后再试。", 30)

    def _remove(self, path: Path, size: int) -> None:
        self._held.discard(path.name[:_RANDOM])
        with suppress(OSError):  # where an open file cannot be removed, it goes when things are tidied
            path.unlink()
            self._used = max(0, self._used - size)

    async def _measure(self) -> None:
        """Look now and then how much the folder really holds: results are written into it, too."""
        if self._clock() - self._measured >= _MEASURED_EACH:
            self._measured = self._clock()
            self._used = await asyncio.to_thread(lambda: sum(_sizes(self.folder)))


class _File:
    """A private file that is being written."""

    def __init__(self, path: Path, name: str, take: Callable[[int], None]) -> None:
        self.path = path
        self.name = name
        self.size = 0
        self._take = take
        self._stream: BinaryIO = io.BytesIO()

    def begin(self) -> None:
        with _explained():
            new = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self._stream = os.fdopen(new, "wb")

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._take(len(data))
        with _explained():
            self._stream.write(data)

    def finish(self) -> None:
        with _explained():
            self._stream.close()

    def close(self) -> None:
        with suppress(OSError):
            self._stream.close()

    def upload(self) -> Upload:
        return Upload(self.path, self.name, self.size)


@contextmanager
def _explained() -> Iterator[None]:
    """Say that there is no room for a file, in place of what the system says."""
    try:
        yield
    except OSError as exc:
        raise FormError(503, f"暂存文件写不下（{explain_os_error(exc)}），请稍后再试。", 30) from exc


def show_name(name: str) -> str:
    """Return a name that can be shown: no folders, nothing that cannot be seen, not too long, its ending kept."""
    last = plain(name.replace("\\", "/").rsplit("/", 1)[-1])
    if last.strip(". ") == "":
        return _NAMELESS
    if len(last) <= _LONGEST_NAME:
        return last
    ending = PurePosixPath(last).suffix
    ending = ending if len(ending) <= 10 else ""
    return f"{last[: _LONGEST_NAME - len(ending) - 1]}…{ending}"


def _sizes(folder: Path) -> Iterator[int]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                yield entry.stat(follow_symlinks=False).st_size
