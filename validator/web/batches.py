"""Uploads → one run: an archive becomes its files, several are checked at a time, none gets lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeVar

from validator.loaders.endings import ARCHIVES
from validator.recipe import Recipe
from validator.result import FileResult
from validator.sources import Source
from validator.web.checking import Unchecked, check_source, list_archive, write_run
from validator.web.desk import Desk, Died, TimedOut
from validator.web.multipart import FormError
from validator.web.uploads import Upload

if TYPE_CHECKING:
    from starlette.requests import Request

_T = TypeVar("_T")


class ClientGone(Exception):  # noqa: N818 - nobody made a mistake
    """Nobody waits for the answer any more."""


async def check_uploads(desk: Desk, uploads: Sequence[Upload], recipe: Recipe, most: int) -> bytes:
    """Return the run over uploads as JSON. Once the first task is let in, all the others are.

    Args:
        desk: does the work.
        uploads: what to check.
        recipe: what decides the results.
        most: how many files there may be, those in archives included.

    Raises:
        Busy: too many are waiting; nothing was checked.
        FormError: there are too many files.
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    sources, is_in = await _open(desk, uploads, recipe, most)
    results: list[FileResult | Unchecked] = []
    if not is_in:
        results.append(await _check(desk, sources[0], recipe, patient=False))
    gate = asyncio.Semaphore(desk.processes)

    async def check(source: Source) -> FileResult | Unchecked:
        async with gate:
            return await _check(desk, source, recipe, patient=True)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(check(s)) for s in sources[len(results) :]]
    except ExceptionGroup as several:  # each says the same: nothing can be checked at all
        raise several.exceptions[0] from None
    results += [t.result() for t in tasks]
    return await desk.submit(write_run, recipe, tuple(results), patient=True)


async def _open(desk: Desk, uploads: Sequence[Upload], recipe: Recipe, most: int) -> tuple[tuple[Source, ...], bool]:
    """Return the files to check, and whether the line was passed already."""
    found: list[Source] = []
    is_in = False
    for upload in uploads:
        path = str(upload.path)
        if PurePosixPath(upload.name).suffix.lower() not in ARCHIVES:
            found.append(Source(upload.name, path))
        else:
            try:
                found += await desk.submit(list_archive, path, upload.name, recipe, patient=is_in)
            except (TimedOut, Died) as exc:
                found.append(Source(upload.name, path, error=str(exc)))
            is_in = True
        if len(found) > most:
            raise FormError(413, f"文件超过{most}个，请分几次上传。")
    return tuple(found), is_in


async def _check(desk: Desk, source: Source, recipe: Recipe, *, patient: bool) -> FileResult | Unchecked:
    """Check one file; what ends its process becomes its result."""
    try:
        return await desk.submit(check_source, source, recipe, patient=patient)
    except (TimedOut, Died) as exc:
        return Unchecked(source.path, str(exc))


async def while_connected(request: Request, work: Awaitable[_T]) -> _T:
    """Return the result of work, or leave it when the client goes away. The body must have been read.

    Raises:
        ClientGone: nobody waits any more.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(_wait_for_end(request))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientGone
    finally:
        for pending in (task, watch):
            pending.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


async def _wait_for_end(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
