"""An audit on a real cluster of two worker processes: the same bytes, and nothing lost when a worker dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.conftest import Run
from tests.test_audit_run import build_batch, dump, start
from validator.audit.examine import Job, Pledge, examine_job
from validator.errors import OptionError
from validator.recipe import DEFAULT_RECIPE
from validator.sources import Source

pytestmark = pytest.mark.filterwarnings("ignore")
"""The cluster's own code warns of its own affairs."""


@pytest.fixture
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as made:
        yield made


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file of an audit but its database."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith("audit."))
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


@pytest.mark.slow
@pytest.mark.parametrize("by_url", [False, True])
def test_a_cluster_gives_the_same_bytes(fazhi: Run, tmp_path: Path, cluster: Any, by_url: bool) -> None:
    batch = build_batch(tmp_path / "报告", 2)
    source = batch.as_uri() if by_url else str(batch)
    everything = ("--outputs", "xlsx,html,word,csv,parquet", "--pattern", "{year}/{region}/{organ}")
    (tmp_path / "本机").mkdir()
    assert fazhi("audit", source, "--out", "结果", "--jobs", "1", *everything).returncode == 2
    (tmp_path / "结果").rename(tmp_path / "本机" / "结果")
    done = fazhi("audit", source, "--out", "结果", "--scheduler", cluster.scheduler_address, *everything)
    assert done.returncode == 2, done.stderr
    assert dump(tmp_path / "结果") == dump(tmp_path / "本机" / "结果")
    ours, theirs = files_below(tmp_path / "结果"), files_below(tmp_path / "本机" / "结果")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert len(ours) > 10


@pytest.mark.slow
def test_a_dead_worker_loses_no_file(tmp_path: Path, cluster: Any) -> None:
    batch = build_batch(tmp_path / "报告", 10)
    start(batch, tmp_path / "顺利").wait()
    process = start(batch, tmp_path / "集群", cluster=cluster.scheduler_address)
    workers = [w.process.pid for w in cluster.workers.values()]
    for pid, done in zip(workers, (10, 50), strict=True):
        wait_until(tmp_path / "集群", done)
        os.kill(pid, signal.SIGKILL)
    assert process.wait() == 2
    assert dump(tmp_path / "集群") == dump(tmp_path / "顺利")


def wait_until(out: Path, done: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if (out / "audit.sqlite").is_file():
            with closing(connect(out / "audit.sqlite")) as base:
                if base.execute("SELECT count(*) FROM sqlite_master WHERE name = 'file'").fetchone()[0]:
                    count = base.execute("SELECT count(*) FROM file WHERE state = 'done'").fetchone()[0]
                    if count >= done:
                        return
        time.sleep(0.01)
    raise AssertionError("the audit did not go on")


def test_a_worker_with_other_rules_is_refused() -> None:
    job = Job(
        1, "甲.txt", Source("甲.txt", "甲.txt"), replace(DEFAULT_RECIPE, model="none"), Pledge("0.0", "sha256:0", "x")
    )
    with pytest.raises(OptionError, match="工作进程的程序版本与这里的不同"):
        examine_job(job)


def test_a_cluster_that_does_not_answer_is_said(fazhi: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.audit.cluster._PATIENCE", "300ms")
    done = fazhi("audit", build_batch(tmp_path / "报告"), "--out", "结果", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert "连不上集群 tcp://127.0.0.1:9" in done.stderr
