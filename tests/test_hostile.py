"""No text takes minutes: time grows with the length of a text, whatever stands in it, and nothing is passed over."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations

import pytest

from tests.conftest import outcome_of, read
from tests.hostile import HOSTILE
from validator.audit.across.sketches import sketch
from validator.audit.traits import read_traits
from validator.checks import closure, repeated, same_measure, sums
from validator.document import Span, cover
from validator.engine import Engine, analyse, build_context, evaluate_context
from validator.nlp.quantities import Quantity
from validator.result import FileResult

Check = Callable[[str], FileResult]

ONCE_SLOW = {
    "problem marks": 5_000,
    "without numbers under a number": 5_000,
    "markdown": 5_000,
    "heading ends": 5_000,
    "short lines": 5_000,
    "one theme in sentences": 5_000,
    "filled numbers": 5_000,
    "one character": 5_000,
    "lists in sentences": 2_500,
}
"""Each was quadratic for a reason of its own, and shows it from so many bytes on."""
STEP = 4
"""The longer text has so many times the bytes of the shorter one: linear time is 4 and less, quadratic up to 16."""
MOST = 5.0


def spent(engine: Engine, text: str) -> float:
    """Return the seconds that this process works to check a text and to read what an audit keeps of it."""
    began = time.process_time()
    context = build_context(engine, read(text))
    evaluate_context(engine, context)
    sketch(read_traits(context).passages, engine.ruleset.formulas)
    return time.process_time() - began


def growth(engine: Engine, make: Callable[[int], str], size: int) -> float:
    """Return how many times as long a text of ``STEP`` times the bytes takes."""
    spent(engine, make(1_000))
    gc.collect()
    gc.disable()
    try:
        return spent(engine, make(size * STEP)) / min(spent(engine, make(size)) for _ in range(2))
    finally:
        gc.enable()


@pytest.mark.slow
@pytest.mark.parametrize("name", ONCE_SLOW)
def test_time_grows_with_the_length(engine: Engine, name: str) -> None:
    assert min(_until(lambda: growth(engine, HOSTILE[name], ONCE_SLOW[name]), MOST)) <= MOST


def _until(measure: Callable[[], float], enough: float) -> list[float]:
    """Measure up to three times, until a measure is small enough: another process may have disturbed one."""
    found = [measure()]
    while found[-1] > enough and len(found) < 3:
        found.append(measure())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_of_its_size_takes_long(engine: Engine, name: str) -> None:
    assert min(_until(lambda: growth(engine, HOSTILE[name], 25_000), MOST)) <= MOST
    assert min(_until(lambda: spent(engine, HOSTILE[name](200_000)), 8.0)) <= 8.0


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_of_its_size_and_no_rule_breaks_on_it(engine: Engine, name: str) -> None:
    text = HOSTILE[name](2_000)
    assert 1_500 <= len(text.encode()) <= 2_100
    result = evaluate_context(engine, build_context(engine, read(text)))
    assert {r.outcome for r in result.rules} <= {"pass", "fail", "review", "not_applicable"}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_tree_is_looked_up_as_it_is(engine: Engine, name: str) -> None:
    found = analyse(engine, read(HOSTILE[name](1_500)))
    sections = found.outline.sections
    for parent in (None, *sections):
        index = None if parent is None else parent.index
        assert found.outline.children(parent) == tuple(s for s in sections if s.parent == index)
    for section in sections:
        later = (s.heading.start for s in sections[section.index + 1 :] if s.level <= section.level)
        end = next(later, None)
        assert end is None or section.end == end
        naming = (p for p, hs in found.parts.headings.items() if any(h.section == section for h in hs))
        assert found.parts.names_of(section) == tuple(naming)


def test_headings_without_numbers_do_not_nest_forever(engine: Engine) -> None:
    found = analyse(engine, read(HOSTILE["without numbers under a number"](9_000)))
    levels = [s.level for s in found.outline.sections]
    assert len(levels) > 300
    assert levels[:4] == [1, 2, 3, 4]
    assert max(levels) < 30


def test_a_title_of_very_many_lines_is_no_crash(engine: Engine) -> None:
    lines = "".join(f"二〇二三年{n}月{n}办理的\n" for n in range(2_000))
    facts = analyse(engine, read(f"{lines}青禾镇2023年法治政府建设年度报告\n2023年，我镇开展检查3次。\n")).facts
    assert facts.year == 2023


PLAN = "三、下一年度主要安排\n（一）加强执法力量。充实执法人员。\n（二）做好合同管理。\n"


def report(problems: int) -> str:
    listed = "".join(f"{n + 1}.合同管理不足。\n" for n in range(problems))
    return f"青禾镇2023年法治政府建设年度报告\n一、主要举措和成效\n全年检查12次。\n二、存在的问题\n{listed}{PLAN}"


def test_problems_beyond_what_is_compared_are_left_to_a_person(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure, "_MOST_PROBLEMS", 3)
    assert outcome_of(check(report(3)), "P115").outcome == "pass"
    found = outcome_of(check(report(4)), "P115")
    assert (found.outcome, len(found.findings), len(found.pairs)) == ("review", 1, 3)
    assert found.findings[0].location is not None
    assert found.findings[0].location.line == 8


def test_numbers_beyond_what_is_read_are_left_to_a_person(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "青禾镇2023年法治政府建设年度报告\n一、主要举措和成效\n" + "".join(
        f"{place}共办理{n + 3}件，其中信访{n}件、投诉3件。\n" for n, place in enumerate(("东街", "西街", "南街"), 7)
    )
    monkeypatch.setattr(sums, "_MOST_PASSAGES", 3)
    assert outcome_of(check(text), "N501").outcome == "pass"
    monkeypatch.setattr(sums, "_MOST_PASSAGES", 2)
    found = outcome_of(check(text), "N501")
    assert found.outcome == "review"
    assert [f.location.line for f in found.findings if f.location] == [5]
    monkeypatch.setattr(sums, "_MOST_NUMBERS", 2)
    found = outcome_of(check(text), "N501")
    assert found.outcome == "review"
    assert [f.location.line for f in found.findings if f.location] == [3]


def test_measures_beyond_what_is_read_are_left_to_a_person(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "青禾镇2023年法治政府建设年度报告\n一、主要举措和成效\n东门所办理群众投诉9件。\n西门所办理群众投诉8件。\n"
    assert outcome_of(check(text), "N502").outcome == "pass"
    monkeypatch.setattr(same_measure, "_MOST_SENTENCES", 1)
    found = outcome_of(check(text), "N502")
    assert found.outcome == "review"
    assert [f.location.line for f in found.findings if f.location] == [4]


def test_the_first_contradiction_is_found_without_comparing_all() -> None:
    chance = random.Random(20_240_501)
    several = 0
    for _ in range(400):
        found = [_measure(chance, at) for at in range(chance.randrange(2, 6))]
        pairs = ((a, b) for a, b in combinations(found, 2) if not (a.body and b.body and a.body != b.body))
        first = next(((a, b) for a, b in pairs if same_measure._contradict(a.quantity, b.quantity)), None)
        assert same_measure._contradiction(found) == first
        several += first is not None
    assert 100 < several < 390


def _measure(chance: random.Random, at: int) -> same_measure._Measure:
    step = Decimal(chance.choice((1, 1, 10, 100)))
    quantity = Quantity(chance.randrange(90, 115) * step, "件", chance.random() < 0.5, step)
    return same_measure._Measure(
        "办理投诉", chance.choice(("", "东门所", "东门镇政府", "西门镇政府")), quantity, Span(at, at)
    )


def test_words_are_counted_as_str_counts_them() -> None:
    text = "执法执法执法检查检查检检检检查"
    words = ["检查", "执法", "检检", "法检查", "调解"]
    times = repeated._count(text, words)
    assert {w: times[w] for w in words} == {w: text.count(w) for w in words}
    assert not repeated._count(text, [])


def test_a_cover_holds_what_one_of_its_spans_holds() -> None:
    spans = [(0, 4), (2, 9), (3, 5), (12, 13)]
    held = cover(reversed(spans))
    for start in range(15):
        for end in range(start + 1, 16):
            assert held.holds(start, end) == any(a <= start and end <= b for a, b in spans)
    assert not cover(()).holds(0, 1)
