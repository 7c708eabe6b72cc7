"""Measure an audit as a user runs it: throughput, memory of every process over time, size of the database.

``python -m benchmarks.audit REPORTS OUT [--jobs 2] [--outputs none]`` starts ``fazhi audit`` and samples its processes
twice a second (Linux: from ``/proc``). Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Run, sample, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--outputs", default="none")
    parser.add_argument("--roster", type=Path)
    given, more = parser.parse_known_args()
    command = [sys.executable, "-m", "validator", "audit", str(given.reports), "--out", str(given.out)]
    command += ["--jobs", str(given.jobs), "--outputs", given.outputs, "--pattern", "{year}/{region}/{organ}", *more]
    if given.roster:
        command += ["--roster", str(given.roster)]
    begin = time.monotonic()
    process = subprocess.Popen(command)
    samples: list[tuple[float, str, dict[int, float]]] = []
    while process.poll() is None:
        samples.append((time.monotonic() - begin, _state(given.out), _memory(process.pid)))
        time.sleep(0.5)
    print(json.dumps(_summary(samples, time.monotonic() - begin, given.out, process.pid), indent=1))


def _state(out: Path) -> str:
    try:
        with sqlite3.connect(f"{(out / 'audit.sqlite').absolute().as_uri()}?mode=ro", uri=True) as base:
            row = base.execute("SELECT count(*) FROM file WHERE state = 'waiting'").fetchone()
    except sqlite3.Error:
        return "listing"
    return "checking" if row[0] else "comparing"


def _memory(root: int) -> dict[int, float]:
    """Return MiB by process for a process and all below it."""
    parents: dict[int, int] = {}
    sizes: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if "VmRSS" in told:
            parents[int(folder.name)] = int(told["PPid"])
            sizes[int(folder.name)] = int(told["VmRSS"].split()[0]) / 1024
    family = {root}
    while grown := {p for p, parent in parents.items() if parent in family} - family:
        family |= grown
    return {p: sizes[p] for p in family if p in sizes}


def _summary(
    samples: list[tuple[float, str, dict[int, float]]], seconds: float, out: Path, root: int
) -> dict[str, object]:
    """Return what was measured; each process with its peak in the second and the last quarter of the checking."""
    checking = [(at, memory) for at, state, memory in samples if state == "checking"]
    begun, ended = (checking[0][0], checking[-1][0]) if checking else (0.0, 0.0)
    span = ended - begun

    def peak(pid: int, low: float, high: float) -> float:
        return round(
            max((m.get(pid, 0.0) for at, m in checking if begun + span * low <= at <= begun + span * high), default=0)
        )

    pids = sorted({pid for _, _, memory in samples for pid in memory})
    lasting = [pid for pid in pids if sum(pid in m for _, _, m in samples) > len(samples) / 4]
    files = sqlite3.connect(out / "audit.sqlite").execute("SELECT count(*) FROM file").fetchone()[0]
    return {
        "files": files,
        "seconds": round(seconds, 1),
        "checking seconds": round(span, 1),
        "files a second, checking": round(files / span, 1) if span else None,
        "database MiB": round((out / "audit.sqlite").stat().st_size / 2**20, 1),
        "peak MiB": {
            ("parent" if pid == root else f"process {n}"): {
                "all": round(max(m.get(pid, 0) for _, _, m in samples)),
                "second quarter": peak(pid, 0.25, 0.5),
                "last quarter": peak(pid, 0.75, 1.0),
            }
            for n, pid in enumerate(lasting)
        },
    }


if __name__ == "__main__":
    main()
