"""Jobs → what was found, in whatever order it comes: in this process, or over several.

Never more than a few jobs a process are under way, so that memory does not grow with the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from validator.audit.examine import Examined, Examiner, Job, examine_job
from validator.parallel import open_pool, without_interrupts

_AHEAD = 6
"""Jobs under way for each process: none waits for the next one, and memory stays small."""
KILLED = "检查这个文件时进程被终止了（多半是内存不够），没有结果。"

Crew = Callable[[Iterator[Job], int], Iterator[Examined]]
"""Looks at jobs, of which there are so many, and yields what is found as it comes."""


def work_alone(jobs: Iterator[Job]) -> Iterator[Examined]:
    """Yield what is found in each file, looked at in this process, in order."""
    with Examiner() as examiner:
        for job in jobs:
            yield examiner.examine(job)


def work_together(jobs: Iterator[Job], processes: int) -> Iterator[Examined]:
    """Yield what is found, as it comes, from several processes.

    A process that is killed takes only its own files with it: they are looked at once more, one at a time, and the one
    that kills again is an error.
    """
    while True:
        pool = open_pool(processes)
        taken: dict[int, Job] = {}
        try:
            yield from _drain(pool, jobs, taken, processes * _AHEAD)
            return
        except BrokenProcessPool:
            yield from _one_at_a_time([taken[file] for file in sorted(taken)])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _drain(pool: ProcessPoolExecutor, jobs: Iterator[Job], taken: dict[int, Job], most: int) -> Iterator[Examined]:
    """Keep the processes busy until no job is left. ``taken`` holds the jobs whose result was not handed on yet."""
    under_way: dict[Future[Examined], int] = {}
    while True:
        for job in islice(jobs, most - len(under_way)):
            taken[job.file] = job
            with without_interrupts():
                under_way[pool.submit(examine_job, job)] = job.file
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            found = future.result()
            del taken[under_way.pop(future)]
            yield found


def _one_at_a_time(jobs: list[Job]) -> Iterator[Examined]:
    for job in jobs:
        pool = open_pool(1)
        try:
            with without_interrupts():
                future = pool.submit(examine_job, job)
            yield future.result()
        except BrokenProcessPool:
            yield Examined(job.file, None, error=KILLED)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
