"""The generator of made-up reports: the same bytes from the same seed, a whole truth, defects that the rules find."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.defects import KINDS, NEED_SOURCE, NEED_TWO_YEARS, Case, Truth
from benchmarks.dice import Dice
from benchmarks.files import UNREADABLE, WRITERS, make_unreadable
from benchmarks.generate import Order, generate
from benchmarks.grammar import parse, read_grammar
from benchmarks.issues import matters_of_year, read_matters
from benchmarks.layout import Line, lay_out
from benchmarks.places import list_organs, place_name
from benchmarks.report import write_report
from tests.conftest import ROOT
from validator.errors import LoadError
from validator.loaders.table import load
from validator.result import FileResult
from validator.ruleset import RuleSet

Check = Callable[[str], FileResult]
ORGANS = list(list_organs(5, 0, 0))
MANDATORY = {"G001", "P101", "P102", "P103", "P104", "T301", "T302", "T303", "S901"}


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def truth_of(root: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (root / "truth.jsonl").read_text("utf-8").splitlines()]


def plant(kind: str, seed: int = 5) -> tuple[Truth, dict[int, str]]:
    """Return the truth about one planted organ, and the text of each year (the first file of it)."""
    years = 2 if kind in NEED_TWO_YEARS else 1
    organ, source = [o for o in ORGANS if len(o.years) == years and o.form in ("镇", "乡")][:2]
    case = Case(seed, organ, Dice(seed), 2023, source if kind in NEED_SOURCE else None)
    files = KINDS[kind](case)
    texts: dict[int, str] = {}
    for file in files:
        texts.setdefault(file.year, WRITERS[".txt"](file.lines).decode())
    return case.truth, texts


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        generate(tmp_path / name, Order(30, seed, planted=0.5, corrupt=0.1))
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    assert tree(tmp_path / "a") != tree(tmp_path / "c")


def test_these_are_the_bytes_of_every_python() -> None:
    dice = Dice(1, 2, 3)
    assert [dice.below(1000) for _ in range(5)] == [259, 35, 63, 316, 91]


def test_the_truth_names_every_file_that_is_not_clean(tmp_path: Path) -> None:
    summary = generate(tmp_path / "out", Order(40, 9, planted=0.5, corrupt=0.1))
    truth = truth_of(tmp_path / "out")
    reports = {str(p.relative_to(tmp_path / "out" / "reports")) for p in (tmp_path / "out" / "reports").rglob("*.*")}
    assert len(reports) == summary["count"] == 40
    assert sum(summary["kinds"].values()) == len(truth)
    for line in truth:
        assert {line.get("path"), line.get("other")} - {None} <= reports
        assert ("path" in line) == (line["kind"] != "not_submitted")
    named = [p for line in truth for p in (line.get("path"), line.get("other")) if p]
    assert len(named) == len(set(named))
    roster = (tmp_path / "out" / "roster.csv").read_text("utf-8-sig").splitlines()
    assert roster[0] == "单位,层级,地区,别名"
    assert len(roster) == summary["organs"] + 1


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("", "utf-8")
    with pytest.raises(FileExistsError):
        generate(tmp_path, Order(1, 1))


def test_the_rules_agree_with_what_is_planted(check: Check) -> None:
    for kind in ("missing_part", "missing_theme", "wrong_genre", "personal_data", "wrong_sum", "wrong_year"):
        truth, texts = plant(kind)
        result = check(texts[2023])
        found = {r.id: r.outcome for r in result.rules if r.outcome not in ("pass", "not_applicable")}
        assert truth["rules"].items() <= found.items(), kind
        assert {i for i in found if i in MANDATORY} == {i for i in truth["rules"] if i in MANDATORY}, kind


@pytest.mark.parametrize("index", [0, 1, -1])
def test_a_clean_report_passes(index: int, check: Check) -> None:
    text = WRITERS[".txt"](lay_out(write_report(5, ORGANS[index], 2023), 5)).decode()
    assert check(text).outcome == "pass"


def test_what_is_planted_across_years_and_organs_stands_there() -> None:
    truth, texts = plant("repeated_problem")
    assert all(truth["text"] in texts[year] for year in (2022, 2023))
    truth, texts = plant("plan_unmentioned")
    assert truth["text"] in texts[2022]
    rare = next(m.rare for m in read_matters() if m.name == truth["matter"])
    assert rare is not None
    assert not rare.search(texts[2023])
    truth, texts = plant("same_figures")
    assert len(truth["figures"]) == 3
    for figure in truth["figures"]:
        assert all(f"{figure['name']}{figure['value']}{figure['unit']}" in texts[y] for y in (2022, 2023))
    truth, texts = plant("copied_year")
    assert truth["share"] >= 0.4
    assert all(t in texts[2023] for t in truth["texts"])
    truth, texts = plant("copied_organ")
    assert len(truth["texts"]) >= 3
    assert all(t in texts[2023] for t in truth["texts"])


def test_every_problem_plan_and_deed_is_of_its_matter_and_planted_plans_of_no_other(ruleset: RuleSet) -> None:
    words = {m.name: re.compile(m.words) for m in ruleset.matters.matters if not m.broad}
    for matter in read_matters():
        thing = matter.things[0].text if matter.things else ""
        for production in (*matter.problems, *matter.answers, *matter.deeds):
            assert words[matter.name].search(production.text.replace("{=obj}", thing)), production.text
        if matter.rare is not None:
            named = {n for p in matter.answers for n, w in words.items() if w.search(p.text)}
            assert named == {matter.name}


STANDING = {
    "theory.must": "习近平法治思想",
    "enforce.must": "三项制度|执法公示",
    "pufa.must": "谁执法谁普法",
    "open.must": "公开",
    "duty.must2": "营商环境|放管服",
    "emergency.must": "应急",
    "dispute.must": "纠纷",
}


def test_every_report_takes_up_what_every_plan_may_have() -> None:
    grammar = read_grammar()
    for symbol, words in STANDING.items():
        assert all(re.search(words, p.text) for p in grammar[symbol]), symbol
    topics = re.compile("|".join(STANDING.values()))
    assert all(topics.search(p.text) for p in grammar["plan.standing"])


def test_every_slot_leads_somewhere() -> None:
    grammar = read_grammar()
    used = {s for productions in grammar.values() for p in productions for s in re.findall(r"\{([a-z.]+\d?)\}", p.text)}
    assert used <= set(grammar)
    assert parse("甲{2-3}次{乙|丙{where}}").slots[1] == (2, 3)


def test_no_matter_comes_back_the_year_after() -> None:
    names = [m.name for year in (2021, 2022, 2023) for m in matters_of_year(1, 1, year)]
    assert len(names) == len(set(names))


def test_names_are_given_once() -> None:
    names = [place_name(n) for n in range(6000)]
    assert len(set(names)) == len(names)
    assert len({(o.region, o.name) for o in ORGANS}) == len(ORGANS)


@pytest.mark.parametrize("how", [h for h, ending in UNREADABLE.items() if ending == ".docx"])
def test_broken_files_cannot_be_loaded(how: str) -> None:
    lines = [Line("云溪镇人民政府2023年度法治政府建设情况报告", 9)] * 40
    with pytest.raises(LoadError):
        load(f"x{UNREADABLE[how]}", make_unreadable(how, Dice(1), lines))
    assert load("x.docx", WRITERS[".docx"](lines)).text.count(lines[0].text) == 40


def test_files_stay_short() -> None:
    for path in (ROOT / "benchmarks").rglob("*.*"):
        if path.suffix in (".py", ".txt"):
            assert path.read_text("utf-8").count("\n") <= 400, path
