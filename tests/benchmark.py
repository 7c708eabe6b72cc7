"""Time the loaders on a report of 4,000 characters, then whole runs over 500 reports.

The runs: copies of five specimens, the same with one line that differs in each, and those as Word files, all without
the cache; then differing reports twice with one cache, and one unchanged report. Run it with ``make bench``. Figures of
a shared machine are noisy; compare ratios of one run.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import SPECIMENS
from tests.formats import as_docx, as_html, as_numbered_docx, as_ofd, as_pdf, read_report
from validator.loaders.table import load

BUILDERS = {".docx": as_numbered_docx, ".pdf": as_pdf, ".ofd": as_ofd, ".html": as_html}
NAMES = ("passes-all.txt", "passes-department.txt", "slogan-headings.txt", "merged-headings.txt", "running-text.txt")
COPIES = 100


def run(target: Path, *options: str, cache: str = "") -> tuple[float, float]:
    """Return wall seconds and peak MiB of ``fazhi check`` on a file or folder."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "validator", "check", str(target), "--fail-on", "never", *options]
    with tempfile.TemporaryFile() as out:
        subprocess.run(command, stdout=out, check=True, env={**os.environ, "FAZHI_CACHE_DIR": cache})
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - began, peak


def time_loaders() -> None:
    """Print the best of twenty readings of one report of 4,000 characters in each format."""
    lines = [line for name in NAMES[:2] for line in read_report(name, (SPECIMENS / name).read_bytes())]
    kept = [line for index, line in enumerate(lines) if sum(len(x.text) for x in lines[:index]) < 4000]
    for ending, build in BUILDERS.items():
        data = build(kept)
        best = min(_reading(f"a{ending}", data) for _ in range(20))
        sys.stdout.write(f"load {ending}: {best * 1000:.1f} ms ({len(data) // 1024} KiB)\n")


def _reading(name: str, data: bytes) -> float:
    began = time.perf_counter()
    load(name, data)
    return time.perf_counter() - began


def time_runs() -> None:
    """Print one line for each kind of folder."""
    for kind in ("copies", "differing", "differing Word files"):
        with tempfile.TemporaryDirectory() as folder:
            for name in NAMES:
                text = (SPECIMENS / name).read_text("utf-8")
                for number in range(COPIES):
                    data = (text + (f"（第{number}份）\n" if kind != "copies" else "")).encode()
                    if kind == "differing Word files":
                        Path(folder, f"{number}-{name}.docx").write_bytes(as_docx(read_report(name, data)))
                    else:
                        Path(folder, f"{number}-{name}").write_bytes(data)
            seconds, peak = run(Path(folder), "--format", "json", "--no-cache")
        sys.stdout.write(f"{kind}: {seconds:.2f} s, {peak:.0f} MiB\n")


def time_cache() -> None:
    """Print how long 500 differing reports take cold and warm, and one unchanged report (best of ten)."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        for name in NAMES:
            text = (SPECIMENS / name).read_text("utf-8")
            for number in range(COPIES):
                Path(folder, f"{number}-{name}").write_text(f"{text}（第{number}份）\n", "utf-8")
        cold, _ = run(Path(folder), "--format", "json", cache=cache)
        warm = min(run(Path(folder), "--format", "json", cache=cache)[0] for _ in range(3))
        sys.stdout.write(f"500 reports: cold {cold:.2f} s, warm {warm:.2f} s, ratio {warm / cold:.3f}\n")
        one = Path(folder, f"0-{NAMES[0]}")
        best = min(run(one, "--quiet", cache=cache)[0] for _ in range(10))
        sys.stdout.write(f"one unchanged report, whole process: {best:.3f} s\n")


def main() -> None:
    """Time everything."""
    time_loaders()
    time_runs()
    time_cache()


if __name__ == "__main__":
    main()
