"""Tasks → results in worker processes: a line that has an end, a time for each task, and nothing that hangs for good.

The line is kept here and not in the pool, so that who goes away leaves it and everybody knows how long it is.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from validator.errors import ValidatorError
from validator.parallel import without_interrupts
from validator.web.worker import begin, rest

if TYPE_CHECKING:
    from pathlib import Path

    from pebble import ProcessPool

    from validator.recipe import Recipe

_T = TypeVar("_T")
_LONGEST_WAIT = 60
_SHARE_OF_NEWEST = 0.2
_ROUNDS = 200
_START_SECONDS = 60
"""A process that was just started has so long to make itself ready, beside the time for the task."""


class DeskError(ValidatorError):
    """A task was not done; the sentence says why."""


class Busy(DeskError):  # noqa: N818 - the three say what happened, in the words of the page
    """So many tasks wait that no more are taken. ``retry_after``: seconds after which there should be room."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"现在检查的人多，请{retry_after}秒后再试。")
        self.retry_after = retry_after


class TimedOut(DeskError):  # noqa: N818
    """A task took too long; its process was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"检查这个文件用了{seconds:g}秒还没有完，已停止。文件可能太大或已损坏。")


class Died(DeskError):  # noqa: N818
    """The process of a task ended by itself: for want of memory, mostly."""

    def __init__(self) -> None:
        super().__init__("检查这个文件的进程意外结束了，可能是文件太大。请另存一份再试。")


class Desk:
    """Processes that do tasks in the order in which they come."""

    def __init__(
        self, processes: int, waiting: int, seconds: float, recipe: Recipe, scratch: Path | None = None
    ) -> None:
        """Prepare; ``open`` starts the processes.

        Args:
            processes: how many.
            waiting: how many tasks may wait for them.
            seconds: what a task may take.
            recipe: what each process makes ready before its first task.
            scratch: where the processes put temporary files (default: the temporary folder of the system).
        """
        self.processes = processes
        self.is_warm = False
        self._most = waiting
        self._seconds = seconds
        self._recipe = recipe
        self._scratch = scratch
        self._free = processes
        self._line: deque[asyncio.Future[None]] = deque()
        self._pool: ProcessPool | None = None
        self._usual = 0.2

    @property
    def waiting(self) -> int:
        """How many tasks wait."""
        return len(self._line)

    @property
    def running(self) -> int:
        """How many tasks are being done."""
        return self.processes - self._free

    def open(self) -> None:
        """Start the processes."""
        from pebble import ProcessPool

        with without_interrupts():
            self._pool = ProcessPool(
                self.processes,
                initializer=begin,
                initargs=(self._recipe, self._scratch),
                context=get_context("spawn"),
            )
            # The pool starts its processes with its first task.
            self._pool.schedule(rest, args=(0.0,))

    async def warm(self) -> None:
        """Return when every process has loaded the rules and the language pipeline."""
        ready: set[int] = set()
        for _ in range(_ROUNDS):
            rests = [self._schedule(rest, (0.05,), self._seconds) for _ in range(self.processes)]
            found = await asyncio.gather(*(asyncio.wrap_future(r) for r in rests), return_exceptions=True)
            ready |= {pid for pid in found if isinstance(pid, int)}
            if len(ready) >= self.processes:
                break
        self.is_warm = True

    async def submit(
        self, function: Callable[..., _T], *args: object, seconds: float | None = None, patient: bool = False
    ) -> _T:
        """Do a task in a process and return its result. Who is cancelled while waiting leaves the line.

        Args:
            function: of a module; it and its arguments and result go from process to process.
            args: its arguments.
            seconds: what it may take, once it has begun (default: as the desk was told).
            patient: wait even where the line is full. For what belongs to something that was let in already.

        Raises:
            Busy: too many wait already.
            TimedOut: it took too long.
            Died: its process ended.
            ValidatorError: what the task itself says.
        """
        loop = asyncio.get_running_loop()
        await self._queue(patient=patient)
        allowed = self._seconds if seconds is None else seconds
        begun = loop.time()
        try:
            future = self._schedule(function, args, allowed)
            pool = self._pool
        except BaseException:
            self._release()
            raise
        future.add_done_callback(lambda _: _tell(loop, self._finish, begun))
        mirror = asyncio.wrap_future(future)
        mirror.add_done_callback(_forget)
        try:
            await asyncio.wait({mirror}, timeout=allowed + _START_SECONDS)
            if not mirror.done():  # its process never took it up: whatever the pool waits for, it will not come
                future.cancel()
                if pool is self._pool:  # else somebody replaced it already, or the desk was closed
                    self._replace()
                raise TimedOut(allowed)
            return mirror.result()
        except TimeoutError:
            raise TimedOut(allowed) from None
        except BrokenProcessPool:
            raise Died from None
        except asyncio.CancelledError:
            if mirror.cancelled():  # the desk is being closed, not the client gone
                raise Died from None
            raise
        except Exception as exc:
            if type(exc).__name__ == "ProcessExpired":
                raise Died from None
            raise

    async def close(self) -> None:
        """End the processes, whatever they do."""
        pool, self._pool = self._pool, None
        while self._line:
            self._line.popleft().cancel()
        if pool is not None:
            await asyncio.to_thread(_stop, pool)

    async def _queue(self, *, patient: bool) -> None:
        """Wait for a free process."""
        if self._free:
            self._free -= 1
            return
        if len(self._line) >= self._most and not patient:
            raise Busy(self.retry_after())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release()
            with suppress(ValueError):
                self._line.remove(turn)
            raise

    def retry_after(self) -> int:
        """Return after how many seconds the line should be half as long."""
        left = (len(self._line) / 2 + 1) * self._usual / self.processes
        return max(1, min(_LONGEST_WAIT, math.ceil(left)))

    def _schedule(self, function: Callable[..., _T], args: tuple[object, ...], seconds: float) -> Future[_T]:
        """Hand a task to the pool; one that broke (all processes ended) is replaced."""
        if self._pool is not None and not self._pool.active:
            self._replace()
        if self._pool is None:
            raise Died
        return self._pool.schedule(function, args=args, timeout=seconds)

    def _replace(self) -> None:
        """Begin with new processes; the old ones are ended beside."""
        broken, self._pool = self._pool, None
        self.open()
        if broken is not None:
            Thread(target=_stop, args=(broken,), daemon=True).start()

    def _finish(self, begun: float) -> None:
        took = asyncio.get_running_loop().time() - begun
        self._usual += (took - self._usual) * _SHARE_OF_NEWEST
        self._release()

    def _release(self) -> None:
        """Give a process to the next in the line."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    with suppress(RuntimeError):  # the loop has ended
        loop.call_soon_threadsafe(function, *args)


def _forget(future: asyncio.Future[Any]) -> None:
    """Take notice of an error that nobody waits for any more, so that nothing is logged about it."""
    if not future.cancelled():
        future.exception()


def _stop(pool: ProcessPool) -> None:
    with suppress(Exception):
        _end(pool)
        pool.join()


def _end(pool: ProcessPool) -> None:
    stop: Callable[[], None] = pool.stop  # the library gives it no type
    stop()
