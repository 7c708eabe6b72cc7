"""Measure how long the server takes for a report of 4,000 characters as a Word file, once it is warm."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from statistics import median

import httpx

from benchmarks.files import write_docx
from benchmarks.layout import Line

_ROUNDS = 50
_LENGTH = 4000
_PARTS = ("主要举措和成效", "存在的不足和原因", "党政主要负责人履行推进法治建设第一责任人职责情况", "下一年度工作安排")


def make_report(number: int) -> bytes:
    """Return a Word file; each differs from the others, so that nothing is known beforehand."""
    lines = [Line("云溪镇2023年法治政府建设年度报告", 9)]
    count = 0
    while sum(len(x.text) for x in lines) < _LENGTH:
        if count % 12 == 0 and count // 12 < len(_PARTS):
            lines.append(Line(f"{'一二三四'[count // 12]}、{_PARTS[count // 12]}", 1))
        count += 1
        held = f"2023年第{count}期，镇司法所组织行政执法培训{number + count}次，参训{count * 7}人次，"
        lines.append(Line(f"{held}办结行政复议案件{count}件，公示执法信息。"))
    return write_docx(lines)


def main() -> None:
    """Start a server, wait until it is warm, and print the first, the median and the worst time."""
    command = [sys.executable, "-m", "validator", "serve", "--no-open", "--port", "0", *sys.argv[1:]]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ) as server:
        try:
            assert server.stderr is not None
            found = re.search(r"http://\S+?(?=/ )", server.stderr.readline().decode())
            assert found
            measure(found[0])
        finally:
            server.terminate()


def measure(address: str) -> None:
    """Measure requests one after the other."""
    with httpx.Client(base_url=address, timeout=60) as client:
        while not client.get("/healthz").json()["warm"]:
            time.sleep(0.1)
        took = []
        for number in range(_ROUNDS):
            data = make_report(number)
            begun = time.perf_counter()
            answer = client.post("/api/check", files={"file": ("报告.docx", data)})
            took.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text
            assert answer.json()["files"][0]["outcome"] in ("pass", "fail", "review")
    print(f"{_ROUNDS} Word files of {_LENGTH} characters, one after the other, each another one")
    print(f"first {took[0]:.3f} s, median {median(took):.3f} s, worst {max(took):.3f} s")


if __name__ == "__main__":
    main()
