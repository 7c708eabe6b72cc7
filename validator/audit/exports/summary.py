"""An audit → 审核情况汇总.docx: what a leader reads in two minutes, then tables; the workbook has what is cut off."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from validator.audit.exports.opinion_review import ECHO_WORDS, name_level, name_report, show_percent
from validator.audit.read import Audit
from validator.audit.records import ECHO_KINDS, About, Copy, FileRow, Missing, RuleInfo
from validator.audit.standing import (
    Files,
    Standing,
    find_standing,
    name_ruleset,
    say_beside,
    say_pairs,
    say_repeated,
    say_standing,
)
from validator.letter import Letter, build_template, open_letter, shorten
from validator.reporters.words import FILE_WORDS, LEVEL_WORDS, SEVERITY_WORDS
from validator.result import Outcome

_MOST_LISTED = 100
_MOST_REGIONS = 40
_MOST_FAULTS = 20
_MOST_PAIRS = 20
_NAMED_FAULTS = 3
_MOST_TIED = 6
_ORDER: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
_NOBODY = "没有认定"
_GROUND_WORDS = {"content": "报告内容", "duty": "单位职责", "editorial": "编辑惯例"}


class Counts(NamedTuple):
    """Files by outcome after decisions: all, and by year, level and region."""

    all: Counter[Outcome]
    years: dict[str, Counter[Outcome]]
    levels: dict[str, Counter[Outcome]]
    regions: dict[str, Counter[Outcome]]


class Fault(NamedTuple):
    """A rule, the files that fail it, and those it applied to."""

    rule: RuleInfo
    failed: int
    asked: int


def write_summary(audit: Audit, path: Path) -> None:
    """Write the summary of an audit as a Word file.

    Args:
        audit: the audit; its files are read one by one.
        path: of the .docx file; an existing one is replaced.

    Raises:
        OptionError: it cannot be written.
    """
    about = audit.about()
    letter = open_letter(build_template())
    years = "、".join(str(y) for y in sorted(audit.years()))
    letter.title("法治政府建设年度报告审核情况汇总", f"（{years}年度）" if years else "")
    files = Files(about.due)
    counts, faults, shared = _count(audit.files(), files), _find_faults(audit, about.due), _find_shared(audit)
    standing, echoes = find_standing(audit, files), _count_echoes(audit)
    missing = Counter(m.year for m in audit.missing())
    letter.heading("一、总体情况")
    if about.state != "finished":
        letter.say("这次审核还没有做完，下面的数字不全。")
    letter.say(say_standing(standing))
    if any(f.rule.severity == "error" for f in faults):
        letter.say(_name_worst(faults))
    for sentence in say_beside(standing):
        letter.say(sentence)
    letter.heading("二、各年度、各层级、各地区")
    _write_groups(letter, counts)
    letter.heading(f"三、最常见的问题{f'（{about.due}年度）' if about.due else ''}")
    _write_faults(letter, faults)
    letter.heading("四、报送情况")
    _write_missing(letter, audit, sum(missing.values()), about)
    _write_late_and_doubles(letter, audit, standing)
    letter.heading("五、各报告之间、与上年之间相同的文字")
    _write_shared(letter, shared, standing, echoes)
    letter.heading("六、未能检查的文件")
    _write_errors(letter, audit, counts.all["error"])
    letter.heading("七、怎样审核的")
    _write_method(letter, audit, about, counts.all)
    letter.save(path)


def _count(rows: Iterable[FileRow], files: Files) -> Counts:
    counts = Counts(Counter(), defaultdict(Counter), defaultdict(Counter), defaultdict(Counter))
    for file in rows:
        files.add(file)
        if file.attachment:
            continue
        who = file.who
        counts.all[file.decided] += 1
        counts.years[f"{who.year}年" if who.year else _NOBODY][file.decided] += 1
        counts.levels[name_level(who.level) if who.level else _NOBODY][file.decided] += 1
        counts.regions[who.region or _NOBODY][file.decided] += 1
    return counts


def _find_faults(audit: Audit, year: int | None) -> list[Fault]:
    """Return the rules that files fail, the most frequent first."""
    failed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for rate in audit.rates(year=year):
        if rate.outcome in ("pass", "fail", "review"):
            asked[rate.rule] += rate.files
        if rate.outcome == "fail":
            failed[rate.rule] += rate.files
    found = [Fault(rule, failed[rule.id], asked[rule.id]) for rule in audit.rules() if failed[rule.id]]
    return sorted(found, key=lambda f: -f.failed)


def _find_shared(audit: Audit) -> list[Copy]:
    """Return the pairs of organs that share most."""
    return list(islice((c for c in audit.copies() if c.kind == "organ"), _MOST_PAIRS))


def _count_echoes(audit: Audit) -> Counter[str]:
    return Counter({kind: audit.count("echo", f"kind = '{kind}'") for kind in ECHO_KINDS})


def _name_worst(faults: Sequence[Fault]) -> str:
    """Return the mandatory rules that most reports fail; those with as many as the last one named are named too."""
    must = [f for f in faults if f.rule.severity == "error"]
    named = [f for f in must if f.failed >= must[:_NAMED_FAULTS][-1].failed]
    if len(named) > _MOST_TIED:
        named = [f for f in named if f.failed == must[0].failed]
    told = "、".join(f"{f.rule.title}（{f.failed}份）" for f in named[:_MOST_TIED])
    more = f"等{len(named)}项" if len(named) > _MOST_TIED else ""
    first = sum(1 for f in must if f.failed == must[0].failed)
    same = f"前{first}项一样多" if 1 < first < len(named) else "一样多" if first > 1 else ""
    return f"必备项中不通过最多的是：{told}{more}{f'（{same}）' if same else ''}。"


def _write_groups(letter: Letter, counts: Counts) -> None:
    if len(counts.years) > 1:
        letter.note("下面的表把各年度的报告都算在内。")
    head = ("", "合计", *(FILE_WORDS[o] for o in _ORDER))
    widths = (2.4, 1, *(1.2 for _ in _ORDER))
    if len(counts.years) > 1:
        letter.table(("年度", *head[1:]), _rows(sorted(counts.years.items(), reverse=True)), widths)
    order = {name: number for number, name in enumerate(LEVEL_WORDS.values())}
    levels = sorted(counts.levels.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    letter.table(("层级", *head[1:]), _rows(levels), widths)
    regions = sorted(counts.regions.items(), key=lambda item: (-item[1]["fail"], item[0]))
    letter.table(("地区", *head[1:]), _rows(regions[:_MOST_REGIONS]), widths)
    if len(regions) > _MOST_REGIONS:
        letter.note(f"共{len(regions)}个地区，表中是不符合的份数最多的{_MOST_REGIONS}个，其余见审核工作簿的统计表。")


def _rows(groups: Iterable[tuple[str, Counter[Outcome]]]) -> list[tuple[str, ...]]:
    return [(name, str(sum(c.values())), *(str(c[o]) for o in _ORDER)) for name, c in groups]


def _write_faults(letter: Letter, faults: Sequence[Fault]) -> None:
    if not faults:
        letter.say("没有不通过的项目。")
        return
    rows = [
        (
            f"{f.rule.title}（{f.rule.id}）",
            SEVERITY_WORDS[f.rule.severity],
            "、".join(_GROUND_WORDS[g] for g in _GROUND_WORDS if g in {b.relation for b in f.rule.basis}),
            f"{f.failed}份",
            show_percent(f.failed / f.asked),
        )
        for f in faults[:_MOST_FAULTS]
    ]
    letter.table(("检查项", "分量", "依据规定的是", "不通过", "占适用的"), rows, (4, 1.3, 1.6, 1.2, 1.2))
    letter.note("依据只规定了单位职责的，没有规定必须写进报告；编辑惯例没有法律或文件规定。")
    if len(faults) > len(rows):
        letter.note(f"另有{len(faults) - len(rows)}项，见审核工作簿。")


def _write_missing(letter: Letter, audit: Audit, total: int, about: About) -> None:
    if about.roster is None:
        letter.say("没有给名册，不知道谁没有报送。")
        return
    if not total:
        letter.say("名册上的单位都报送了。")
        return
    letter.lead(f"未报送的{total}家：")
    rows: list[tuple[str, str, str]] = []
    shown = 0
    for (year, region), group in groupby(audit.missing(), key=lambda m: (m.year, m.entry.region)):
        names = [_name_missing(m) for _, m in zip(range(_MOST_LISTED - shown), group, strict=False)]
        shown += len(names)
        if names:
            rows.append((f"{year}年", region or "没有写明", "、".join(names)))
        if shown >= _MOST_LISTED:
            break
    letter.table(("年度", "地区", "单位"), rows, (1, 1.5, 5))
    _point_on(letter, total - shown, "家")


def _name_missing(missing: Missing) -> str:
    return f"{missing.entry.organ}（{missing.hint.rstrip('。')}）" if missing.hint else missing.entry.organ


def _write_late_and_doubles(letter: Letter, audit: Audit, standing: Standing) -> None:
    if standing.late:
        letter.lead(f"逾期公开{standing.late}份：")
        rows = [(name_report(x.file), x.published, x.due) for x in islice(audit.late(), _MOST_LISTED)]
        letter.table(("报告", "公开日期", "最后期限（含当日）"), rows, (4, 1.5, 1.9))
        _point_on(letter, standing.late - len(rows), "份")
    if standing.organs:
        letter.lead(f"重复报送{say_repeated(standing)}：")
        doubles = list(islice(audit.doubles(), _MOST_LISTED))
        told = [
            (f"{d.organ}，{d.year}年", "、".join(f.path for f in d.files), "相同" if d.identical else "不同")
            for d in doubles
        ]
        letter.table(("单位和年度", "文件", "文字"), told, (2.4, 5, 0.8))
        _point_on(letter, standing.repeated - sum(len(d.files) for d in doubles), "份")


def _write_shared(letter: Letter, largest: Sequence[Copy], standing: Standing, echoes: Mapping[str, int]) -> None:
    if not any(standing.pairs.values()) and not standing.echoes:
        letter.say("没有找到。")
        return
    letter.say(f"雷同段落：{say_pairs(standing)}。")
    if largest:
        letter.lead("不同单位之间相同的文字最多的是：")
        rows = [
            (name_report(c.here), name_report(c.there), str(c.characters), show_percent(c.share_here)) for c in largest
        ]
        letter.table(("报告", "与它相同的报告", "相同的字", "占前一份的"), rows, (3, 3, 1.1, 1.3))
        _point_on(letter, standing.pairs["organ"] - len(rows), "对")
    if standing.pairs["year"]:
        letter.say("与本单位上年报告相同的，原文对照见各单位的审核意见书。")
    for kind in ECHO_KINDS:
        if echoes.get(kind):
            letter.say(f"{ECHO_WORDS[kind]}：{echoes[kind]}处。")
    letter.note("名称、上级文件的原话等通用的文字没有计入。相同不等于抄写，都要请人看过再定。")


def _write_errors(letter: Letter, audit: Audit, total: int) -> None:
    if not total:
        letter.say("没有，全部文件都查了。")
        return
    letter.lead(f"{total}份没有结论，要处理后再审核：")
    broken = (f for f in audit.files() if f.decided == "error")
    rows = [
        (f.path, shorten(f.error or "没有记下原因", 120)) for _, f in zip(range(_MOST_LISTED), broken, strict=False)
    ]
    letter.table(("文件", "原因"), rows, (1, 1))
    _point_on(letter, total - len(rows), "份")


def _write_method(letter: Letter, audit: Audit, about: About, counts: Mapping[Outcome, int]) -> None:
    checked = sum(n for outcome, n in counts.items() if outcome != "error")
    letter.note(
        f"用{name_ruleset(about)}、方案 {about.profile} 的{len(audit.rules())}条规则，"
        f"检查了{about.files}个文件中的{checked}个。程序版本 {about.tool_version}。"
    )
    letter.note("结论只由必备项决定。数字都已计入复核人的意见。审核只看报告写了什么、没有写什么，不评价工作本身。")
    told = audit.agreement()
    agreed, disagreed = sum(a.agreed for a in told), sum(a.disagreed for a in told)
    if told:
        letter.note(f"复核人作了{agreed + disagreed}个决定，同意程序的{agreed}个，不同意的{disagreed}个。")
    else:
        letter.note("还没有复核人的意见。")
    letter.note("每份报告、每条规则的结果和原文，见审核工作簿和各单位的审核意见书。")


def _point_on(letter: Letter, left: int, unit: str) -> None:
    if left > 0:
        letter.note(f"还有{left}{unit}，见审核工作簿。")
