"""The reference site: built without a warning, whole, without barriers, and quiet towards the network."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from lxml import etree

from tests.conftest import ROOT, shipped_rules
from tests.test_rulebook import hostile_rules
from validator.engine import describe_basis
from validator.reporters import words
from validator.rulebook.how import NEVER_FAIL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.slow
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="没有装 chromium")
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}
KINDS = (
    "index",
    "rules/index",
    "rules/P103",
    "rules/sources",
    "start/office",
    "settings",
    "json",
    "serving",
    "formats",
)
"""One page of each kind: prose, index, rule, commands with output, tables, code."""


def build(folder: Path, **environment: str) -> Path:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="没有装 mkdocs")
    return build(tmp_path_factory.mktemp("site") / "说明")


def parse(path: Path) -> Any:
    return etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))


def said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_rule_has_a_page_with_all_that_is_to_be_known(site: Path) -> None:
    for rule in shipped_rules().rules:
        tree = parse(site / "rules" / f"{rule.id}.html")
        [article] = tree.xpath("//article")
        text = said(article)
        assert said(article.xpath("./h1 | ./div/h1")[0]).startswith(f"{rule.id} {rule.title}")
        for words_of_rule in (rule.rationale, rule.expected, words.SEVERITY_WORDS[rule.severity]):
            assert words_of_rule in text
        for basis in describe_basis(shipped_rules(), rule):
            assert words.describe_basis(basis) in text
        assert (rule.message.fail in text) == (rule.check.kind not in NEVER_FAIL)
        examples = (*rule.examples.passing, *rule.examples.failing, *rule.examples.near_miss)
        quoted = [q.text for q in article.xpath(".//blockquote")]
        assert quoted == [rule.wording.strip(), *(e.text.strip() for e in examples)]
        assert all(" ".join(e.why.split()) in text for e in examples if e.why)


def test_the_index_and_the_navigation_have_every_rule_in_order(site: Path) -> None:
    tree = parse(site / "rules" / "index.html")
    ids = [r.id for r in shipped_rules().rules]
    assert [said(a) for a in tree.xpath("//article//td/a")] == ids
    names = [said(a).partition(" ")[0] for a in tree.xpath("//nav[contains(@class, 'md-nav--primary')]//a[@href]")]
    assert [n for n in names if n in ids] == ids


def test_english_pages_say_so(site: Path) -> None:
    assert parse(site / "architecture.html").xpath("//h1[ancestor::*[@lang][1]/@lang='en']")
    assert parse(site / "index.html").xpath("//h1[ancestor::*[@lang][1]/@lang='zh']")


def test_the_same_bytes_every_time(site: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "again", PYTHONHASHSEED="1")
    files = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [f for f in files if (site / f).read_bytes() != (again / f).read_bytes()] == []
    assert [f for f in files if str(ROOT).encode() in (site / f).read_bytes()] == []


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="没有装 mkdocs")
    for name in ("docs", "reference"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("rules", "validator", "benchmarks", "fixtures", *(p.name for p in ROOT.glob("*.md"))):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    page = tmp_path / "docs" / "index.md"
    page.write_text(page.read_text("utf-8") + "\n[x](nowhere.md) [y](exit-codes.md#nowhere)\n", "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "nowhere.md" in done.stderr
    assert "#nowhere" in done.stderr


def test_nothing_of_a_rule_file_is_taken_for_markup() -> None:
    markdown = pytest.importorskip("markdown", reason="没有装 mkdocs")
    from reference.rules import write_rule_pages

    evil = (
        "<script>alert(1)</script>[a](javascript:b) `c` *d* <img src=x onerror=e>&lt;{{ 7*7 }}{: #f onclick=g }\n\n# h\n"
        '```\n</blockquote></ul><div markdown="1">\n- i'
    )
    rules = hostile_rules(evil)
    extensions = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "def_list"]
    for name, text in write_rule_pages(rules, rules).items():
        tree = etree.fromstring(markdown.markdown(text, extensions=extensions), etree.HTMLParser())
        assert not tree.xpath("//script | //img | //@onerror | //@onclick | //em | //h1/* | //h2/*")
        assert not tree.xpath("//a[starts-with(@href, 'javascript')]")
        [title] = tree.xpath("//h1")
        rule_id = name.removeprefix("rules/").removesuffix(".md")
        if any(r.id == rule_id for r in rules.rules):
            assert said(title) == f"{rule_id} {' '.join(evil.split())}"
            assert [q.text for q in tree.xpath("//blockquote")].count(evil) >= 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有装 playwright")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module", params=["folder", "server"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where the site is read: by double click, and from a server."""
    if request.param == "folder":
        yield site.as_uri()
        return
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def visit(browser: Browser, url: str, **more: Any) -> tuple[Page, list[str], list[str]]:
    """Open a page, and return it with all that it asks for and all that it complains of."""
    opened = browser.new_context(**more).new_page()
    asked: list[str] = []
    complaints: list[str] = []
    opened.on("request", lambda r: asked.append(r.url))
    opened.on("console", lambda m: complaints.append(m.text))
    opened.on("pageerror", lambda e: complaints.append(str(e)))
    opened.goto(url, wait_until="load")
    return opened, asked, complaints


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barriers(browser: Browser, site: Path, size: Any, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="没有装 axe-playwright-python")
    found: list[tuple[str, ...]] = []
    for name in KINDS:
        url = f"{site.as_uri()}/{name}.html"
        opened, _, complaints = visit(browser, url, viewport=size, color_scheme=scheme, bypass_csp=True)
        found += [(name, said_of_it) for said_of_it in complaints]
        violations = axe.Axe().run(opened, options={"preload": False}).response["violations"]
        found += [
            (name, v["id"], v["impact"], n["html"][:160], n["any"][0]["message"] if n["any"] else "")
            for v in violations
            if v["impact"] in ("serious", "critical")
            for n in v["nodes"]
        ]
        if opened.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append((name, "wider than the window"))
        opened.context.close()
    assert found == []


@needs_browser
def test_every_request_stays_here(browser: Browser, site: Path, address: str) -> None:
    pages = [f"{name}.html" for name in KINDS]
    if address.startswith("file:"):
        pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if p.name != "404.html")
        assert len(pages) > 60
    opened, asked, complaints = visit(browser, f"{address}/index.html", viewport=WIDE)
    for name in pages:
        opened.goto(f"{address}/{name}", wait_until="load")
    assert len(asked) > len(pages)
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", "about:"))] == []
    assert complaints == []
    opened.context.close()


@needs_browser
def test_the_browser_is_told_to_fetch_nothing_from_elsewhere(browser: Browser, address: str) -> None:
    opened, _, complaints = visit(browser, f"{address}/rules/P103.html")
    failed: list[str | None] = []
    opened.on("requestfailed", lambda r: failed.append(r.failure))
    opened.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/a.png'}))")
    opened.wait_for_timeout(200)
    assert any("Content Security Policy" in c and "elsewhere.example" in c for c in complaints)
    assert failed == ["csp"]
    opened.context.close()


@needs_browser
@pytest.mark.parametrize(
    ("typed", "first"),
    [("第一责任人", "P103 "), ("三项制度", "D321 "), ("个人信息", "S901 "), ("P113", "P113 "), ("退出码", "退出码")],
)
def test_the_search_finds_the_page_that_is_meant(browser: Browser, address: str, typed: str, first: str) -> None:
    opened, _, complaints = visit(browser, f"{address}/index.html", viewport=WIDE)
    box = opened.locator("input.md-search__input")
    box.fill(typed)
    box.press("End")
    results = opened.locator(".md-search-result__item h1")
    results.first.wait_for()
    assert results.first.inner_text().startswith(first)
    assert results.count() < 20
    assert complaints == []
    opened.context.close()


@needs_browser
def test_a_printed_rule_is_the_rule_and_nothing_else(browser: Browser, site: Path, tmp_path: Path) -> None:
    rule = next(r for r in shipped_rules().rules if r.id == "P103")
    opened, _, _ = visit(browser, f"{site.as_uri()}/rules/P103.html", viewport=WIDE, color_scheme="dark")
    target = tmp_path / "a.pdf"
    opened.pdf(path=str(target), format="A4")
    opened.context.close()
    with pdfium.PdfDocument(target) as pdf:
        assert 1 <= len(pdf) <= 4
        text = "".join("".join(sheet.get_textpage().get_text_bounded().split()) for sheet in pdf)
        ground = pdf[0].render().to_pil().getpixel((5, 5))
    assert ground == (255, 255, 255)
    assert "".join(rule.rationale.split()) in text
    assert str(rule.examples.near_miss[-1].why) in text
    assert "T309" not in text
    assert "搜索" not in text
