"""A server, a browser, and a clerk in front of it, for the tests of the pages."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import SPECIMENS
from tests.formats import as_docx, read_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="没有装 chromium")
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 800}


def as_word(text: str) -> bytes:
    return as_docx(read_report("报告.txt", text.encode()))


def lacking() -> str:
    """Return a report without a plan, and with a wrong word that stays."""
    text = (SPECIMENS / "missing-plan.txt").read_text("utf-8")
    return text.replace("举办领导干部法治培训班2期", "举办领导干部法制培训班2期")


def corrected(wording: str) -> str:
    """Write the plan that is missing, under the heading of the model wording."""
    heading = wording.strip().splitlines()[0].replace("〔下一年份〕", "2021")
    plan = "（一）加强乡镇司法所建设。上半年为12个司法所各增配1名工作人员，7月底前举办业务培训2期。\n（二）规范执法程序。修订执法操作手册1部，每季度评查案卷40卷。\n（三）推动负责人出庭应诉。开展旁听庭审4次，出庭应诉率提高到95%。"
    closing = "岚溪县人民政府\n2021年1月28日"
    body, found, end = lacking().rpartition(closing)
    assert found
    return f"{body}{heading}\n\n{plan}\n\n{found}{end}"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run a server, and give its address."""
    said = folder / "said.txt"
    with said.open("wb") as stream:
        command = [sys.executable, "-m", "validator", "serve", "--port", "0", "--no-open"]
        server = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        yield _wait_for_address(said)
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
    assert "乡镇法治专业人才" not in said.read_text("utf-8")


def _wait_for_address(said: Path) -> str:
    """Return the address that the server says, once it has said it."""
    for _ in range(300):
        found = re.search(r"http://[0-9.:]+", said.read_text("utf-8"))
        if found is not None:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(said.read_text("utf-8"))


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run a browser."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有装 playwright")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Clerk:
    """Somebody at a browser, with everything the pages asked for and complained of."""

    def __init__(self, browser: Browser, site: str, **more: Any) -> None:
        self.site = site
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True, **more})
        self.context.on("request", lambda r: self.asked.append(r.url))
        self.page = self.context.new_page()
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(f"{site}/")

    def drop(self, *files: tuple[str, bytes]) -> None:
        payload = [{"name": n, "mimeType": "application/octet-stream", "buffer": data} for n, data in files]
        self.page.locator("input[type=file]").first.set_input_files(payload)  # type: ignore[arg-type]

    def leave(self) -> None:
        self.context.close()
        assert self.asked
        assert [url for url in self.asked if not url.startswith((self.site, "blob:"))] == []
        assert self.complaints == []
