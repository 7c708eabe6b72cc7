"""A real server in a process of its own, and what it takes of memory."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from tests.conftest import ROOT


class Server:
    """A running ``fazhi serve``. ``said`` is everything that it wrote."""

    def __init__(self, folder: Path, *options: str, environment: dict[str, str] | None = None) -> None:
        """Start it.

        Args:
            folder: where its private folder is made.
            options: of the command.
            environment: more variables.
        """
        self.process = subprocess.Popen(
            [sys.executable, "-m", "validator", "serve", "--no-open", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
            cwd=ROOT,
        )
        self.folder = folder
        assert self.process.stdout is not None
        first = self.process.stdout.readline().decode()
        found = re.search(r":(\d+)/", first)
        assert found, first
        self.port = int(found[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._lines = [first]
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line.decode("utf-8", "replace"))

    @property
    def said(self) -> str:
        """Everything that it wrote until now."""
        return "".join(self._lines)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit code."""
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        code = self.process.wait(10)
        self._reading.join(5)
        return code

    def memory_mib(self) -> float:
        """Return what the server and the processes below it have in memory now (what they share counts once each)."""
        return sum(_proportional_kib(pid) for pid in (self.process.pid, *below(self.process.pid))) / 1024

    def raw(self, data: bytes) -> socket.socket:
        """Return a connection on which some bytes were sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(data)
        return connection


@contextmanager
def serving(folder: Path, *options: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """Run a server; it is ended in any case."""
    server = Server(folder, *options, environment=environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait(10)
        assert server.process.stdout is not None
        server._reading.join(5)
        server.process.stdout.close()


def below(pid: int) -> list[int]:
    """Return all processes that a process started, and those that they started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *below(child)]
    return found


def _proportional_kib(pid: int) -> int:
    with suppress(OSError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
