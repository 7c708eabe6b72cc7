"""The checklist as a page: every rule is on it, nothing of a pattern is, and every word of a rule file is escaped."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, get_args

import pytest
import yaml
from lxml import etree
from pydantic import TypeAdapter

from tests.conftest import shipped_rules
from validator.engine import _out_of_force, build_engine, describe_basis
from validator.kinds import Check, Data, GenreCheck
from validator.language import LANGUAGES, Language
from validator.law import read_coverage
from validator.options import CheckOptions
from validator.reporters import words
from validator.reporters.page.render import Served
from validator.rule import Applies, Rule
from validator.rulebook import render_rulebook
from validator.rulebook.how import EXPLAINED, NEVER_FAIL, explain_check
from validator.rulebook.sayings import Saying, listed
from validator.rulebook.when import counting_sources, tell_limits, tell_years, years_of
from validator.ruleset import RuleSet, load_ruleset

KINDS: tuple[type[Data], ...] = get_args(get_args(Check)[0])
_HAN = re.compile("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
_META = re.compile(r"[\\|*+?^$\[({]")


@cache
def profile(name: str) -> RuleSet:
    return shipped_rules() if name == "default" else load_ruleset(profile=name)


@cache
def page(name: str = "default", language: Language = "zh") -> str:
    return render_rulebook(profile(name), coverage=read_coverage(profile(name)), language=language)


def parse(text: str) -> Any:
    return etree.fromstring(text, etree.HTMLParser())


def said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def kind_of(model: type[Data]) -> str:
    return str(get_args(model.model_fields["kind"].annotation)[0])


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *strings(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def test_every_kind_has_words_for_how_it_is_checked() -> None:
    assert set(EXPLAINED) == {kind_of(k) for k in KINDS}


def test_kinds_that_never_fail_are_those_that_say_so() -> None:
    assert {kind_of(k) for k in KINDS if "Fails: never" in (k.__doc__ or "")} == NEVER_FAIL


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_a_kind_is_explained_in_both_languages_without_its_patterns(kind: type[Data]) -> None:
    example = yaml.safe_load(textwrap.dedent((kind.__doc__ or "").split("Example::")[1]))
    check = TypeAdapter(Check).validate_python(example)
    rule = shipped_rules().rules[1].model_copy(update={"check": check})
    for sentence in explain_check(rule, shipped_rules()):
        chinese, english = (sentence.pieces(language) for language in LANGUAGES)
        assert not re.search("[A-Za-z]{2,}", "".join(p.words for p in chinese if not p.quoted))
        assert not _HAN.search("".join(p.words for p in english if not p.quoted))
        assert [p.words for p in chinese if p.quoted] == [p.words for p in english if p.quoted]
        assert not any(_META.search(p.words) for p in (*chinese, *english) if p.quoted)


def test_words_of_a_rule_are_put_in_once() -> None:
    sentence = Saying("先看{a}，再看{b}。", "{b} after {a}.", {"a": "{b}", "b": "乙"})
    assert "".join(p.words for p in sentence.pieces("zh")) == "先看{b}，再看乙。"
    assert "".join(p.words for p in sentence.pieces("en")) == "乙 after {b}."
    assert listed(["甲", "乙", "甲", "丙"], 2) == "甲、乙等3种"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["default", "statutory"])
def test_every_rule_is_on_the_page(name: str, language: Language) -> None:
    tree = parse(page(name, language))
    for rule in profile(name).rules:
        [entry] = tree.xpath(f"//article[@id='{rule.id}']")
        text = said(entry)
        assert f"{rule.id} {rule.title}" in text
        assert rule.rationale in text
        assert rule.expected in text
        for basis in describe_basis(profile(name), rule):
            assert words.describe_basis(basis) in text
        assert (rule.message.fail in text) == (rule.check.kind not in NEVER_FAIL)
        examples = (*rule.examples.passing, *rule.examples.failing, *rule.examples.near_miss)
        assert [q.text for q in entry.xpath(".//*[@class='cases']//blockquote")] == [e.text.strip() for e in examples]
        assert [q.text for q in entry.xpath(".//*[@class='model']//blockquote")] == [rule.wording.strip()]
        assert all(" ".join(e.why.split()) in text for e in examples if e.why)


@pytest.mark.parametrize("name", ["default", "statutory"])
def test_mandatory_rules_stand_apart_in_the_order_of_the_checklist(name: str) -> None:
    tree = parse(page(name))
    rules = profile(name).rules
    must = [r.id for r in rules if r.severity == "error"]
    hints = [r.id for r in rules if r.severity != "error"]
    for found in (tree.xpath("//nav//table"), tree.xpath("//section[@class='division'][.//article]")):
        ids = [[said(x) for x in part.xpath(".//td[@class='rule-id'] | .//h4/span[@class='id']")] for part in found]
        assert ids == [must, hints]
    assert len(tree.xpath("//nav//td/span[@class='box']")) == len(rules)
    assert len(tree.xpath("//h4/span[@class='box']")) == len(rules)
    targets = {x.get("id") for x in tree.xpath("//*[@id]")}
    assert {a.get("href")[1:] for a in tree.xpath("//a")} <= targets
    assert f"必备项{len(must)}条" in said(tree.xpath("//header")[0])


def test_how_sure_a_clause_is_can_be_seen() -> None:
    tree = parse(page())
    for rule in shipped_rules().rules:
        unsure = [b for b in describe_basis(shipped_rules(), rule) if b.source_status != "verified"]
        marks = tree.xpath(f"//article[@id='{rule.id}']//*[@class='unsure']")
        assert [m.text for m in marks] == [
            {"unverified": "条文未核实", "restated": "文字据转述"}[b.source_status] for b in unsure
        ]
    assert "参照执行的单位：街道、开发区、片区。" in said(tree.xpath("//article[@id='P101']")[0])


def test_what_may_not_be_waived_is_said() -> None:
    tree = parse(page())
    fixed = [a.get("id") for a in tree.xpath("//article") if "不能豁免。" in said(a)]
    assert fixed == ["G001", "S901"]


def test_no_pattern_of_a_rule_file_is_shown() -> None:
    patterns = {s for r in shipped_rules().rules for s in strings(r.check.model_dump()) if _META.search(s)}
    assert len(patterns) > 200
    for language in LANGUAGES:
        text = said(parse(page(language=language)).xpath("//body")[0])
        assert not [p for p in patterns if p in text]
        assert not re.search(r"\(\?|\\d|\{[a-z_]+\}", text)


def test_the_english_page_has_chinese_only_where_it_is_marked() -> None:
    tree = parse(page(language="en"))
    assert tree.get("lang") == "en"
    stray = []
    for element in tree.iter(etree.Element):
        own = element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)")
        outer = element.getparent().xpath("string(ancestor-or-self::*[@lang][1]/@lang)") if element.tail else "en"
        stray += [element.text] if own == "en" and _HAN.search(element.text or "") and element.tag != "style" else []
        stray += [element.tail] if outer == "en" and _HAN.search(element.tail or "") else []
        stray += [v for v in element.attrib.values() if _HAN.search(v)]
    assert stray == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_is_on_the_page(language: Language) -> None:
    tree = parse(page(language=language))
    rows = tree.xpath("//table[@class='coverage']/tbody/tr")
    clauses = [c for s in read_coverage(shipped_rules()) for c in s.clauses]
    assert len(rows) == len(clauses)
    for row, clause in zip(rows, clauses, strict=True):
        assert clause.text in said(row)
        assert [a.text for a in row.xpath(".//a")] == [*clause.rules, *clause.see]
        assert clause.not_checked in said(row)
        assert bool(row.xpath(".//*[@class='unsure']")) == (clause.status != "verified")
    assert not parse(render_rulebook(shipped_rules(), language=language)).xpath("//table[@class='coverage']")


def test_the_order_of_files_is_not_seen() -> None:
    turned = replace(shipped_rules(), sources=dict(list(shipped_rules().sources.items())[::-1]))
    assert render_rulebook(turned, coverage=read_coverage(turned)) == page()


def hostile(rule: Rule, evil: str) -> Rule:
    examples = rule.examples.model_copy(
        update={"passing": tuple(e.model_copy(update={"text": evil, "why": evil}) for e in rule.examples.passing)}
    )
    message = rule.message.model_copy(update={"fail": evil, "review": evil})
    check = rule.check
    if check.kind == "theme":
        groups = tuple(g.model_copy(update={"name": evil}) for g in check.any_of)
        check = check.model_copy(update={"any_of": groups})
    update = {"title": evil, "rationale": evil, "expected": evil, "wording": evil}
    return rule.model_copy(update={**update, "message": message, "examples": examples, "check": check})


def hostile_rules(evil: str) -> RuleSet:
    """Return the shipped rules with something else in every place that a page shows."""
    shipped = shipped_rules()
    sources = {
        name: s.model_copy(update={"title": evil, "number": evil, "issuer": evil, "binds": evil, "note": evil})
        for name, s in shipped.sources.items()
    }
    rules = tuple(hostile(r, evil) for r in shipped.rules)
    about = shipped.profile.model_copy(update={"title": evil, "version": evil})
    return replace(shipped, rules=rules, sources=sources, profile=about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_a_rule_file_is_taken_for_markup(language: Language) -> None:
    evil = "</style></script><script>alert(1)</script>\"'&lt;{title}{{ 7*7 }}\u202e\x00<img src=x onerror=alert(1)>"
    text = render_rulebook(hostile_rules(evil), language=language)
    tree = parse(text)
    assert not tree.xpath("//script | //img | //@onerror | //@style")
    assert len(tree.xpath("//style")) == 1
    assert "\u202e" not in text
    assert "\x00" not in text
    shown = evil.replace("\u202e", " ").replace("\x00", " ")
    assert tree.xpath("//article[@id='P101']/div/h4/span")[2].text == shown
    assert said(tree).count("alert(1)</script>") > 500


def test_a_server_gets_a_page_with_nothing_inline() -> None:
    served = Served(("/a.css?v=1&x", "/b.css"), ("/a.js",), '<nav id="top"></nav>', '<p id="after"></p>')
    tree = parse(render_rulebook(shipped_rules(), served=served))
    assert tree.xpath("//link[@rel='stylesheet']/@href") == ["/a.css?v=1&x", "/b.css"]
    assert [(s.get("src"), s.text) for s in tree.xpath("//script")] == [("/a.js", None)]
    assert not tree.xpath("//style | //@style | //meta[@http-equiv]")
    order = [x.get("id") or x.get("class") for x in tree.xpath("//body/*")]
    assert order[:5] == ["skip", "top", "top", "after", "main"]
    assert parse(page()).xpath("//meta[@http-equiv]/@content")[0].startswith("default-src 'none'; style-src 'sha256-")


def test_the_page_and_the_engine_agree_on_the_years() -> None:
    engine = build_engine(shipped_rules(), CheckOptions())
    for rule in shipped_rules().rules:
        if isinstance(rule.check, GenreCheck):
            continue
        spans = years_of(counting_sources(rule, shipped_rules()))
        for year in range(2000, 2031):
            told = any(a <= year and (b is None or year <= b) for a, b in spans)
            assert told == (_out_of_force(engine, rule, date(year, 12, 31)) is None), (rule.id, year)


@pytest.mark.parametrize(
    ("times", "zh", "en"),
    [
        ([("2000-01-01", None)], "任何年度的报告都查。", "Reports on any year."),
        ([("2019-04-15", None)], "2019年度起的报告。", "Reports on 2019 and later."),
        ([("2019-05-15", None), ("2008-05-01", "2019-05-15")], "2008年度起的报告。", "Reports on 2008 and later."),
        ([("2015-12-27", "2018-01-01"), ("2021-08-11", None)], "2015年度到2017年度的报告，2021年度起的报告。", None),
        ([("2015-03-01", "2015-12-31")], "按现有依据，没有适用的年度。", None),
        ([("2015-03-01", "2020-01-01"), ("2016-01-01", "2017-05-01")], "2015年度到2019年度的报告。", None),
    ],
)
def test_times_in_force_become_years(times: list[tuple[str, str | None]], zh: str, en: str | None) -> None:
    shipped = shipped_rules()
    rule = next(r for r in shipped.rules if r.id == "P101")
    days = [(date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in times]
    sources = {
        f"s{i}": shipped.sources["ducha-2019"].model_copy(update={"in_force": a, "repealed": b})
        for i, (a, b) in enumerate(days)
    }
    bases = tuple(rule.basis[0].model_copy(update={"source": name}) for name in sources)
    told = tell_years(rule.model_copy(update={"basis": bases}), replace(shipped, sources=sources))
    assert told.zh == zh
    assert en is None or told.en == en


@pytest.mark.parametrize(
    ("years", "zh"),
    [
        ({"from": 2026}, "2026年度起的报告。"),
        ({"until": 2021}, "2019年度到2020年度的报告。"),
        ({"from": 2010, "until": 2019}, "按现有依据，没有适用的年度。"),
        ({}, "2019年度起的报告。"),
    ],
)
def test_years_of_a_rule_are_told_once(years: dict[str, int], zh: str) -> None:
    shipped = shipped_rules()
    rule = next(r for r in shipped.rules if r.id == "P101")
    base = rule.basis[0].model_copy(update={"source": "ducha-2019"})
    applies = Applies.model_validate({"years": years, "levels": ["county"]})
    told = rule.model_copy(update={"basis": (base,), "applies": applies})
    assert tell_years(told, shipped).zh == zh
    assert [s.words["who"] for s in tell_limits(told, shipped)] == ["只查县级的报告"]
