"""Time a whole run over 500 reports: copies of five specimens, then the same with one line that differs in each.

Run it with ``make bench``. Figures of a shared machine are noisy; compare ratios of one run.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def main() -> None:
    """Print one line for each kind of folder."""
    specimens = Path(__file__).resolve().parent.parent / "fixtures" / "reports"
    for kind in ("copies", "differing"):
        with tempfile.TemporaryDirectory() as folder:
            for name in NAMES:
                text = (specimens / name).read_text("utf-8")
                for number in range(COPIES):
                    line = f"（第{number}份）\n" if kind == "differing" else ""
                    Path(folder, f"{number}-{name}").write_text(text + line, "utf-8")
            seconds, peak = run(Path(folder))
        sys.stdout.write(f"{kind}: {seconds:.2f} s, {peak:.0f} MiB\n")


if __name__ == "__main__":
    main()
