"""Pictures of every state of the pages, to be looked at: wide, narrow, dark, printed.

``FAZHI_SCREENSHOTS=folder python -m pytest -m slow tests/test_web_pictures.py`` writes them; without it nothing runs.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.clerks import NARROW, WIDE, Clerk, as_word, browsing, corrected, lacking, needs_chromium, serving
from tests.conftest import SPECIMENS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = os.environ.get("FAZHI_SCREENSHOTS")
pytestmark = [
    pytest.mark.slow,
    needs_chromium,
    pytest.mark.skipif(FOLDER is None, reason="没有设置 FAZHI_SCREENSHOTS"),
]
ZOOMED = {"width": 720, "height": 450}
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "tablet": {"viewport": {"width": 768, "height": 1024}},
    "zoom": {"viewport": ZOOMED, "device_scale_factor": 2},
    "narrow": {"viewport": NARROW},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "forced": {"viewport": WIDE, "forced_colors": "active"},
    "english": {"viewport": WIDE},
}
DRAGGED = """() => { const data = new DataTransfer(); data.items.add(new File(["x"], "a.txt"));
    document.querySelector(".area").dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer: data })); }"""
WORDING = "四、〔下一年份〕年推进法治政府建设的主要安排"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("serve")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


def packed() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number, path in enumerate(sorted(SPECIMENS.glob("*.txt"))):
            archive.writestr(f"县直/单位{number:02d}/报告.txt", path.read_bytes())
    return data.getvalue()


def print_pages(page: Page, name: str) -> None:
    import pypdfium2  # type: ignore[import-untyped]

    printed = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    for number in range(min(len(printed), 4)):
        printed[number].render(scale=1.2).to_pil().save(Path(str(FOLDER)) / f"print-{name}-{number + 1}.png")


@pytest.mark.parametrize("look", LOOKS)
def test_pictures_of_every_state(browser: Browser, site: str, look: str) -> None:
    clerk = Clerk(browser, site, **LOOKS[look])
    page = clerk.page
    if look == "english":
        page.goto(f"{site}/?lang=en")

    def take(name: str, *, whole: bool = True) -> None:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        page.screenshot(path=Path(str(FOLDER)) / f"{look}-{name}.png", full_page=whole)
        if look == "wide":
            print_pages(page, name)

    def checked(**said: bytes) -> None:
        last = page.url
        clerk.drop(*((f"{name}.docx", data) for name, data in said.items()))
        page.wait_for_function("last => location.href !== last && document.querySelector('.tools')", arg=last)

    take("01-empty")
    page.evaluate(DRAGGED)
    page.screenshot(path=Path(str(FOLDER)) / f"{look}-02-over.png")
    page.reload()
    wire = clerk.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 60_000}
    wire.send("Network.emulateNetworkConditions", slow)
    clerk.drop(("初稿.docx", as_word(lacking()) + bytes(60_000)))
    page.locator(".sending li").wait_for()
    page.wait_for_function("() => document.querySelector('.sending progress').value > 20")
    take("03-uploading", whole=False)
    page.wait_for_url("**/files/*")
    wire.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.locator(".facts").wait_for()
    take("04-failing")
    page.locator("button.copy").first.click()
    page.screenshot(path=Path(str(FOLDER)) / f"{look}-05-copy.png")
    checked(改稿=as_word(corrected(WORDING)))
    take("06-corrected")
    checked(再改=as_word(corrected(WORDING).replace("法制培训班", "法治培训班")))
    take("07-resolved")
    checked(坏=b"PK zz")
    take("08-broken")
    page.goto(f"{site}/")
    clerk.drop(("一批.zip", packed()))
    page.wait_for_function("() => document.querySelectorAll('.row-of').length > 10")
    take("09-checking", whole=False)
    page.wait_for_function("() => document.querySelector('.rows').dataset.open === '0'")
    take("10-list")
    for name, address in (("11-table", "/batch"), ("12-rules", "/rules"), ("13-gone", "/files/none")):
        page.goto(f"{site}{address}")
        take(name, whole=name != "12-rules")
    clerk.context.close()
