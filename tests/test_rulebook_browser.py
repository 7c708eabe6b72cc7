"""The checklist of rules in a browser: no barriers at any size, long words wrap, and it prints as one would file it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest

from tests.conftest import ROOT, shipped_rules
from tests.test_rulebook import hostile_rules, page
from validator.language import LANGUAGES, Language
from validator.rulebook import render_rulebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="没有装 chromium")]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 320, "height": 640}
"""As wide as a page of 1280 is at 400 %."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="没有装 playwright")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def visit(browser: Browser, path: Path, text: str, **more: Any) -> tuple[Page, list[str]]:
    """Open a page, and return it with all that it asked for or complained of."""
    path.write_text(text, "utf-8")
    opened = browser.new_context(**more).new_page()
    heard: list[str] = []
    opened.on("request", lambda r: heard.append(r.url))
    opened.on("console", lambda m: heard.append(m.text))
    opened.goto(path.as_uri())
    return opened, heard


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_barriers(browser: Browser, tmp_path: Path, language: Language, size: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="没有装 axe-playwright-python")
    text = page(language=language)
    opened, heard = visit(browser, tmp_path / "a.html", text, viewport=size, color_scheme=scheme, bypass_csp=True)
    found = axe.Axe().run(opened).response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] != "minor"] == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert len(heard) == 1
    opened.context.close()


def test_long_words_wrap(browser: Browser, tmp_path: Path) -> None:
    text = render_rulebook(hostile_rules("x" * 600))
    opened, _ = visit(browser, tmp_path / "a.html", text, viewport=NARROW)
    assert opened.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    opened.context.close()


def test_the_contents_lead_to_each_rule(browser: Browser, tmp_path: Path) -> None:
    opened, heard = visit(browser, tmp_path / "a.html", page(), viewport=WIDE)
    for rule in ("G001", "T308", "H702"):
        opened.locator(f"nav a[href='#{rule}']").click()
        top = opened.evaluate("id => document.getElementById(id).getBoundingClientRect().top", rule)
        assert 0 <= top < WIDE["height"]
    assert len(heard) == 1
    assert not opened.locator(".box:visible").count()
    opened.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_checklist(browser: Browser, tmp_path: Path, language: Language) -> None:
    opened, _ = visit(browser, tmp_path / "a.html", page(language=language), viewport=WIDE)
    opened.emulate_media(media="print")
    rules = shipped_rules().rules
    assert opened.locator(".box:visible").count() == 2 * len(rules)
    target = tmp_path / "a.pdf"
    opened.pdf(path=str(target), prefer_css_page_size=True)
    opened.context.close()
    with pdfium.PdfDocument(target) as pdf:
        assert 15 < len(pdf) < 45
        assert [round(x) for x in pdf.get_page_size(0)] in ([595, 842], [596, 842])
        sheets = ["".join(sheet.get_textpage().get_text_bounded().split()) for sheet in pdf]
    must = [r for r in rules if r.severity == "error"]
    hints = [r for r in rules if r.severity != "error"]
    for sheet, listed in zip(sheets, (must, hints), strict=False):
        assert [r.id for r in rules if r.id in sheet] == [r.id for r in listed]
    for rule in rules:
        first, last = (
            "".join(text.split())[:16] for text in (rule.rationale, rule.examples.near_miss[-1].text.splitlines()[0])
        )
        assert [
            s for s in sheets[2:] if f"{rule.id}{''.join(rule.title.split())[:8]}" in s and first in s and last in s
        ]


def test_another_process_writes_the_same_bytes() -> None:
    written = {
        subprocess.run(
            [sys.executable, "-m", "validator", "rules", "doc"],
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert written == {page().encode()}
