"""What one browser dropped: it is found by that browser only, bounded, and forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.datastructures import State

from tests.conftest import SPECIMENS
from validator.engine import Engine, evaluate, unreadable
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.recipe import Recipe
from validator.result import FileResult, Finding
from validator.sources import Source
from validator.web.config import WebConfig
from validator.web.corrected import compare
from validator.web.pages import _check
from validator.web.uploads import Upload
from validator.web.views import say_comparison, templates, view_row, view_table
from validator.web.visits import Cell, Choice, Item, Summary, Visit, VisitError, Visits, share


def item(folder: Path, key: str, name: str = "云溪镇.docx", upload: str = "", **more: object) -> Item:
    path = folder / (upload or key)
    path.write_bytes(b"x")
    result = folder / f"{key}.result"
    result.write_bytes(b"{}")
    made = Item(key, Source(name, str(path)), Upload(path, name, 1), Choice("default"), result)
    return replace(made, **more)  # type: ignore[arg-type]


def summary(**outcomes: str) -> Summary:
    cells = tuple(
        Cell(rule, f"{rule}的名称", "error" if rule[0] in "GP" else "note", outcome)  # type: ignore[arg-type]
        for rule, outcome in outcomes.items()
    )
    failed = any(c.outcome == "fail" and c.severity == "error" for c in cells)
    return Summary(
        "fail" if failed else "pass",
        "不符合" if failed else "符合",
        "一句话。",
        "标题",
        "云溪镇",
        2023,
        cells,
        "",
        True,
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_visit_is_forgotten_when_nobody_was_there_for_long(tmp_path: Path) -> None:
    clock = Clock()
    visits = Visits(2, 60, clock)
    visit = visits.open()
    visit.put(item(tmp_path, "甲"))
    clock.now = 3599
    assert visits.sweep() == ()
    assert visits.find(visit.key) is visit  # somebody was there
    clock.now += 3601
    assert [u.name for u in visits.sweep()] == ["云溪镇.docx"]
    assert visits.find(visit.key) is None
    assert not (tmp_path / "甲.result").exists()


def test_when_it_is_crowded_who_is_away_for_ten_minutes_goes() -> None:
    clock = Clock()
    visits = Visits(2, 60, clock)
    first = visits.open()
    clock.now = 500
    second = visits.open()
    with pytest.raises(VisitError, match="人太多") as refused:
        visits.open()
    assert refused.value.seconds == 60
    clock.now = 601
    visits.sweep()
    assert visits.find(first.key) is None
    assert visits.find(second.key) is second


def test_an_upload_goes_with_the_last_item_that_needs_it(tmp_path: Path) -> None:
    visit = Visit("k", 0)
    one, two = item(tmp_path, "甲", upload="包"), item(tmp_path, "乙", upload="包", before="甲")
    visit.put(one)
    visit.put(two)
    assert visit.remove("甲") == ()
    left = visit.find("乙")
    assert left is not None
    assert left.before is None
    assert visit.remove("乙") == (two.upload,)
    assert visit.remove("乙") == ()


def test_where_a_version_is_removed_the_next_is_compared_with_the_one_before(tmp_path: Path) -> None:
    visit = Visit("k", 0)
    for made in (item(tmp_path, "一"), item(tmp_path, "二", before="一"), item(tmp_path, "三", before="二")):
        visit.put(made)
    visit.remove("二")
    left = visit.find("三")
    assert left is not None
    assert left.before == "一"


def test_waiting_for_an_item_ends_with_it_or_with_the_time(tmp_path: Path) -> None:
    async def story() -> list[str]:
        visit = Visit("k", 0)
        visit.put(item(tmp_path, "甲"))
        early = await visit.settle("甲", 0.01)
        asyncio.get_running_loop().call_later(0.01, lambda: visit.update("甲", state="done"))
        late = await visit.settle("甲", 5)
        visit.update("不在的", state="done")
        return [early.state if early else "", late.state if late else "", str(await visit.settle("不在的", 5))]

    assert asyncio.run(story()) == ["waiting", "done", "None"]


def test_the_ranking_begins_with_what_needs_most(tmp_path: Path) -> None:
    items = [
        item(tmp_path, "a", "好.txt", state="done", summary=summary(P101="pass", W601="pass")),
        item(tmp_path, "b", "差.txt", state="done", summary=summary(P101="fail", W601="pass")),
        item(tmp_path, "c", "更差.txt", state="done", summary=summary(P101="fail", W601="fail")),
        item(tmp_path, "d", "也差.txt", state="done", summary=summary(P101="fail", W601="pass")),
        item(tmp_path, "e", "坏.pdf", state="failed", said="打不开。"),
        item(tmp_path, "f", "还在查.txt"),
    ]
    table = view_table(items, "zh")
    assert [(line.rank, line.row.name) for line in table.lines] == [
        (1, "更差.txt"),
        (2, "也差.txt"),
        (2, "差.txt"),
        (4, "好.txt"),
    ]
    assert [(c.rule, c.failed, c.review) for c in table.columns] == [("P101", 3, 0), ("W601", 1, 0)]
    assert table.groups == (("必备项", 1), ("提示", 1))
    assert [r.name for r in table.unread] == ["坏.pdf"]
    assert table.said == "检查了4个文件：3个不符合，0个需人工复核，1个符合。另有1个没有检查成。"
    assert [m.is_quiet for m in table.lines[0].marks if m] == [False, False]
    assert all(m.is_quiet for m in table.lines[-1].marks if m)  # the keyboard passes over what needs nothing


def test_a_file_name_is_never_markup(tmp_path: Path) -> None:
    name = '<img src=x onerror="alert(1)">.docx'
    done = item(tmp_path, "a", name, state="done", summary=summary(P101="fail"))
    for language in ("zh", "en"):
        rows = (view_row(done, language), view_row(replace(done, state="failed", said=name), language))
        listed = templates(language).get_template("list.html").render(rows=rows)
        assert "<img" not in listed
        assert "&lt;img" in listed


def checked(engine: Engine, name: str) -> FileResult:
    return evaluate(engine, normalise(load_text(name, (SPECIMENS / name).read_bytes())))


def test_a_corrected_report_is_compared_by_findings(engine: Engine) -> None:
    worse, better = checked(engine, "missing-plan.txt"), checked(engine, "passes-all.txt")
    found = compare(worse, better)
    assert found is not None
    assert "P104" in {c.rule for c in found.resolved}
    assert found.remaining == ()
    back = compare(better, worse)
    assert back is not None
    assert {c.rule for c in back.new} == {c.rule for c in found.resolved}
    same = compare(worse, worse)
    assert same is not None
    assert (same.resolved, same.new) == ((), ())
    assert len(same.remaining) == len(found.resolved)
    assert say_comparison(same, "zh").startswith("解决了0处，新出现0处，还剩")
    assert compare(worse, unreadable(engine, "坏.pdf", None, "打不开。")) is None


def test_of_findings_that_are_alike_only_the_number_counts(engine: Engine) -> None:
    file = checked(engine, "missing-plan.txt")
    rule = next(r for r in file.rules if r.id == "P104")
    one: Finding = rule.findings[0]
    twice = replace(file, rules=(replace(rule, findings=(one, one)),))
    once = replace(file, rules=(replace(rule, findings=(one,)),))
    found = compare(twice, once)
    assert found is not None
    assert (len(found.resolved), len(found.new), len(found.remaining)) == (1, 0, 1)


class Desk:
    """Does what it is told, one task after the other, and notes for which year."""

    def __init__(self, *answers: object, then: Callable[[], object] = lambda: None) -> None:
        self.answers = list(answers)
        self.years: list[int | None] = []
        self.then = then

    async def submit(self, _: object, __: Source, recipe: Recipe, target: Path, *, patient: bool) -> Summary:
        assert patient
        self.years.append(recipe.options.year)
        target.write_bytes(b"{}")
        self.then()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Summary)
        return answer


def check_with(desk: Desk, visit: Visit, key: str) -> Item | None:
    state = State({"desk": desk, "config": WebConfig()})
    asyncio.run(_check(state, visit, key))
    return visit.find(key)


def test_whatever_goes_wrong_nobody_waits_for_ever(tmp_path: Path) -> None:
    visit = Visit("k", 0)
    visit.put(item(tmp_path, "甲"))
    found = check_with(Desk(MemoryError("报告里的话")), visit, "甲")
    assert found is not None
    assert (found.state, found.said) == ("failed", "程序出错（MemoryError），请报告给维护者。")


def test_what_was_chosen_last_holds(tmp_path: Path) -> None:
    visit = Visit("k", 0)
    visit.put(item(tmp_path, "甲"))
    desk = Desk(summary(P101="fail"), summary(P101="pass"))
    desk.then = lambda: visit.update("甲", choice=Choice("default", 2021))
    found = check_with(desk, visit, "甲")
    assert desk.years == [None, 2021]
    assert found is not None
    assert found.summary is not None
    assert found.summary.outcome == "pass"


def test_of_what_was_removed_meanwhile_no_result_stays(tmp_path: Path) -> None:
    visit = Visit("k", 0)
    made = item(tmp_path, "甲")
    visit.put(made)
    assert check_with(Desk(summary(P101="pass"), then=lambda: visit.remove("甲")), visit, "甲") is None
    assert not made.result.exists()


def test_equal_cells_are_kept_once() -> None:
    one, two = share(summary(P101="pass")), share(summary(P101="pass"))
    assert one.cells[0] is two.cells[0]
