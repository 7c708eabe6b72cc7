"""Jobs → what was found, on a Dask cluster that is there already. The same function as everywhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import islice
from typing import Any

from validator.audit.crew import KILLED
from validator.audit.examine import Examined, Job, examine_job
from validator.audit.intake import fetch, is_url
from validator.errors import LoadError, OptionError
from validator.loaders.archive import Archives
from validator.options import Limits

_AHEAD = 4
"""Jobs under way for each thread of the cluster."""
_LOST = "与集群的连接断了。已做完的都在，加 --resume 可以接着做。"
_PATIENCE = "15s"
"""How long the scheduler may take to answer."""


def work_on_cluster(jobs: Iterator[Job], address: str) -> Iterator[Examined]:
    """Yield what is found, as it comes, from the workers of a cluster.

    What a URL names is opened by the workers; other files are read here and sent. A worker that dies costs no file: the
    cluster gives its jobs to others; a file that kills several workers is an error.

    Args:
        jobs: what to look at.
        address: of the scheduler, ``tcp://host:port``.

    Raises:
        OptionError: the cluster does not answer, or a worker has other rules or another version.
    """
    with _connect(address) as client, _Reading() as reading:
        from distributed import KilledWorker, as_completed

        under_way: dict[Any, int] = {}
        coming = as_completed(loop=client.loop)
        while True:
            most = max(1, sum(client.nthreads().values())) * _AHEAD
            for job in islice(jobs, max(0, most - len(under_way))):
                ready = reading.prepare(job)
                if isinstance(ready, Examined):
                    yield ready
                    continue
                future = client.submit(examine_job, ready, pure=False)
                under_way[future] = job.file
                coming.add(future)
            if not under_way:
                return
            future = next(coming)
            file = under_way.pop(future)
            try:
                found: Examined = future.result()
            except KilledWorker:
                found = Examined(file, None, error=KILLED)
            except CancelledError:
                raise OptionError(_LOST) from None
            except ImportError as exc:
                raise OptionError(f"集群的工作机上没有装好这个程序（{exc.name or '缺少程序包'}）。") from exc
            yield found


class _Reading:
    """Reads here what the workers cannot reach."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._archives: dict[Limits, Archives] = {}

    def __enter__(self) -> _Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def prepare(self, job: Job) -> Job | Examined:
        """Return a job that any worker can do, or what is known of its file already."""
        if is_url(job.address.file) and job.address.error is None:
            return job
        limits = job.recipe.limits
        if limits not in self._archives:
            self._archives[limits] = self._opened.enter_context(Archives(limits))
        try:
            data = fetch(job.address, self._archives[limits])
        except LoadError as exc:
            return Examined(job.file, None, error=str(exc))
        if job.known == sha256(data).hexdigest():
            return Examined(job.file, None, size=len(data))
        return job._replace(data=data)


@contextmanager
def _connect(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise OptionError("用集群审核需要安装 fazhi-validator[dask]。") from None
    for name in [n for n in logging.root.manager.loggerDict if n.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is told by a result, or in a sentence
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as exc:
        raise OptionError(f"连不上集群 {address}，请检查地址和网络。") from exc
    try:
        if not client.nthreads():
            raise OptionError(f"集群 {address} 里没有工作机。")
        yield client
    except OSError as exc:
        raise OptionError(_LOST) from exc
    finally:
        client.close()
