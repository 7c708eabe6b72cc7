"""States of the pages beside the straight way: the server restarted, slow nets, folders, no script, print, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.clerks import Clerk, as_word, browsing, lacking, needs_chromium, serving
from tests.conftest import SPECIMENS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("serve")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture
def clerk(browser: Browser, site: str) -> Iterator[Clerk]:
    found = Clerk(browser, site, permissions=["clipboard-read", "clipboard-write"])
    yield found
    found.leave()


def all_over(page: Page, count: int) -> None:
    """Wait until so many files are in the list and all of them are checked."""
    page.wait_for_function(
        "n => { const r = document.querySelector('.rows'); return r && r.children.length === n && r.dataset.open === '0' }",
        arg=count,
    )


def passing() -> bytes:
    return (SPECIMENS / "passes-all.txt").read_bytes()


def test_several_files_stay_together_when_the_server_was_started_anew(clerk: Clerk) -> None:
    clerk.context.clear_cookies()
    clerk.context.add_cookies([{"name": "fazhi-visit", "value": "old.mark", "url": clerk.site}])
    clerk.drop(*((f"{n}.txt", passing()) for n in range(5)))
    all_over(clerk.page, 5)
    clerk.page.reload()
    assert clerk.page.locator(".row-of").count() == 5
    assert clerk.page.locator("#files[aria-live], #files [aria-live]").count() == 0  # the status line alone speaks


def test_removing_a_file_keeps_the_place_and_the_other_uploads(clerk: Clerk) -> None:
    page = clerk.page
    clerk.drop(("甲.txt", passing()), ("乙.txt", passing()))
    all_over(page, 2)
    wire = clerk.context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    wire.send("Network.emulateNetworkConditions", slow)
    clerk.drop(("慢.docx", as_word(lacking()) + bytes(100_000)), ("丙.txt", passing()))
    page.locator(".sending li").first.wait_for()
    page.get_by_role("button", name=re.compile("移走 甲.txt")).click()
    page.wait_for_function("() => (document.activeElement.getAttribute('aria-label') || '').endsWith('乙.txt')")
    all_over(page, 3)
    assert "慢.docx" in page.locator(".rows").inner_text()


def test_what_went_wrong_stays_in_sight(clerk: Clerk, tmp_path: Path) -> None:
    page = clerk.page
    large, good, folder = tmp_path / "大.pdf", tmp_path / "好.txt", tmp_path / "县直"
    with large.open("wb") as stream:
        stream.truncate(60 * 1024 * 1024)
    good.write_bytes(passing())
    folder.mkdir()
    page.locator("input[type=file]").set_input_files([large, good])
    all_over(page, 1)
    assert "一个文件最大50兆" in page.locator(".sending").inner_text()
    box = page.locator(".area").bounding_box()
    assert box is not None
    wire = clerk.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        place = {"x": box["x"] + 50, "y": box["y"] + 50}
        wire.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
    page.get_by_text("不能直接放文件夹").first.wait_for()


def test_the_other_language_shows_the_same_place(clerk: Clerk) -> None:
    page = clerk.page
    page.goto(f"{clerk.site}/rules?profile=statutory")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/rules?profile=statutory&lang=en")
    clerk.page.goto(f"{clerk.site}/?lang=zh")
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    page.get_by_role("link", name=re.compile("^P104|P104 ")).first.click()
    place = page.url.partition("#")[2]
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"**/files/*?lang=en#{place}")
    page.goto(f"{clerk.site}/?lang=zh")


def test_a_wrong_year_is_said_before_anything_is_sent(clerk: Clerk) -> None:
    page = clerk.page
    page.get_by_text("更多选项").click()
    page.get_by_label("报告年度").fill("1990")
    page.get_by_text("更多选项").click()
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_function("() => document.activeElement.name === 'year'")
    assert page.locator(".sending li").count() == 0


def test_without_script_choices_count_and_the_list_keeps_fresh(browser: Browser, site: str) -> None:
    clerk = Clerk(browser, site, java_script_enabled=False)
    page = clerk.page
    page.get_by_text("更多选项").click()
    page.get_by_label("报告年度").fill("2017")
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_text("2017年度").first.wait_for()
    page.get_by_role("link", name="放文件").click()
    clerk.drop(("甲.txt", passing()), ("乙.txt", passing()))
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("link", name="乙.txt").wait_for()  # no longer "checking"
    clerk.leave()


def test_the_table_is_printed_whole(clerk: Clerk) -> None:
    import pypdfium2  # type: ignore[import-untyped]

    page = clerk.page
    clerk.drop(("甲.txt", passing()), ("县直单位的一份报告.txt", (SPECIMENS / "missing-plan.txt").read_bytes()))
    all_over(page, 2)
    page.get_by_role("link", name="看汇总").click()
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    wide = next(sheet for sheet in printed if sheet.get_width() > sheet.get_height())
    words = wide.get_textpage().get_text_range()
    assert "县直单位的一份报告.txt" in words.replace("\r\n", "")
    last = page.locator(".rule-head").last.inner_text()
    assert last in words.replace("\r\n", "")


def test_every_page_has_no_barrier_in_english_and_in_the_dark(browser: Browser, site: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    clerk = Clerk(browser, site, color_scheme="dark")
    page = clerk.page
    page.goto(f"{site}/?lang=en")
    clerk.drop(("初稿.docx", as_word(lacking())), ("坏.docx", b"PK"))
    all_over(page, 2)
    overlaps = "r => r.querySelector('.state').getBoundingClientRect().right > r.querySelector('.name').getBoundingClientRect().left"
    assert page.locator(".row-of").evaluate_all(f"rows => rows.filter({overlaps}).length") == 0
    links = [str(a.get_attribute("href")) for a in page.locator(".row-of a").all()]
    for address in ("/", "/batch", "/rules", "/docs", *links):
        page.goto(f"{site}{address}")
        assert [v["id"] for v in axe.Axe().run(page).response["violations"]] == [], address
    clerk.asked = [u for u in clerk.asked if u.startswith(site)]
    clerk.leave()


def test_what_became_of_the_findings_stands_in_a_box_of_its_own(clerk: Clerk) -> None:
    page = clerk.page
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    page.locator(".tools").wait_for()
    clerk.drop(("改稿.docx", as_word(lacking())))
    box = page.locator(".corrected")
    box.wait_for()
    assert box.evaluate("e => parseFloat(getComputedStyle(e).paddingLeft)") > 10
    gap = "e => e.nextElementSibling.getBoundingClientRect().top - e.getBoundingClientRect().bottom"
    assert box.evaluate(gap) > 10
