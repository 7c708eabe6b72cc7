"""Whose report each file of a batch is: towns of one name, attachments, and hints at what seems to be missing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import SPECIMENS, Run
from validator.audit.decisions import Target as Aim
from validator.audit.decisions import drop_decisions, keep_decisions, settle
from validator.audit.identifying import identify_files
from validator.audit.intake import Found
from validator.audit.read import Audit
from validator.audit.records import Decision, FileRow, PathFacts, RosterEntry, RuleInfo, TextFacts, Verb
from validator.audit.store import Store
from validator.audit.who.attachments import ATTACHED
from validator.audit.who.identify import Directory
from validator.audit.who.towns import Placed, explain_unclear, part_towns
from validator.result import FileResult, Outcome, RuleResult
from validator.sources import Source

ABOUT = {
    **{"tool_version": "1", "pipeline": "0", "ruleset_version": "1", "ruleset_digest": "0"},
    **{"profile": "核心", "source": "报告", "state": "finished"},
}
RULES = {"G001": "error", "P104": "error", "S901": "warning"}
TOWN = RosterEntry(2, "柳河镇", None, None)
UNCLEAR = "名册里的“柳河镇”没有写地区，云溪县和月湖县都有，分不清是哪一个。"


class Handed(NamedTuple):
    """A file: its path, the organ and year that its text says, what G001 and the others say, and what a pattern read."""

    path: str
    organ: str | None = None
    year: int | None = None
    genre: Outcome = "pass"
    others: Outcome = "pass"
    facts: PathFacts = PathFacts()
    published: str | None = None


def hand_in(store: Store, files: Sequence[Handed], roster: Sequence[RosterEntry], due: int | None = 2023) -> None:
    """Make an audit of files that were looked at already."""
    with store.transaction():
        store.list((Found(f.path, Source(f.path, f.path)), f.facts) for f in files)
        store.tell(ABOUT)
        store.keep_rules(RuleInfo(i, i, severity, ()) for i, severity in RULES.items())  # type: ignore[arg-type]
        store.keep_roster(roster)
    known = {row.path: row.id for row in store.waiting()}
    for file in files:
        rules = tuple(
            RuleResult(i, i, file.genre if i == "G001" else file.others, severity, None)  # type: ignore[arg-type]
            for i, severity in RULES.items()
        )
        outcome: Outcome = "error" if file.year is None else "fail" if "fail" in (file.genre, file.others) else "pass"
        result = FileResult(file.path, "0" * 64, outcome, None, None, rules)
        text = TextFacts(file.organ, None, None, file.year, file.published)
        store.keep(known[file.path], result, None, recipe="", size=1, text=text)
    with store.transaction():
        identify_files(store, Directory(roster), due)
        settle(store.base)


def files_of(folder: Path, files: Sequence[Handed], roster: Sequence[RosterEntry] = (TOWN,)) -> dict[str, FileRow]:
    with Store(folder, create=True) as store:
        hand_in(store, files, roster)
    with Audit(folder) as audit:
        return {f.path: f for f in audit.files()}


def missing_in(folder: Path) -> list[tuple[str, str | None]]:
    with Audit(folder) as audit:
        return [(m.entry.organ, m.hint) for m in audit.missing()]


# ---------------------------------------------------------------- towns of one name


def test_towns_of_one_name_are_never_one_organ(tmp_path: Path) -> None:
    found = files_of(
        tmp_path,
        [
            Handed("2023/云溪县/柳河镇.docx", "柳河镇人民政府", 2023),
            Handed("2023/月湖县/柳河镇.docx", "柳河镇人民政府", 2023),
            Handed("2022/01.docx", "月湖县柳河镇人民政府", 2022),
            Handed("2023/柳河镇.docx", "柳河镇人民政府", 2023),
        ],
    )
    told = {path: (f.who.region, f.who.key, f.who.entry, f.who.notes) for path, f in found.items()}
    assert told == {
        "2023/云溪县/柳河镇.docx": ("云溪县", "云溪县/柳河镇", None, (UNCLEAR,)),
        "2023/月湖县/柳河镇.docx": ("月湖县", "月湖县/柳河镇", None, (UNCLEAR,)),
        "2022/01.docx": ("月湖县", "月湖县/柳河镇", None, (UNCLEAR,)),
        "2023/柳河镇.docx": (None, None, None, (UNCLEAR,)),
    }
    assert not any(f.who.origin == "roster" for f in found.values())
    with Audit(tmp_path) as audit:
        assert list(audit.doubles()) == []
    assert missing_in(tmp_path) == []


def test_a_town_of_one_region_is_one_organ_however_much_its_files_say(tmp_path: Path) -> None:
    found = files_of(
        tmp_path,
        [
            Handed("云溪县/柳河镇.docx", "柳河镇人民政府", 2023),
            Handed("江州市/云溪县/柳河镇.docx", "江州市云溪县柳河镇", 2022),
            Handed("江州市/柳河镇.docx", "柳河镇", 2021),
            Handed("云溪/柳河镇.docx", None, 2020, facts=PathFacts("柳河镇", region="云溪")),
            Handed("柳河镇.docx", "柳河镇人民政府", 2019),
        ],
    )
    assert {f.who.key for f in found.values()} == {"云溪县/柳河镇"}
    assert {f.who.entry for f in found.values()} == {2}
    assert found["云溪县/柳河镇.docx"].who.region == "云溪县"
    assert found["江州市/柳河镇.docx"].who.region == "江州市"


@pytest.mark.parametrize(
    ("keys", "said", "regions"),
    [
        (("云溪县/柳河镇", "月湖县/柳河镇"), (), ("云溪县", "月湖县")),
        (("云溪县/柳河镇", "云溪区/柳河镇"), (), ("云溪区", "云溪县")),
        (("云溪/柳河镇", "云溪县/柳河镇"), (), None),
        (("城北区/中山街道", "江州市城北区/中山街道"), (), None),
        (("城北区/中山街道", "江州市城北区/中山街道", "岭州市城北区/中山街道"), (), ("岭州市城北区", "江州市城北区")),
        (("江州市/柳河镇", "云溪县/柳河镇"), ("江州市云溪县",), None),
        (("江州市/柳河镇", "云溪县/柳河镇"), ("岭州市云溪县",), ("云溪县", "江州市")),
        (("江州市/柳河镇", "云溪县/柳河镇", "月湖县/柳河镇"), ("江州市云溪县",), ("云溪县", "月湖县")),
        (("柳河镇", "云溪县/柳河镇"), (), None),
        (("柳河镇", "柳河镇"), (), None),
    ],
)
def test_regions_that_say_less_are_no_others(
    keys: Sequence[str], said: tuple[str, ...], regions: tuple[str, ...] | None
) -> None:
    towns = part_towns(Placed(n, 2, key, False, said) for n, key in enumerate(keys))
    assert towns.unclear == ({2: regions} if regions else {})


def test_many_regions_are_counted() -> None:
    assert explain_unclear("甲镇", "东西北") == "名册里的“甲镇”没有写地区，东、西和北都有，分不清是哪一个。"
    assert explain_unclear("甲镇", "东西南北") == "名册里的“甲镇”没有写地区，东、西、南等4个地区都有，分不清是哪一个。"


def test_a_roster_with_regions_is_clear(tmp_path: Path) -> None:
    roster = (RosterEntry(2, "柳河镇", None, "云溪县"), RosterEntry(3, "柳河镇", None, "月湖县"))
    files = [Handed("云溪县/柳河镇.docx", "柳河镇", 2023), Handed("月湖县/柳河镇.docx", "柳河镇", 2023)]
    assert {f.who.entry for f in files_of(tmp_path, files, roster).values()} == {2, 3}


def test_a_path_in_the_roster_says_which_town_is_meant(tmp_path: Path) -> None:
    roster = (RosterEntry(2, "柳河镇", None, None, path="云溪县/柳河镇.docx"),)
    files = [Handed("云溪县/柳河镇.docx", "柳河镇", 2023), Handed("月湖县/柳河镇.docx", "柳河镇", 2023)]
    found = files_of(tmp_path, files, roster)
    assert [(f.who.key, f.who.entry) for _, f in sorted(found.items())] == [
        ("云溪县/柳河镇", 2),
        ("月湖县/柳河镇", None),
    ]
    assert missing_in(tmp_path) == []


def test_an_unclear_town_without_any_report_of_the_year_is_missing(tmp_path: Path) -> None:
    files_of(tmp_path, [Handed("云溪县/柳河镇.docx", "柳河镇", 2022), Handed("月湖县/柳河镇.docx", "柳河镇", 2022)])
    assert missing_in(tmp_path) == [("柳河镇", None)]


# ---------------------------------------------------------------- attachments

REPORT = Handed("云溪县/柳河镇/2023年报告.docx", "云溪县柳河镇", 2023, published="2024-03-01")
NOTICE = Handed("云溪县/柳河镇/通知.docx", "云溪县柳河镇", 2023, "fail", "not_applicable", published="2024-06-01")


def test_what_is_no_report_beside_one_counts_nowhere(tmp_path: Path) -> None:
    found = files_of(tmp_path, [REPORT, NOTICE])
    notice = found[NOTICE.path]
    assert (notice.attachment, notice.outcome, notice.decided) == (True, "fail", "not_applicable")
    assert (notice.failed, notice.warned, notice.doubts) == (0, 0, 0)
    assert notice.who.notes == (ATTACHED,)
    assert (found[REPORT.path].attachment, found[REPORT.path].decided) == (False, "pass")
    with Audit(tmp_path) as audit:
        assert (audit.count("double"), audit.count("late")) == (0, 0)
        assert audit.outcomes_of(notice.id)["G001"][:2] == ("fail", "not_applicable")


@pytest.mark.parametrize(
    ("paper", "is_attachment"),
    [
        (NOTICE._replace(year=None), True),
        (NOTICE._replace(path="云溪县/柳河镇/附件/清单.docx", year=None), True),
        (NOTICE._replace(path="云溪县/别处/清单.docx", year=None), False),
        (NOTICE._replace(path="云溪县/柳河镇二/清单.docx", year=None), False),
        (NOTICE._replace(path="云溪县/清单.docx", year=None), False),
        (NOTICE._replace(path="别处/清单.docx"), True),
        (NOTICE._replace(year=2022), False),
        (NOTICE._replace(organ="云溪县青石镇"), False),
        (NOTICE._replace(organ=None), False),
        (NOTICE._replace(genre="review"), False),
        (NOTICE._replace(genre="pass"), False),
    ],
)
def test_which_files_are_attachments(tmp_path: Path, paper: Handed, is_attachment: bool) -> None:
    found = files_of(tmp_path, [REPORT, paper], ())[paper.path]
    assert found.attachment == is_attachment
    assert (found.decided == "not_applicable") == is_attachment


@pytest.mark.parametrize("genre", ["fail", "review"])
def test_without_a_real_report_a_wrong_genre_is_a_fault(tmp_path: Path, genre: Outcome) -> None:
    found = files_of(tmp_path, [NOTICE, REPORT._replace(genre=genre)])[NOTICE.path]
    assert (found.attachment, found.decided, found.failed) == (False, "fail", 1)


@pytest.mark.parametrize(
    ("verb", "outcome", "decided"),
    [("dismiss", None, "pass"), ("confirm", None, "fail"), ("override", "review", "review")],
)
def test_a_reviewer_can_say_that_an_attachment_is_a_report(
    tmp_path: Path, verb: Verb, outcome: Outcome | None, decided: str
) -> None:
    with Store(tmp_path, create=True) as store:
        hand_in(store, [REPORT, NOTICE], ())
        keep_decisions(store.base, [Decision(NOTICE.path, "G001", "", verb, outcome, "看过", "沈知远", "2024-05-06")])
        settle(store.base)
        with Audit(tmp_path) as audit:
            file = audit.file(NOTICE.path)
            assert file is not None
            assert (file.decided, file.attachment) == (decided, True)
        drop_decisions(store.base, [Aim(NOTICE.path, "G001", "")])
        settle(store.base)
        with Audit(tmp_path) as audit:
            file = audit.file(NOTICE.path)
            assert file is not None
            assert file.decided == "not_applicable"


def test_an_attachment_is_no_report_of_the_due_year(tmp_path: Path) -> None:
    files_of(tmp_path, [REPORT._replace(year=2022), NOTICE._replace(year=None)])
    assert [organ for organ, _ in missing_in(tmp_path)] == ["柳河镇"]


def test_attachments_are_compared_with_nothing(fazhi: Run, tmp_path: Path) -> None:
    text = (SPECIMENS / "passes-all.txt").read_text(encoding="utf-8").replace("穗川县", "云溪县")
    for year, town in (("2023", "甲河镇"), ("2023", "乙河镇"), ("2022", "甲河镇")):
        place = tmp_path / f"报告/{town}/{year}年度"
        place.mkdir(parents=True)
        own = text.replace("云溪镇", town)
        if year == "2022":
            own = own.replace("2023年", "2022年").replace("2024年", "2023年")
        (place / "报告.txt").write_text(own, encoding="utf-8")
        shutil.copy(SPECIMENS / "genre-pufa-qingdan.txt", place / "清单.txt")
    pattern = "{organ}/{year}/{_}"
    options = ("--pattern", pattern, "--select", "G001,P104", "--jobs", "1", "--outputs", "none")
    done = fazhi("audit", tmp_path / "报告", "--out", "结果", *options)
    assert done.returncode < 2, done.stderr
    with Audit(tmp_path / "结果") as audit:
        marked = {f.id for f in audit.files() if f.attachment}
        assert len(marked) == 3
        pairs = [(c.here.id, c.there.id) for c in audit.copies()]
        assert pairs
        assert not marked & {i for pair in pairs for i in pair}
        assert not marked & {i for e in audit.echoes() for i in (e.file.id, e.earlier.id)}


# ---------------------------------------------------------------- missing, with a hint


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("2023年度/柳河镇.docx", PathFacts()),
        ("2023年/柳河镇.docx", PathFacts()),
        ("2023/柳河镇.docx", PathFacts()),
        ("柳河镇2023年报告.docx", PathFacts()),
        ("二三年/柳河镇.docx", PathFacts("柳河镇", year=2023)),
    ],
)
def test_who_is_missing_while_a_path_says_the_year_is_told_to_look(tmp_path: Path, path: str, facts: PathFacts) -> None:
    found = files_of(tmp_path, [Handed(path, "柳河镇", 2022, facts=facts)])[path]
    assert missing_in(tmp_path) == [("柳河镇", f"路径写着2023年的“{path}”是2022年的报告，请核对。")]
    is_sure = path.startswith(("2023年度", "二三年", "柳河镇"))
    assert found.who.notes == (("路径写的是2023年，报告写的是2022年。",) if is_sure else ())


@pytest.mark.parametrize("path", ["2022/柳河镇.docx", "柳河镇.docx", "柳河镇2023-05-06.docx", "120231/柳河镇.docx"])
def test_who_is_plainly_missing_has_no_hint(tmp_path: Path, path: str) -> None:
    found = files_of(tmp_path, [Handed(path, "柳河镇", 2022), Handed("2023/青石镇.docx", "青石镇", 2022)])[path]
    assert missing_in(tmp_path) == [("柳河镇", None)]
    assert found.who.notes == ()


def test_a_file_that_may_be_of_several_is_a_hint_for_each(tmp_path: Path) -> None:
    roster = (
        RosterEntry(2, "城关镇", None, "云溪县"),
        RosterEntry(3, "城关镇", None, "月湖县"),
        RosterEntry(4, "青石镇", None, "月湖县"),
    )
    files = [
        Handed("b.docx", "城关镇", 2023),
        Handed("a.docx", "城关镇", 2022),
        Handed("岭南县/青石镇.docx", None, 2023),
    ]
    files_of(tmp_path, files, roster)
    hint = "有一份“b.docx”看不准是不是它的。"
    assert missing_in(tmp_path) == [("城关镇", hint), ("城关镇", hint), ("青石镇", None)]


def test_a_hint_shows_paths_on_one_line(tmp_path: Path) -> None:
    path = "2023/" + "长" * 200 + "/柳河镇\x1b.docx"
    files_of(tmp_path, [Handed(path, "柳河镇", 2022)])
    ((_, hint),) = missing_in(tmp_path)
    assert hint is not None
    assert hint.isprintable()
    assert len(hint) < 120
