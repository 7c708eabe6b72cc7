"""The whole way of a clerk in a browser: drop, read, copy, correct, drop again, download; and what the page asks for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.clerks import NARROW, WIDE, Clerk, as_word, browsing, corrected, lacking, needs_chromium, serving
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


def test_the_story_of_a_clerk(clerk: Clerk) -> None:
    page = clerk.page
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    page.get_by_role("heading", name="不符合", level=1).wait_for()
    rule = page.locator("details.rule", has=page.locator(".id", has_text=re.compile("^P104$")))
    assert rule.get_attribute("open") is not None
    assert "应写在" in rule.inner_text()
    wording = str(rule.locator("blockquote").first.text_content())
    rule.get_by_role("button", name="复制范文").first.click()
    rule.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == wording

    clerk.drop(("改稿.docx", as_word(corrected(copied))))
    page.wait_for_function("() => document.body.innerText.includes('和上一稿比')")
    block = page.locator(".corrected")
    assert "解决了" in block.inner_text()
    assert "P104" in block.locator(".resolved").inner_text()
    assert "W601" in block.locator(".remaining").inner_text()
    assert page.locator("details.rule.pass", has=page.locator(".id", has_text=re.compile("^P104$"))).count() == 1
    with page.expect_download() as got:
        page.get_by_role("link", name="带批注的副本").click()
    assert got.value.suggested_filename == "改稿-批注.docx"
    with zipfile.ZipFile(Path(got.value.path())) as archive:
        assert "word/comments.xml" in archive.namelist()
        assert "加强乡镇司法所建设" in archive.read("word/document.xml").decode()
    page.get_by_role("link", name="看上一稿").click()
    page.get_by_role("heading", name="不符合", level=1).wait_for()


def test_every_download_is_what_it_says(clerk: Clerk) -> None:
    page = clerk.page
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    wanted = {"整改清单": b"PK", "工作簿": b"PK", "网页": b"<!DOCTYPE html>", "带批注的副本": b"PK"}
    for name, first in wanted.items():
        with page.expect_download() as got:
            page.get_by_role("link", name=name).click()
        assert Path(got.value.path()).read_bytes().startswith(first), name
        assert got.value.suggested_filename.startswith("初稿-")


def test_several_files_and_an_archive_make_a_table(clerk: Clerk) -> None:
    page = clerk.page
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../甲镇/报告.txt", (SPECIMENS / "missing-problems.txt").read_bytes())
        archive.writestr("乙镇/报告.txt", (SPECIMENS / "passes-all.txt").read_bytes())
    clerk.drop(("初稿.docx", as_word(lacking())), ("一批.zip", packed.getvalue()), ("坏.pdf", b"%PDF-1.4 nothing"))
    page.wait_for_function("() => document.querySelectorAll('.row-of').length === 4")
    page.wait_for_function("() => document.querySelector('.rows').dataset.open === '0'")
    page.get_by_role("link", name="看汇总").click()
    assert page.locator(".ranking tbody tr").count() == 3
    assert "坏.pdf" in page.locator("section", has=page.locator("#unread")).inner_text()
    page.locator(".matrix .cell.fail").first.click()
    page.wait_for_url(re.compile(r"/files/.*#f1-r\d+"))
    page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")
    page.go_back()
    with page.expect_download() as got:
        page.get_by_role("link", name="工作簿").click()
    assert got.value.suggested_filename == "汇总-检查结果.xlsx"
    page.get_by_role("link", name="放文件").click()
    page.get_by_role("button", name="清除全部文件和结果").click()
    assert page.locator(".row-of").count() == 0


def test_profile_and_year_can_be_switched(clerk: Clerk) -> None:
    page = clerk.page
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    page.get_by_text("换清单、年度或单位层级").click()
    page.get_by_label("报告年度").fill("2017")
    page.get_by_role("button", name="重新检查").click()
    page.wait_for_function(
        "() => document.querySelector('.facts') && document.querySelector('.facts').innerText.includes('2017')"
    )
    rule = page.locator("details.rule", has=page.locator(".id", has_text=re.compile("^P104$")))
    assert "不适用" in rule.locator("summary").inner_text()


def test_hostile_names_and_texts_are_words(clerk: Clerk) -> None:
    page = clerk.page
    attack = "<script>document.title='x'</script><img src=http://127.0.0.1:9/ onerror=alert(1)>"
    text = (
        lacking()
        .replace("（一）部分乡镇依法行政能力偏弱。", f"（一）部分乡镇{attack}能力偏弱。")
        .replace("一、主要", f"一、{attack}主要")
    )
    clerk.drop((f"{attack.replace('/', '_')}.docx", as_word(text)), ("又一个.docx", as_word(lacking())))
    page.wait_for_function(
        "() => { const r = document.querySelector('.rows'); return r && r.children.length === 2 && r.dataset.open === '0' }"
    )
    page.locator(".row-of a", has_text="script").click()
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator("img").count() == 0
    assert page.title() != "x"
    assert "<script>" in page.locator(".report").inner_text()


def test_everything_works_in_english(clerk: Clerk) -> None:
    page = clerk.page
    page.goto(f"{clerk.site}/?lang=en")
    page.get_by_role("heading", name="Drop a report, see what is missing").wait_for()
    clerk.drop(("初稿.docx", as_word(lacking())))
    page.wait_for_url("**/files/*")
    assert page.locator("html").get_attribute("lang") == "en"
    for address in ("/", "/batch", "/rules", page.url[len(clerk.site) :]):
        page.goto(f"{clerk.site}{address}")
        left = page.evaluate(
            """() => { const found = []; const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) { const e = walk.currentNode.parentElement;
              if (/[\\u4e00-\\u9fff]/.test(walk.currentNode.data) && !e.closest('[lang="zh-CN"], script, .row-of .name, .path, .words'))
                found.push(walk.currentNode.data.trim()); } return found; }"""
        )
        assert left == [], address


def test_somebody_else_sees_nothing(browser: Browser, site: str, clerk: Clerk) -> None:
    clerk.drop(("初稿.docx", as_word(lacking())))
    clerk.page.wait_for_url("**/files/*")
    other = Clerk(browser, site)
    answer = other.page.goto(clerk.page.url)
    assert answer is not None
    assert answer.status == 404
    assert "初稿" not in other.page.content()
    other.complaints.clear()  # the browser notes the 404
    other.leave()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barrier_is_serious_and_nothing_is_cut_off(browser: Browser, site: str, size: dict[str, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    clerk = Clerk(browser, site, viewport=size)
    clerk.drop(("初稿.docx", as_word(lacking())), ("二.txt", (SPECIMENS / "passes-all.txt").read_bytes()))
    page = clerk.page
    page.wait_for_function(
        "() => { const r = document.querySelector('.rows'); return r && r.children.length === 2 && r.dataset.open === '0' }"
    )
    reading = str(page.locator(".row-of a").first.get_attribute("href"))
    for address in ("/", "/batch", "/rules", reading):
        page.goto(f"{site}{address}")
        found = axe.Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    clerk.asked = [u for u in clerk.asked if u.startswith(site)]
    clerk.leave()


def test_the_first_file_is_chosen_by_keyboard(clerk: Clerk) -> None:
    page: Page = clerk.page
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'file'"):
            break
    assert page.evaluate("document.activeElement.type === 'file'")
    payload: Any = {"name": "初稿.docx", "mimeType": "", "buffer": as_word(lacking())}
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(payload)
    page.wait_for_url("**/files/*")


def test_without_script_the_form_still_works(browser: Browser, site: str) -> None:
    clerk = Clerk(browser, site, java_script_enabled=False)
    clerk.drop(("初稿.docx", as_word(lacking())))
    clerk.page.get_by_role("button", name="上传并检查").click()
    clerk.page.get_by_role("heading", name="不符合", level=1).wait_for()
    clerk.leave()
