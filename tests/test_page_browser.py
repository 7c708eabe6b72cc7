"""The HTML page in a browser, as a person works it: filters, the way to the text and back, keyboard, barriers, print."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from tests.test_page import specimen
from tests.test_reporters import WAIVER, run
from validator.engine import Engine, unreadable
from validator.language import Language
from validator.reporters.page import Served, read_script, read_style, render_page
from validator.result import FileResult, RunResult

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="没有装 chromium")]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 800}


class Visit:
    """A page opened from a file, with everything it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, result: RunResult, language: Language = "zh", **more: Any) -> None:
        path.write_text(render_page(result, language=language), "utf-8")
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(**more)
        self.page = self.context.new_page()
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(path.as_uri())

    def leave(self) -> None:
        self.context.close()
        assert len(self.asked) == 1
        assert not self.complaints


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有装 playwright")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def lacking(engine: Engine) -> RunResult:
    return run(specimen(engine, "missing-measures.txt"))


@pytest.fixture(scope="module")
def several(engine: Engine) -> RunResult:
    waived = specimen(engine, "missing-plan.txt", "docx")
    rules = tuple(replace(r, waiver=WAIVER) if r.outcome == "fail" else r for r in waived.rules)
    broken = unreadable(engine, "坏.pdf", None, "打不开。")
    pdf = specimen(engine, "running-text.txt", "pdf")
    return run(replace(waived, rules=rules, outcome="pass"), broken, pdf, specimen(engine, "passes-all.txt"))


def shown(page: Page) -> int:
    return int(page.locator(".item:visible").count())


def in_view(page: Page, anchor: str) -> bool:
    """Whether a place is inside the window, inside the box that scrolls it, and not covered."""
    return bool(
        page.evaluate(
            """id => { const b = document.getElementById(id).getBoundingClientRect();
            const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
            return b.top >= 0 && b.bottom <= innerHeight && !!at && (at.id === id || !!at.closest('#' + id)); }""",
            anchor,
        )
    )


def focused(page: Page) -> str:
    """Return the anchor of what has the focus; a rule has it in its summary."""
    return str(page.evaluate("(document.activeElement.id || document.activeElement.parentElement.id)"))


def test_filters_narrow_the_checklist_and_say_so(browser: Browser, lacking: RunResult, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "a.html", lacking, viewport=WIDE)
    page, rules = visit.page, lacking.files[0].rules
    count = page.get_by_role("status")
    assert shown(page) == len(rules)
    assert count.inner_text() == f"显示全部{len(rules)}项"
    page.get_by_role("checkbox", name="只看要处理的").check()
    todo = [r for r in rules if r.outcome in ("fail", "review")]
    assert shown(page) == len(todo)
    assert count.inner_text() == f"显示{len(todo)}项，共{len(rules)}项（只看要处理的）"
    page.get_by_text("按分量、结果或部分筛选").click()
    page.get_by_role("checkbox", name="必备项").check()
    page.get_by_role("checkbox", name="需复核").check()
    assert shown(page) == sum(1 for r in todo if r.severity == "error" and r.outcome == "review")
    page.get_by_role("button", name="取消筛选").click()
    page.get_by_role("checkbox", name="第一责任人").check()
    assert shown(page) == sum(1 for r in rules if r.id.startswith("F"))
    assert page.locator(".part-of-list:visible").count() == 1
    page.get_by_role("checkbox", name="质量提示").check()
    page.get_by_role("checkbox", name="必备部分").check()
    page.get_by_role("checkbox", name="需复核").check()
    assert page.locator(".nothing").is_visible() == (shown(page) == 0)
    visit.leave()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_a_finding_to_its_words_and_back(
    browser: Browser, lacking: RunResult, tmp_path: Path, size: dict[str, int]
) -> None:
    visit = Visit(browser, tmp_path / "a.html", lacking, viewport=size)
    page = visit.page
    links = page.locator(".finding a.place:visible")
    assert links.count() > 5
    for index in range(0, links.count(), 3):
        link = links.nth(index)
        target = str(link.get_attribute("href"))[1:]
        rule = str(link.evaluate("x => x.closest('.rule').id"))
        link.click()
        page.wait_for_function("id => document.activeElement.id === id", arg=target)
        assert in_view(page, target)
        page.locator(f"#{target}").click()
        page.wait_for_function("id => document.activeElement.parentElement.id === id", arg=rule)
        assert in_view(page, rule) or page.locator(f"#{rule} > summary").is_visible()
    mark = page.locator("mark.review[data-marks]").first
    mark.click()
    page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")
    visit.leave()


def test_a_link_to_a_hidden_rule_shows_it(browser: Browser, lacking: RunResult, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "a.html", lacking, viewport=WIDE)
    page = visit.page
    page.get_by_role("checkbox", name="只看要处理的").check()
    tag = page.locator(".tag.evidence").first
    rule = str(tag.get_attribute("href"))[1:]
    tag.click()
    page.wait_for_function("id => document.activeElement.parentElement.id === id", arg=rule)
    assert shown(page) == len(lacking.files[0].rules)
    assert page.locator(f"#{rule}").get_attribute("open") is not None
    visit.leave()


def test_the_model_wording_is_copied(browser: Browser, lacking: RunResult, tmp_path: Path) -> None:
    visit = Visit(
        browser, tmp_path / "a.html", lacking, viewport=WIDE, permissions=["clipboard-read", "clipboard-write"]
    )
    page = visit.page
    button = page.get_by_role("button", name="复制范文").first
    wording = button.evaluate("x => x.parentElement.querySelector('blockquote').textContent")
    button.click()
    page.get_by_role("button", name="已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == wording
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name="已复制").wait_for(state="detached")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    page.locator("button.copy").first.click()
    page.get_by_role("button", name="已复制").first.wait_for()
    page.evaluate("delete navigator.clipboard")
    assert page.evaluate("navigator.clipboard.readText()").splitlines() == wording.splitlines()
    visit.leave()


def test_everything_can_be_done_by_keyboard(browser: Browser, lacking: RunResult, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "a.html", lacking, viewport=WIDE)
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'main'")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.filter === 'todo'"):
            break
    page.keyboard.press("Space")
    assert shown(page) < len(lacking.files[0].rules)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.finding a.place')"):
            break
    target = str(page.evaluate("document.activeElement.hash"))[1:]
    page.keyboard.press("Enter")
    page.wait_for_function("id => document.activeElement.id === id", arg=target)
    assert in_view(page, target)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.tagName === 'SUMMARY'")
    was_open = page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is not was_open
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    visit.leave()


@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "zh"), ("light", "en")])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("which", ["lacking", "several"])
def test_no_barriers(
    browser: Browser,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    size: dict[str, int],
    scheme: str,
    language: Language,
    which: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="没有装 axe-playwright-python")
    result = request.getfixturevalue(which)
    visit = Visit(browser, tmp_path / "a.html", result, language, viewport=size, color_scheme=scheme, bypass_csp=True)
    page = visit.page
    page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in ("serious", "critical")]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    visit.leave()


def test_without_the_script_everything_is_there(browser: Browser, lacking: RunResult, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "a.html", lacking, viewport=WIDE, java_script_enabled=False)
    assert visit.page.locator(".item:visible").count() == len(lacking.files[0].rules)
    assert not visit.page.locator(".filters:visible, button:visible").count()
    link = visit.page.locator(".finding a.place:visible").last
    target = str(link.get_attribute("href"))
    link.click()
    assert visit.page.url.endswith(target)
    visit.leave()


def test_an_overview_leads_to_each_file(browser: Browser, several: RunResult, tmp_path: Path) -> None:
    visit = Visit(browser, tmp_path / "a.html", several, viewport=WIDE)
    page = visit.page
    for number in (3, 1):
        page.locator(f"table a[href='#f{number}']").click()
        page.wait_for_function("id => document.activeElement.parentElement.id === id", arg=f"f{number}")
        assert page.locator(f"#f{number}").get_attribute("open") is not None
    visit.leave()


POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What the server of the page sends with it."""


@pytest.mark.parametrize(
    ("language", "copy", "copied", "todo", "all_"),
    [
        ("zh", "复制范文", "已复制", "只看要处理的", "显示全部{}项"),
        ("en", "Copy wording", "Copied", "Only what needs attention", "All items shown: {}"),
    ],
)
def test_a_served_page_works_under_the_policy_of_the_server(
    browser: Browser, lacking: RunResult, language: Language, copy: str, copied: str, todo: str, all_: str
) -> None:
    served = Served(("/page.css",), ("/page.js",), "<nav><a href='/'>首页</a></nav>")
    files = {
        "/": ("text/html", render_page(lacking, served=served, language=language)),
        "/page.css": ("text/css", read_style()),
        "/page.js": ("text/javascript", read_script()),
    }
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url.removeprefix("http://localhost"))
        kind, body = files[asked[-1]]
        route.fulfill(body=body, headers={"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": POLICY})

    context.route("**/*", answer)
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto("http://localhost/")
    count = len(lacking.files[0].rules)
    assert page.get_by_role("status").inner_text() == all_.format(count)
    assert page.evaluate("getComputedStyle(document.querySelector('.columns')).display") == "grid"
    page.get_by_role("button", name=copy).first.click()
    page.get_by_role("button", name=copied).first.wait_for()
    page.get_by_role("checkbox", name=todo).check()
    assert shown(page) == sum(1 for r in lacking.files[0].rules if r.outcome in ("fail", "review"))
    said = page.get_by_role("status").inner_text()
    assert todo in said
    assert "{" not in said
    assert (asked, complaints) == (["/", "/page.css", "/page.js"], [])
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_printed_page_is_whole(browser: Browser, several: RunResult, tmp_path: Path, script: bool) -> None:
    visit = Visit(browser, tmp_path / "a.html", several, viewport=WIDE, java_script_enabled=script)
    if script:
        visit.page.get_by_role("checkbox", name="只看要处理的").check()
    target = tmp_path / "a.pdf"
    visit.page.pdf(path=str(target), prefer_css_page_size=True)
    with pdfium.PdfDocument(target) as pdf:
        assert 10 < len(pdf) < 60
        assert [round(x) for x in pdf.get_page_size(0)] in ([595, 842], [596, 842])
        printed = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    for file in several.files:
        assert_printed(file, printed)
    assert "只看要处理的" not in printed
    visit.leave()


def assert_printed(file: FileResult, printed: str) -> None:
    for rule in () if file.errors else file.rules:
        assert f"{rule.id}{''.join(rule.title.split())}" in printed
        for said in (rule.reason, *(f.message for f in rule.findings), *(f.suggestion for f in rule.findings)):
            assert not said or "".join(said.split())[:20] in printed
    plain = re.sub(r"[A-Z]\d{3}[✗?–]?|第\d+页", "", printed)
    for line in file.text or ():
        assert "".join(line.text.split())[-4:] in plain
