"""What the pages answer without a browser: forms without script, sentences in both languages, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import SPECIMENS, shipped_rules
from tests.web_client import ADDRESS, FORM_TYPE, InlineDesk, ask, build_form
from validator.recipe import Recipe
from validator.web.app import create_app
from validator.web.config import WebConfig, WebLimits
from validator.web.desk import Died
from validator.web.uploads import Uploads
from validator.web.visits import Choice

OURS = {"Origin": ADDRESS, "Accept": "text/html"}
TEXT = (SPECIMENS / "missing-plan.txt").read_bytes()


@pytest.fixture(scope="module", autouse=True)
def _one_rule_set() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("validator.web.app.load_ruleset", lambda *_, **__: shipped_rules())
        yield


def app(**limits: int) -> FastAPI:
    return create_app(WebConfig(limits=WebLimits(**limits)), InlineDesk())


def post(*names: str, accept: str = "text/html", **fields: str) -> tuple[str, str, dict[str, Any]]:
    body = build_form([(n, TEXT) for n in names], fields)
    return "POST", "/files", {"content": body, "headers": {**OURS, "Content-Type": FORM_TYPE, "Accept": accept}}


def get(path: str) -> tuple[str, str, dict[str, Any]]:
    return "GET", path, {"headers": OURS}


def ask_all(application: FastAPI, *requests: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    return ask(application, *requests, lives=True)


def test_what_a_form_without_script_chooses_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Choice] = []

    def choose(recipe: Recipe, choice: Choice) -> Recipe:
        chosen.append(choice)
        return recipe

    monkeypatch.setattr("validator.web.pages.choose", choose)
    desk = InlineDesk()
    desk.refuses = [Died(), Died()]
    ask_all(
        create_app(WebConfig(), desk),
        get("/"),
        post("甲.txt", profile="statutory", year="2017", level="township"),
        post("乙.txt", profile="none", year="1990", level="none"),
        get("/"),
    )
    assert chosen == [Choice("statutory", 2017, "township"), Choice("default", None, None)]


def test_a_refused_upload_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    monkeypatch.setattr(Uploads, "discard", lambda _, upload: gone.append(upload.name))
    answers = ask_all(app(files_per_visit=1), get("/"), post("甲.txt", "乙.txt", "丙.txt", accept="application/json"))
    assert answers[-1].status_code == 400
    assert answers[-1].json() == {"detail": "放进来的文件超过1个，请先清除一些。"}
    assert gone[:2] == ["乙.txt", "丙.txt"]


def test_sentences_are_in_the_language_of_the_page() -> None:
    answers = ask_all(app(files_per_visit=1), get("/?lang=en"), post("甲.txt", "乙.txt", accept="application/json"))
    assert answers[-1].json() == {"detail": "More than 1 files; please clear some first."}
    assert "at the latest 60 minutes" in answers[0].text


def test_the_link_to_the_other_language_keeps_what_was_asked_for() -> None:
    (rules,) = ask_all(app(), get("/rules?profile=statutory&lang=en"))
    assert 'href="?profile=statutory&amp;lang=zh"' in rules.text


def test_who_has_no_mark_of_a_visit_learns_why_nothing_is_there() -> None:
    strange, _, gone = ask_all(app(), get("/files/x"), get("/"), get("/files/x"))
    assert (strange.status_code, gone.status_code) == (404, 404)
    assert "Cookie" in strange.text
    assert "放久了自动删掉" in gone.text


def test_the_list_alone_offers_a_visit() -> None:
    (listed,) = ask_all(app(), get("/list"))
    assert "fazhi-visit=" in listed.headers["set-cookie"]
