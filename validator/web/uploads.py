"""Uploads → private files with names of ours. The name that a visitor gave is only shown."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
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
_MIB = 1024 * 1024


class Upload(NamedTuple):
    """A file that was taken in. ``path`` is where it is, ``name`` what is shown."""

    path: Path
    name: str
    size: int
    sha256: str


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
            opened.append(_File(self.new_path(name), show_name(name), self._take))
            return opened[-1]

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
        return self.folder / f"{secrets.token_hex(16)}{known}"

    def discard(self, upload: Upload) -> None:
        """Remove an upload; one that is gone already stays gone."""
        self._remove(upload.path, upload.size)

    def close(self) -> None:
        """Remove everything."""
        self._folder.close()

    def _take(self, size: int) -> None:
        self._used += size
        if self._used > self._total:
            raise FormError(503, "现在暂存的文件太多，请稍后再试。", 30)

    def _remove(self, path: Path, size: int) -> None:
        with suppress(FileNotFoundError):
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
        self._digest = hashlib.sha256()
        new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self._stream: BinaryIO = os.fdopen(new, "wb")

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._take(len(data))
        self._digest.update(data)
        try:
            self._stream.write(data)
        except OSError as exc:
            raise FormError(503, f"暂存文件写不下（{explain_os_error(exc)}），请稍后再试。", 30) from exc

    def finish(self) -> None:
        self._stream.close()

    def close(self) -> None:
        with suppress(OSError):
            self._stream.close()

    def upload(self) -> Upload:
        return Upload(self.path, self.name, self.size, self._digest.hexdigest())


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
