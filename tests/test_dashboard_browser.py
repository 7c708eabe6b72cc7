"""The dashboard in a browser, as a person works it: choosing, sorting, one report, keyboard, barriers, print."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from tests.audit_files import build_audit
from validator.audit.exports.dashboard import write_dashboard
from validator.audit.exports.dashboard.tally import rank
from validator.audit.read import Audit
from validator.audit.records import FileRow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="没有装 chromium")]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 800}
ZOOMED = {"width": 640, "height": 400}
"""A window of 1,280 pixels at 200 %."""


class Visit:
    """A page opened from a file, with everything it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, **more: Any) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(**{"viewport": WIDE, **more})
        self.page = self.context.new_page()
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(path.as_uri())

    def leave(self, pages: int = 1) -> None:
        self.context.close()
        assert len(self.asked) == pages
        assert not self.complaints


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有装 playwright")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_audit(tmp_path_factory.mktemp("audit"))


@pytest.fixture(scope="module")
def files(folder: Path) -> list[FileRow]:
    with Audit(folder) as audit:
        return list(audit.files())


@pytest.fixture(scope="module")
def dashboard(folder: Path) -> Path:
    with Audit(folder) as audit:
        return write_dashboard(audit, folder).dashboard


def paths(page: Page) -> list[str]:
    return page.locator("#ranking .path").all_inner_texts()


def ranked(files: list[FileRow]) -> list[str]:
    return [f.path for f in sorted(files, key=rank)]


def test_the_ranking_is_chosen_and_says_so(browser: Browser, dashboard: Path, files: list[FileRow]) -> None:
    visit = Visit(browser, dashboard)
    page = visit.page
    count = page.locator("#count")
    due = [f for f in files if f.who.year == 2024]
    assert paths(page) == ranked(due)
    assert count.inner_text() == f"符合条件{len(due)}份，共{len(files)}份"
    page.get_by_role("combobox", name="层级", exact=True).select_option(label="部门")
    assert paths(page) == ranked([f for f in due if f.who.level == "department"])
    page.get_by_role("combobox", name="地区", exact=True).select_option(label="穗川县")
    assert paths(page) == ranked([f for f in due if f.who.level == "department" and f.who.region == "穗川县"])
    assert page.locator("#heat tbody tr").count() == page.locator("#ranking tbody tr").count() > 0
    page.get_by_role("button", name="取消筛选").click()
    page.get_by_role("combobox", name="年度", exact=True).select_option(label="全部")
    assert paths(page) == ranked(files)
    assert count.inner_text() == f"显示全部{len(files)}份"
    page.get_by_role("combobox", name="结论", exact=True).select_option("e")
    assert paths(page) == ranked([f for f in files if f.decided == "error"])
    page.get_by_role("button", name="取消筛选").click()
    page.get_by_role("searchbox", name="单位、路径").fill("岚溪 云溪")
    page.wait_for_function("() => document.querySelectorAll('#ranking tbody tr').length === 2")
    assert sorted(paths(page)) == [f.path for f in sorted(due, key=lambda f: f.path) if "云溪镇" in f.path]
    page.get_by_role("searchbox", name="单位、路径").fill("没有这样的单位")
    page.wait_for_function("() => !document.querySelector('#ranking tbody tr')")
    assert count.inner_text() == f"符合条件0份，共{len(files)}份"
    visit.leave()


def test_a_rule_leads_to_those_that_fail_it(browser: Browser, dashboard: Path, folder: Path) -> None:
    visit = Visit(browser, dashboard)
    page = visit.page
    with Audit(folder) as audit:
        failing = [f for f in audit.files(year=2024) if audit.outcomes_of(f.id)["P112"].decided == "fail"]
        changed = [f for f, o in audit.outcomes(year=2024) if o["T301"].outcome != o["T301"].decided]
    page.locator(".rates a", has_text="P112").click()
    assert paths(page) == ranked(failing)
    assert failing
    assert page.evaluate("document.activeElement.id") == "organs"
    page.locator("#rule").select_option(label="T301 行政执法“三项制度”")
    page.locator("#result").select_option("changed")
    assert paths(page) == ranked(changed)
    assert changed
    page.locator("#result").select_option("p")
    assert not set(paths(page)) & {f.path for f in changed}
    page.locator(".tile.review").click()
    assert page.locator("#outcome").input_value() == "r"
    page.locator(".groups a", has_text="2023").click()
    assert all(p.startswith("2023/") for p in paths(page))
    assert page.locator("#outcome").input_value() == ""
    visit.leave()


def test_sorting_by_every_column(browser: Browser, dashboard: Path, files: list[FileRow]) -> None:
    visit = Visit(browser, dashboard)
    page = visit.page
    due = [f for f in files if f.who.year == 2024]
    for name, column in (("warned", "warned"), ("doubts", "doubts")):
        page.locator(f"th[data-sort={name}] button").click()
        found = {f.path: getattr(f, column) for f in due}
        assert [found[p] for p in paths(page)] == sorted(found.values(), reverse=True)
        assert page.locator(f"th[data-sort={name}]").get_attribute("aria-sort") == "descending"
        page.locator(f"th[data-sort={name}] button").click()
        assert [found[p] for p in paths(page)] == sorted(found.values())
        assert page.locator(f"th[data-sort={name}]").get_attribute("aria-sort") == "ascending"
    assert page.locator("th[data-sort=failed]").get_attribute("aria-sort") == "none"
    visit.leave()


def test_the_heat_map_shows_every_outcome(browser: Browser, dashboard: Path, folder: Path) -> None:
    visit = Visit(browser, dashboard)
    page = visit.page
    marks = {"pass": "✓", "fail": "✗", "review": "?", "not_applicable": "–", "error": "!"}
    with Audit(folder) as audit:
        rules = audit.rules()
        wanted = {
            f.id: [marks[o[r.id].decided] if r.id in o else "" for r in rules] for f, o in audit.outcomes(year=2024)
        }
    shown = page.evaluate(
        "[...document.querySelectorAll('#heat tbody tr')].map(r => [...r.querySelectorAll('td')].map(c => c.textContent))"
    )
    assert sorted(shown) == sorted(wanted.values())
    page.locator("#which").select_option("error")
    must = [r.id for r in rules if r.severity == "error"]
    assert page.locator("#heat thead th:visible").all_inner_texts()[1:] == must
    assert page.locator("#heat tbody tr").first.locator("td").count() == len(must)
    page.locator("#which").select_option("bad")
    bad = [r.id for i, r in enumerate(rules) if any(row[i] in "✗?" and row[i] for row in wanted.values())]
    assert page.locator("#heat thead th:visible").all_inner_texts()[1:] == bad
    page.locator("#heat td.f").first.hover()
    assert "不通过" in page.locator("#readout").inner_text()
    visit.leave()


def test_one_report_opens_by_keyboard_and_leads_to_its_page_and_back(
    browser: Browser, dashboard: Path, folder: Path
) -> None:
    visit = Visit(browser, dashboard)
    page = visit.page
    with Audit(folder) as audit:
        file = audit.file("2024/岚溪县/芦浦街道.txt")
        assert file is not None
        outcomes = audit.outcomes_of(file.id)
    button = page.locator("#ranking button.plain", has_text="芦浦街道")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="芦浦街道办事处")
    dialog.wait_for()
    items = dialog.locator("li").all_inner_texts()
    assert len(items) == sum(o.decided in ("fail", "review") for o in outcomes.values())
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.textContent") == "芦浦街道办事处"
    page.keyboard.press("Enter")
    dialog.get_by_role("link").click()
    page.get_by_role("heading", name="批量审核补充").wait_for()
    assert page.url.endswith(f"pages/{file.id:06d}.html")
    page.get_by_role("link", name="回到审核总览").click()
    page.wait_for_url("**/index.html")
    visit.leave(pages=3)


def test_many_files_are_shown_in_pages(browser: Browser, dashboard: Path, tmp_path: Path) -> None:
    text = dashboard.read_text("utf-8")
    head, rest = text.split('{"files":[\n', 1)
    rows, tail = rest.split("\n],", 1)
    many = ",\n".join([rows] * 20)
    (tmp_path / "many.html").write_text(f'{head}{{"files":[\n{many}\n],{tail}', "utf-8")
    visit = Visit(browser, tmp_path / "many.html")
    page = visit.page
    assert page.locator("#ranking tbody tr").count() == 100
    assert page.locator("#heat tbody tr").count() == 50
    pager = page.get_by_role("navigation", name="排名翻页")
    first = paths(page)[0]
    pager.get_by_role("button", name="下一页").click()
    assert "第101到200份，共220份" in pager.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "下一页"
    pager.get_by_role("button", name="最后一页").click()
    assert page.locator("#ranking tbody tr").count() == 20
    assert page.evaluate("document.activeElement.textContent") == "第一页"
    page.keyboard.press("Enter")
    assert paths(page)[0] == first
    assert page.locator("#ranking tbody td.n").all_inner_texts()[0] == "1"
    visit.leave()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW, ZOOMED], ids=["wide", "narrow", "zoomed"])
@pytest.mark.parametrize("which", ["index.html", "pages/000005.html", "dialog"])
def test_no_barriers(browser: Browser, dashboard: Path, which: str, size: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="没有装 axe-playwright-python")
    path = dashboard if which == "dialog" else dashboard.parent / which
    visit = Visit(browser, path, viewport=size, color_scheme=scheme, bypass_csp=True)
    page = visit.page
    page.evaluate("document.querySelectorAll('details').forEach(x => { x.open = true; })")
    if which == "dialog":
        page.locator("#heat button.plain").first.click()
    found = axe.Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
    assert not serious
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    visit.leave()


def test_without_the_script_the_conclusion_the_charts_and_the_first_rows_are_there(
    browser: Browser, dashboard: Path, files: list[FileRow]
) -> None:
    visit = Visit(browser, dashboard, java_script_enabled=False)
    page = visit.page
    assert not page.locator("button:visible, select:visible, .scripted:visible, dialog:visible").count()
    assert "没有运行脚本" in page.locator("noscript").inner_text()
    assert paths(page) == ranked([f for f in files if f.who.year == 2024])
    assert page.locator("svg.stack:visible").count() > 50
    assert page.locator("svg.trend:visible").count() == 1
    assert page.locator("#heat td:visible").count() == 11 * 48
    visit.leave()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_printed_dashboard_is_whole(browser: Browser, dashboard: Path, tmp_path: Path, script: bool) -> None:
    visit = Visit(browser, dashboard, java_script_enabled=script)
    target = tmp_path / "a.pdf"
    visit.page.pdf(path=str(target), prefer_css_page_size=True)
    said = visit.page.locator("h1").inner_text()
    with pdfium.PdfDocument(target) as pdf:
        assert 5 < len(pdf) < 15
        sizes = {tuple(round(x) for x in pdf.get_page_size(i)) for i in range(len(pdf))}
        printed = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    assert {w > h for w, h in sizes} == {True, False}  # the heat map lies across
    for wanted in ("".join(said.split()), "松坳镇人民政府", "提高依法行政的能力和水平", "附件中有说明", "怎么查的"):
        assert wanted in printed
    assert "取消筛选" not in printed
    visit.leave()
