"""Bytes → RawDocument with a time limit: every format but plain text is read in a process that can be stopped.

A parser that hangs, crashes or eats memory takes only its own process with it; the next file gets a new one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.table import is_text, load
from validator.loaders.worker import decode_answer, encode_request, read_message, write_message
from validator.options import DEFAULT_LIMITS, Limits

_OCR_TIME = 20
"""Recognising a page takes several seconds."""
_COMMAND = (sys.executable, "-P", "-m", "validator.loaders.worker")


class Reader:
    """Reads files one after the other. Use it in a ``with`` statement: leaving it ends the reading process."""

    def __init__(
        self, limits: Limits = DEFAULT_LIMITS, *, ocr: bool = False, command: Sequence[str] = _COMMAND
    ) -> None:
        """``command`` starts the reading process."""
        self.limits = limits
        self.ocr = ocr
        self._seconds = limits.seconds * (_OCR_TIME if ocr else 1)
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        process, self._process = self._process, None
        if process is not None:
            _stop(process)

    def read(self, name: str, data: bytes) -> RawDocument:
        """Read one file by the ending of its name.

        Raises:
            LoadError: it cannot be read, or reading took too long, too much memory, or crashed.
        """
        if len(data) > self.limits.file_mib * 1024 * 1024:
            raise LoadError(f"文件超过 {self.limits.file_mib} 兆字节，不像一份报告。")
        if is_text(name, data):
            return load(name, data, self.limits)
        answer = self._ask(name, data)
        return decode_answer(answer)

    def _ask(self, name: str, data: bytes) -> bytes:
        """Send a file to the reading process and wait for its answer, at most ``seconds``."""
        process = self._process
        if process is None or process.poll() is not None:
            self.close()
            process = self._process = _start(self._command)
        late = threading.Event()

        def stop() -> None:
            late.set()
            _stop(process)

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            write_message(process.stdin, encode_request(name, self.limits, ocr=self.ocr))
            write_message(process.stdin, data)
            answer = read_message(process.stdout)
        except OSError:
            answer = None
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            if late.is_set():
                raise LoadError(f"读这个文件用了 {self._seconds} 秒还没读完，已停止。文件可能已损坏。")
            raise LoadError("读这个文件时程序崩溃了。文件可能已损坏，请另存一份再检查。")
        return answer


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a reading process in a group of its own, so that what it starts can be stopped with it."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a reading process and everything it started, and wait until it is gone."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
