"""Time the loaders on a report of 4,000 characters, then whole runs over 500 reports.

The runs: copies of five specimens, the same with one line that differs in each, and those as Word files. Run it with
``make bench``. Figures of a shared machine are noisy; compare ratios of one run.
"""

from __future__ import annotations

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


def run(folder: Path) -> tuple[float, float]:
    """Return wall seconds and peak MiB of ``fazhi check`` on a folder."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "validator", "check", str(folder), "--format", "json", "--fail-on", "never"]
    with tempfile.TemporaryFile() as out:
        subprocess.run(command, stdout=out, check=True)
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
            seconds, peak = run(Path(folder))
        sys.stdout.write(f"{kind}: {seconds:.2f} s, {peak:.0f} MiB\n")


def main() -> None:
    """Time everything."""
    time_loaders()
    time_runs()


if __name__ == "__main__":
    main()
