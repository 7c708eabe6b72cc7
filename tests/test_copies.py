"""Copied passages are found and shown, whatever was changed to hide them; what everyone writes is no copy."""

from __future__ import annotations

import importlib
import re
from hashlib import sha256
from itertools import pairwise

import pytest

from benchmarks.near_copies import make_report
from tests.conftest import shipped_rules
from validator.audit.across.align import Reading, align, find_anchors
from validator.audit.across.copies import CommonFound, CopyFound, find_copies
from validator.audit.across.plain import LEAST_COUNTED, NAME, count, make_plain, sentences
from validator.audit.across.sketches import BANDS, COLUMNS, WHOLE_BANDS, sketch
from validator.audit.across.table import Sketched
from validator.audit.records import Passage, Side
from validator.document import Location
from validator.normalise.characters import DROPPED, fold
from validator.rule import Formulas

FORMULAS = shipped_rules().formulas
TOY = Formulas(phrases=("依法行政",), leads=("坚持",), names=("青禾镇",))

FERRY = "司法所会同渡口管理员把停航通知改成了大字图示，在六个埠头各立一块，夜间加装反光条，老人孩子一眼就能看懂。"
ORCHARD = "果农与收购商因为秤具不准争了三年，调解室请计量所当场校秤，双方按校准后的重量补结差价，合同从此写明复秤办法。"
POND = "山塘放水历来按辈分排先后，去年改成按受益亩数抽签，抽签结果录像存档，下游三个组没有再为水打过架。"
FIGURES = "全县共受理行政复议案件126件，审结118件，其中维持81件、撤销9件、调解结案28件。"
OTHERS = (
    "夜市摊主自己推选了四名值日员，每晚收摊前互相检查油烟净化器，检查单贴在摊车侧面供食客翻看。",
    "校车停靠点迁到了村口晒场，驾驶员与家长代表一起走了一遍路线，把两处视线死角报给了养护站。",
    "祠堂修缮款由五房各出一名代表共管，每笔支出念给到场族人听，余款存进了小额储蓄账户。",
    "养蜂户转场时常与茶农闹别扭，今年约定花期错开打药，打药前三天在广播里通知两遍。",
    "危桥限重牌被货车撞歪以后，路长当天扶正并拍照上传，第二天就装上了限高门架。",
    "公墓边界按老契约重新丈量，四邻到场指认，界石编号刻在背面，争了两代人的地角定了下来。",
)


def report(*texts: str) -> tuple[Passage, ...]:
    return tuple(Passage(text, "own", Location(n, 1, n, len(text) + 1)) for n, text in enumerate(texts, 1))


def search(*reports: tuple[str | None, int | None, tuple[Passage, ...]]) -> list[CommonFound | CopyFound]:
    """Find what reports (key, year, sentences) share, and hold it to what is always true. Files are numbered from 100."""
    passages = {100 + n: r[2] for n, r in enumerate(reports)}
    sketches = [
        Sketched(100 + n, key, None, year, *sketch(made, FORMULAS)) for n, (key, year, made) in enumerate(reports)
    ]
    told: list[tuple[int, int]] = []
    found = list(
        find_copies(sketches, passages.__getitem__, FORMULAS, advance=lambda done, all_: told.append((done, all_)))
    )
    assert told[-1][0] == told[-1][1]
    copies = [f for f in found if isinstance(f, CopyFound)]
    assert [(c.here, c.there) for c in copies] == sorted({(c.here, c.there) for c in copies})
    for copy in copies:
        assert 0 < copy.share_here <= 1
        assert 0 < copy.share_there <= 1
        assert len(copy.passages) <= 40
        assert sum(p.characters for p in copy.passages) <= copy.characters
        for passage in copy.passages:
            assert marked(passage.here) == marked(passage.there)
            assert passage.characters >= LEAST_COUNTED
    return found


def marked(side: Side) -> list[str]:
    """Return the marked words in one spelling; marks are in order and inside the text."""
    assert side.marks
    assert all(0 <= a < b <= len(side.text) for a, b in side.marks)
    assert all(b <= c for (_, b), (c, _) in pairwise(side.marks))
    return [fold(side.text[a:b]).replace(DROPPED, "").replace(" ", "") for a, b in side.marks]


def pairs(found: list[CommonFound | CopyFound]) -> list[tuple[int, int, str]]:
    return [(f.here, f.there, f.kind) for f in found if isinstance(f, CopyFound)]


def town(name: str, *texts: str, year: int = 2024) -> tuple[str, int, tuple[Passage, ...]]:
    return name, year, report(*texts)


def test_a_copied_passage_is_shown_with_both_texts() -> None:
    found = search(town("a", OTHERS[0], FERRY, ORCHARD), town("b", OTHERS[1], OTHERS[2], FERRY, ORCHARD, OTHERS[3]))
    (copy,) = found
    assert isinstance(copy, CopyFound)
    assert (copy.here, copy.there, copy.kind) == (101, 100, "organ")
    (passage,) = copy.passages
    assert passage.here.text == passage.there.text == FERRY + ORCHARD
    assert (passage.here.place, passage.there.place) == ("第3行", "第2行")
    assert passage.here.marks == passage.there.marks == ((0, len(FERRY + ORCHARD) - 1),)
    assert copy.characters == count("".join(sentences(make_plain(report(FERRY, ORCHARD), FORMULAS))))
    assert copy.share_there > copy.share_here > 0.3


def test_one_sentence_that_two_have_is_no_copy() -> None:
    assert not search(town("a", OTHERS[0], POND), town("b", OTHERS[1], POND))


def test_the_same_figures_of_the_county_are_no_copy() -> None:
    assert not search(town("a", OTHERS[0], FIGURES, OTHERS[1]), town("b", OTHERS[2], FIGURES, OTHERS[3]))


def test_two_reports_on_the_same_matters_in_their_own_words_are_no_copies() -> None:
    own = "渡口的停航通知换成了图，六个埠头都立了牌子，晚上也看得见。"
    other = "果园收购的秤不准，调解室叫来计量所重新校过，差价补给了果农，今后合同里写清楚怎么复秤。"
    assert not search(town("a", FERRY, ORCHARD), town("b", own, other))


FORMULAIC = (
    "坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻党的二十大精神，全面贯彻习近平法治思想，深刻领悟“两个确立”的决定性意义，增强“四个意识”、坚定“四个自信”、做到“两个维护”。",
    "要坚持党对法治政府建设的全面领导，坚持法治国家、法治政府、法治社会一体建设，推进科学立法、严格执法、公正司法、全民守法。",
    "严格落实公众参与、专家论证、风险评估、合法性审查、集体讨论决定等法定程序，坚持科学决策、民主决策、依法决策。",
    "全面推行行政执法公示、执法全过程记录、重大执法决定法制审核制度，落实“谁执法谁普法”普法责任制。",
    "党政主要负责人切实履行推进法治建设第一责任人职责，重要工作亲自部署、重大问题亲自过问、重点环节亲自协调、重要任务亲自督办。",
    "现将2024年度法治政府建设情况报告如下：",
    "深入学习宣传《中华人民共和国宪法》《中华人民共和国民法典》《中华人民共和国行政处罚法》《信访工作条例》《法治政府建设实施纲要（2021－2025年）》。",
    "学习宪法、民法典、行政复议法、行政处罚法、治安管理处罚法、法治宣传教育法等法律法规。",
)


def test_formulas_and_titles_of_law_are_no_copies() -> None:
    assert not search(town("a", *FORMULAIC, OTHERS[0]), town("b", *FORMULAIC, OTHERS[1]))


@pytest.mark.parametrize("text", FORMULAIC)
def test_nothing_that_counts_is_left_of_a_formula(text: str) -> None:
    (left,) = sentences(make_plain(report(text), FORMULAS))
    assert count(left) < LEAST_COUNTED, left


@pytest.mark.parametrize("text", [FERRY, ORCHARD, POND, *OTHERS])
def test_an_own_sentence_is_left_whole(text: str) -> None:
    (left,) = sentences(make_plain(report(text), FORMULAS))
    assert left == re.sub("[，。]", "", text)


def test_formulas_between_copied_words_do_not_hide_the_copy_and_do_not_count() -> None:
    inside = FERRY.replace("，夜间", "，深入贯彻习近平法治思想，夜间")
    bare = search(town("a", FERRY, ORCHARD), town("b", FERRY, ORCHARD))
    with_it = search(town("a", inside, ORCHARD), town("b", FERRY, ORCHARD))
    assert isinstance(bare[0], CopyFound)
    assert isinstance(with_it[0], CopyFound)
    assert bare[0].characters == with_it[0].characters
    assert not any("思想" in word for p in with_it[0].passages for word in marked(p.there))


def test_changed_names_and_figures_do_not_hide_a_copy_and_are_not_marked() -> None:
    text = "2024年，青禾镇对全镇312处沿河摊点逐一登记，青禾镇司法所上门解释46次，" + FERRY
    changed = (
        text.replace("青禾镇", "白渡镇").replace("全镇312", "我镇97").replace("46", "１，203").replace("2024", "2023")
    )
    (copy,) = search(town("a", OTHERS[0], text), town("b", changed, OTHERS[1]))
    assert isinstance(copy, CopyFound)
    words = "".join(marked(copy.passages[0].here))
    assert "处沿河摊点逐一登记" in words
    assert not re.search(r"\d|青禾|白渡|[全我]镇", words)


def test_names_that_are_the_same_are_marked() -> None:
    text = "青禾镇对全镇312处沿河摊点逐一登记，" + FERRY + ORCHARD
    (copy,) = search(town("a", text), town("b", text, OTHERS[1]))
    assert isinstance(copy, CopyFound)
    assert "全镇312处沿河摊点" in "".join(marked(copy.passages[0].here))


def test_other_punctuation_quotes_and_width_do_not_hide_a_copy() -> None:
    changed = FERRY.replace("，", ",").replace("大字图示", "“大字”  图示") + ORCHARD.replace("，", "；")
    (copy,) = search(town("a", OTHERS[0], FERRY, ORCHARD), town("b", changed))
    assert isinstance(copy, CopyFound)
    assert copy.share_here == 1.0


def test_a_passage_split_into_other_sentences_is_one_copy() -> None:
    first, second = FERRY.replace("，在六个", "。在六个").split("。", 1)
    joined = ORCHARD.rstrip("。") + "；" + POND
    (copy,) = search(town("a", FERRY, ORCHARD, POND), town("b", first + "。", second, joined, OTHERS[0]))
    assert isinstance(copy, CopyFound)
    assert copy.share_there > 0.95
    (passage,) = copy.passages
    assert passage.here.text == first + "。" + second + joined


def test_sentences_copied_into_longer_ones_are_found() -> None:
    mine = ("入夏以来事情不少，" + FERRY, ORCHARD.rstrip("。") + "，这个办法后来也用到了茶叶收购上。")
    (copy,) = search(town("a", OTHERS[0], FERRY, ORCHARD), town("b", *mine, OTHERS[1]))
    assert isinstance(copy, CopyFound)
    assert not any("入夏" in word or "茶叶" in word for p in copy.passages for word in marked(p.here))


def test_a_long_sentence_inside_a_much_longer_one_is_aligned() -> None:
    wrapped = OTHERS[0].rstrip("。") + "，" + FERRY.rstrip("。") + "，" + OTHERS[2]
    here, there = (Reading(r, make_plain(r, FORMULAS)) for r in (report(wrapped), report(OTHERS[4], FERRY)))
    shared = align(here, there, find_anchors(here.plain), (), 40)
    assert shared.characters == count(sentences(there.plain)[1])
    assert marked(shared.passages[0].there) == [FERRY.rstrip("。")]


def test_moved_sentences_are_found_apart() -> None:
    first, second = OTHERS[:2], OTHERS[2:4]
    (copy,) = search(town("a", *first, OTHERS[4], *second), town("b", *second, OTHERS[5], *first))
    assert isinstance(copy, CopyFound)
    assert [p.here.place for p in copy.passages] == ["第1行", "第4行"]
    assert [p.there.place for p in copy.passages] == ["第4行", "第1行"]


def test_single_sentences_here_and_there_are_what_all_write() -> None:
    assert search(town("a", FERRY, *OTHERS[:3], ORCHARD), town("b", *OTHERS[3:], ORCHARD, OTHERS[3], FERRY)) == []


def test_a_sentence_said_twice_counts_once() -> None:
    (copy,) = search(town("a", FERRY, ORCHARD), town("b", FERRY, ORCHARD, FERRY, ORCHARD, FERRY))
    assert isinstance(copy, CopyFound)
    assert copy.share_here < 0.5
    (turned,) = search(town("a", FERRY, ORCHARD, FERRY, ORCHARD, FERRY), town("b", FERRY, ORCHARD))
    assert isinstance(turned, CopyFound)
    assert turned.characters == copy.characters


def test_a_copy_of_a_copy_is_traced_to_both() -> None:
    found = search(
        town("a", FERRY, ORCHARD, OTHERS[0]),
        town("b", FERRY, ORCHARD, POND, OTHERS[1]),
        town("c", ORCHARD, POND, OTHERS[2], OTHERS[3]),
    )
    assert pairs(found) == [(101, 100, "organ"), (102, 101, "organ")]


def test_only_a_year_lies_between_copies_of_two_organs() -> None:
    text = (FERRY, ORCHARD)
    assert pairs(search(town("a", *text, year=2023), town("b", *text))) == [(101, 100, "organ")]
    assert not search(town("a", *text, year=2022), town("b", *text))


def test_nobody_is_the_same_as_nobody() -> None:
    text = (None, 2024, report(FERRY, ORCHARD))
    assert pairs(search(text, text)) == [(101, 100, "organ")]
    unknown = (None, None, report(FERRY, ORCHARD))
    assert pairs(search(unknown, unknown, text)) == [(101, 100, "organ")]


def test_an_unknown_year_is_neither_the_same_nor_the_next() -> None:
    unknown = ("a", None, report(FERRY, ORCHARD, POND))
    assert not search(unknown, unknown, town("a", FERRY, ORCHARD, POND))


def test_last_years_report_of_the_same_organ() -> None:
    this = town("a", FERRY, ORCHARD, POND, *OTHERS[:4])
    last = town("a", FERRY, ORCHARD, POND, *OTHERS[4:], year=2023)
    assert pairs(search(this, last)) == [(100, 101, "year")]
    assert pairs(search(last, this)) == [(101, 100, "year")]
    assert not search(this, town("a", FERRY, ORCHARD, POND, year=2022))


def test_an_organ_may_say_a_little_again() -> None:
    own = [s.text for s in make_report(1)[:12]]
    before = [s.text for s in make_report(2)[:12]]
    assert not search(town("a", *before, FERRY, POND, year=2023), town("a", *own, FERRY, POND))
    assert search(town("a", *before, FERRY, POND, year=2023), town("b", *own, FERRY, POND))


def test_two_files_of_one_organ_and_year() -> None:
    assert pairs(search(town("a", FERRY, ORCHARD), town("a", FERRY, ORCHARD, POND))) == [(101, 100, "double")]


def test_what_more_than_twenty_organs_say_is_common_speech() -> None:
    many = [town(f"o{n}", *[s.text for s in make_report(n)[:3]], FERRY, ORCHARD) for n in range(21)]
    found = search(*many)
    assert not pairs(found)
    assert {f.text for f in found if isinstance(f, CommonFound)} == {FERRY, ORCHARD}
    for common in found:
        assert isinstance(common, CommonFound)
        assert (common.organs, common.files) == (21, tuple(range(100, 110)))


def test_common_speech_does_not_count_in_a_copy() -> None:
    many = [town(f"o{n}", *[s.text for s in make_report(n)[:3]], FERRY) for n in range(19)]
    own = [s.text for s in make_report(50)[:6]]
    found = search(*many, town("x", FERRY, ORCHARD, POND, *own), town("y", FERRY, ORCHARD, POND, OTHERS[0]))
    assert pairs(found) == [(120, 119, "organ")]
    (copy,) = (f for f in found if isinstance(f, CopyFound))
    assert copy.characters == count("".join(sentences(make_plain(report(ORCHARD, POND), FORMULAS))))


def test_what_twenty_organs_say_is_not_yet_common() -> None:
    many = [town(f"o{n}", *[s.text for s in make_report(n)[:3]], FERRY, ORCHARD) for n in range(20)]
    found = search(*many)
    assert not [f for f in found if isinstance(f, CommonFound)]
    assert {here for here, _, _ in pairs(found)} == set(range(101, 120))


def test_one_organ_in_many_years_is_not_many_organs() -> None:
    many = [town("a", *[s.text for s in make_report(n)[:3]], FERRY, year=2000 + n) for n in range(24)]
    assert not [f for f in search(*many) if isinstance(f, CommonFound)]


def test_a_template_is_shown_once_for_each_report_that_follows_it() -> None:
    template = [s.text for s in make_report(3)[:30]]
    many = [town(f"o{n}", *template, OTHERS[n % 6]) for n in range(30)]
    found = search(*many)
    assert pairs(found) == [(100 + n, 100, "organ") for n in range(1, 30)]
    assert all(f.share_here > 0.9 for f in found if isinstance(f, CopyFound))
    assert len([f for f in found if isinstance(f, CommonFound)]) == 30


def test_numbers_count_all_passages_but_forty_are_shown() -> None:
    mine, other = [], []
    for n in range(50):
        shared, own = make_report(5)[n].text, make_report(6)[n].text
        mine += [shared, own]
        other += [make_report(7)[n].text, shared]
    (copy,) = search(town("a", *other), town("b", *mine))
    assert isinstance(copy, CopyFound)
    assert len(copy.passages) == 40
    assert sum(p.characters for p in copy.passages) < copy.characters


def test_planted_copies_and_nothing_else_are_found_among_many() -> None:
    found = search(*((f"o{n}", 2024, make_report(n)[:-5]) for n in range(60)))
    assert pairs(found) == [(100 + n, 99 + n, "organ") for n in range(60) if n % 10 == 7]


def test_the_same_again() -> None:
    many = [(f"o{n}", 2024, make_report(n)) for n in range(6, 9)]
    assert search(*many) == search(*many)


def test_a_sketch_is_the_same_on_every_machine() -> None:
    rows, whole = sketch(report(FERRY, "坚持依法行政。", ORCHARD), TOY)
    assert len(rows) == 3 * COLUMNS * 4
    assert len(whole) == WHOLE_BANDS * 4
    assert rows[COLUMNS * 4 : 2 * COLUMNS * 4] == bytes(COLUMNS * 4)
    assert sha256(rows + whole).hexdigest() == "fb5d2264a526bf7eb935246bab77fd4601c1335dc81e1a266a5ca72880a39343"


def test_a_changed_word_leaves_keys_in_common() -> None:
    changed = FERRY.replace("反光条", "照明灯")
    rows = [sketch(report(t), TOY)[0] for t in (FERRY, changed, ORCHARD)]
    keys = [[r[i : i + 4] for i in range(0, BANDS * 4, 4)] for r in rows]
    assert sum(a == b for a, b in zip(keys[0], keys[1], strict=True)) >= 1
    assert not sum(a == b for a, b in zip(keys[0], keys[2], strict=True))


def test_names_and_numbers_become_marks() -> None:
    plain = make_plain(report("青禾镇办结 1,204 件“老案”。", "《关于某事的意见》已坚持依法行政！"), TOY)
    assert sentences(plain) == [f"{NAME}办结0件老案", "已"]
    assert [plain.folded[i] for i in plain.origin] == list("青办结1件老案已")
    assert plain.counted == 6


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        ("。", "\n", " "),
        ("\x00\x01\x02\x03",),
        ("\ud800" * 40, "\ud800" * 40),
        ("《" * 500, "》" * 500),
        ("坚持" * 400, "在" * 900, "根据" * 300 + "的" * 300),
        ("\u200b" + FERRY + "=1+1", "<b>" + ORCHARD),
    ],
)
def test_no_text_breaks_it(texts: tuple[str, ...]) -> None:
    search(town("a", *texts), town("b", *texts), town("b", *texts, year=2023))


def test_patterns_do_not_repeat_repetitions() -> None:
    parser = importlib.import_module("re._parser")

    def depth(node: object) -> int:
        """Return how many repetitions stand inside one another."""
        if isinstance(node, parser.SubPattern | list | tuple):
            inside = max((depth(n) for n in node), default=0)
            repeats = isinstance(node, tuple) and len(node) == 3 and isinstance(node[2], parser.SubPattern)
            return inside + (1 if repeats and node[1] not in (0, 1) else 0)
        return 0

    assert depth(parser.parse("(?:a{0,3}b){2}")) == 2
    assert depth(parser.parse("(?:a{0,3}b)?")) == 1
    for pattern in (*FORMULAS.phrases, *FORMULAS.leads, *FORMULAS.names):
        assert depth(parser.parse(pattern)) <= 1, pattern
