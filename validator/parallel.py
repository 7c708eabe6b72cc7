"""Tasks → results over several processes: the same results in the same order as one process gives.

A task is a recipe and a source, so that any executor can run it. What a process needs for a recipe it makes once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Thread, current_thread, main_thread

from validator.result import FileResult
from validator.sources import Task
from validator.workbench import Workbench


def check_serial(tasks: Sequence[Task], bench: Workbench) -> Iterator[FileResult]:
    """Yield the result of each task, in order, checked in this process."""
    for task in tasks:
        yield bench.check(task.recipe, task.source)


def check_parallel(tasks: Sequence[Task], jobs: int, bench: Workbench) -> Iterator[FileResult]:
    """Yield the result of each task, in order.

    Args:
        tasks: what to check.
        jobs: how many processes.
        bench: checks here what is left when a process was killed (for want of memory, mostly).
    """
    done = 0
    pool = open_pool(jobs)
    try:
        with without_interrupts():
            results = pool.map(_check, tasks, chunksize=4)
        for result in results:
            done += 1
            yield result
    except BrokenProcessPool:
        yield from check_serial(tasks[done:], bench)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def open_pool(jobs: int) -> ProcessPoolExecutor:
    """Return a pool whose processes leave Ctrl-C to this one and end with it."""
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)


def _check(task: Task) -> FileResult:
    return _bench().check(task.recipe, task.source)


@cache
def _bench() -> Workbench:
    """Return what this process checks with; its reading processes end when this one does."""
    return Workbench()


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C while something is handed to a pool: a process started then inherits it, from its first line on.

    Only the main thread can; another one leaves it to the first line of each process.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin() -> None:
    """Leave Ctrl-C to the process that asked, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(2)
