"""For those who correct a report, and their chief: a Word 整改清单 of one file, or of several with a part for each.

The conclusion comes first, then what must be corrected, what a person must look at, and what is only advised; each with
an empty field for what was done. What was waived or was known before is named at the end. ``letter`` says how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from validator.letter import Cell, Letter, Words, build_template, open_letter, shorten
from validator.reporters.words import (
    HOW_SURE,
    NO_CONCLUSION,
    OUTCOME_WORDS,
    READ_BY_OCR,
    accepted,
    conclude_file,
    conclude_run,
    describe_acceptance,
    describe_accepted,
    describe_basis,
    describe_candidate,
    describe_coverage,
    describe_expected,
    describe_level,
    describe_place,
    describe_replacement,
    describe_ruleset,
    name_outcome,
    needs_attention,
    open_findings,
)
from validator.result import FileResult, Finding, RuleResult, RunResult

_TITLE = "法治政府建设年度报告整改清单"
_NUMBERS = "一二三四五六七"
_MOST_FINDINGS = 20
_MOST_CANDIDATES = 2
_LABELS = (1.0, 5.0)
"""Widths of a table whose first column names the rows."""
_EMPTY = (Words(""),) * 2
"""Room for two lines of handwriting."""
_BLANK = "〔    〕"
_SIGNERS = ("整改人", "审核人")


class Work(NamedTuple):
    """What is to be done about a file: mandatory rules that fail, those that a person must look at, and advice."""

    must: list[RuleResult]
    look: list[RuleResult]
    advice: list[RuleResult]

    @property
    def parts(self) -> tuple[tuple[str, str, list[RuleResult]], ...]:
        """The parts of the list: a heading, what it means, and the rules."""
        return (
            ("必须改的", "下面各项是必备项，没有通过。", self.must),
            ("要人工看的", "下面各项是必备项，程序拿不准，请人看过再定。", self.look),
            ("建议改的", "下面各项不影响结论。", self.advice),
        )


def render_todo(result: RunResult) -> bytes:
    """Return the list as the bytes of a Word file."""
    letter = open_letter(build_template())
    if len(result.files) == 1:
        file = result.files[0]
        letter.title(_name(file), _TITLE)
        number = _write_file(letter, file)
        letter.heading(f"{_NUMBERS[number]}、说明")
        _write_notes(letter, result)
        _sign(letter, file)
        return letter.pack()
    letter.title("法治政府建设年度报告", "整改清单")
    letter.heading("一、总的情况")
    letter.say(conclude_run(result) if result.files else "没有要检查的文件。")
    _write_overview(letter, result.files)
    letter.heading("二、说明")
    _write_notes(letter, result)
    for file in result.files:
        if _has_part(file):
            letter.part(_name(file), _TITLE)
            _write_file(letter, file)
            _sign(letter, file)
    return letter.pack()


def _sort(file: FileResult) -> Work:
    """Return what counts, in the order of the checklist."""
    mandatory = needs_attention(file, "error")
    hints = (*needs_attention(file, "warning"), *needs_attention(file, "note"))
    return Work(
        [r for r in mandatory if r.outcome == "fail"],
        [r for r in mandatory if r.outcome == "review"],
        [r for r in hints if r.outcome != "error"],
    )


def _has_part(file: FileResult) -> bool:
    """Tell whether there is more to say about a file than that it passes."""
    return file.outcome != "pass" or any(_sort(file)) or bool(accepted(file))


def _name(file: FileResult) -> str:
    """Return whose report it is, and of which year; the name of the file where nobody knows."""
    facts = file.facts
    if facts is None or not facts.organ:
        return f"文件“{shorten(_base_name(file), 40)}”"
    return f"{facts.organ}{f'{facts.reporting_year}年' if facts.reporting_year else ''}"


def _base_name(file: FileResult) -> str:
    return file.path.replace("\\", "/").rpartition("/")[2]


def _write_overview(letter: Letter, files: Sequence[FileResult]) -> None:
    """Write a row for each file, and which of them have no part of their own."""
    rows: list[tuple[Cell, ...]] = []
    for number, file in enumerate(files, 1):
        known = file.facts is not None and bool(file.facts.organ)
        named: Cell = (Words(_name(file)), Words(_base_name(file))) if known else _base_name(file)
        counts = ("", "", "") if file.errors else tuple(str(len(rules)) for rules in _sort(file))
        rows.append((str(number), named, name_outcome(file), *counts))
    letter.table(("序号", "单位和文件", "结论", "必须改", "人工看", "建议改"), rows, (1, 4.6, 2.4, 1.5, 1.5, 1.5))
    if any(not _has_part(f) for f in files):
        letter.say("没有要改之处的文件，后面不再单列。")


def _write_file(letter: Letter, file: FileResult) -> int:
    """Write everything about a file but the line for who signs; return how many headings it has."""
    _write_head(letter, file)
    letter.heading(f"{_NUMBERS[0]}、结论")
    work = _sort(file)
    for sentence in _conclude(file, work):
        letter.say(sentence)
    count = 1
    for heading, meaning, rules in () if file.errors else work.parts:
        if rules:
            letter.heading(f"{_NUMBERS[count]}、{heading}")
            letter.lead(meaning)
            count += 1
        for number, rule in enumerate(rules, 1):
            _write_item(letter, number, rule)
    excused = () if file.errors else accepted(file)
    if excused:
        letter.heading(f"{_NUMBERS[count]}、不计入结论的")
        rows = [(_title(r), OUTCOME_WORDS[r.outcome], f"{describe_accepted(r)}。") for r in excused]
        letter.table(("检查项", "结果", "为什么不计入"), rows, (3, 1, 3))
        count += 1
    return count


def _write_head(letter: Letter, file: FileResult) -> None:
    facts = file.facts
    rows: list[tuple[str, str]] = []
    if facts is not None:
        rows += [
            ("单位", f"{facts.organ}（{describe_level(facts)}）" if facts.organ else "没有认定"),
            ("年度", f"{facts.reporting_year}年" if facts.reporting_year else "没有认定"),
            ("报告标题", facts.title or "没有读到"),
        ]
    letter.table((), [*rows, ("文件", file.path), ("整改期限", _BLANK)], _LABELS)


def _conclude(file: FileResult, work: Work) -> Iterator[str]:
    """Yield the conclusion, and what it rests on, the most important first."""
    if file.errors:
        yield NO_CONCLUSION
        yield from (f"原因：{message}" for message in file.errors)
        return
    if file.outcome == "error":
        yield "有规则未能检查，没有结论。下面列的不是全部。"
        yield from (f"{_title(r)}未能检查：{r.reason or '没有记下原因'}。" for r in file.rules if r.outcome == "error")
    else:
        end = "" if any(work) else "不用整改。"
        yield f"{name_outcome(file)}。{conclude_file(file)}{end}"
    for heading, _, rules in work.parts[:2]:
        if rules:
            yield f"{heading}{len(rules)}项：{'、'.join(r.title for r in rules)}。"
    if file.reading == "ocr":
        yield READ_BY_OCR


def _title(rule: RuleResult) -> str:
    return f"{rule.title}（{rule.id}）"


def _write_item(letter: Letter, number: int, rule: RuleResult) -> None:
    """Write a rule: what is wrong, where, what to write, on what grounds, and room for what was done."""
    letter.subheading(number, _title(rule))
    every = open_findings(rule)
    shown = every[:_MOST_FINDINGS]
    left = len(every) - len(shown)
    known = len(rule.findings) - len(every)
    wrong = [*_number([_describe(f, rule) for f in shown])] or [rule.reason or rule.title]
    wrong += [f"还有{left}处同样的问题，没有列出。"] if left else []
    wrong += [f"另有{known}处已在基线中，不计入。"] if known else []
    near = [describe_candidate(c) for f in shown for c in f.candidates[:_MOST_CANDIDATES]]
    fields = (
        ("问题", wrong),
        ("在哪里", [*_number([_locate(f) for f in shown])]),
        ("看过不算的", _once(near)[: 2 * _MOST_CANDIDATES]),
        ("可以这样写", [*_number([_replace(f) for f in shown]), *_once([line for f in shown for line in _advise(f)])]),
        ("依据", [describe_basis(b) for b in rule.basis]),
    )
    rows: list[tuple[Cell, Cell]] = [
        (name, tuple(map(Words, filter(None, said)))) for name, said in fields if any(said)
    ]
    letter.table((), [*rows, ("整改情况", _EMPTY)], _LABELS, apart=True)


def _describe(finding: Finding, rule: RuleResult) -> str:
    """Return the message; outside of what must be looked at anyhow it says where a person must look."""
    known = rule.outcome == "review" and rule.severity == "error"
    doubt = "（拿不准，请人看）" if finding.outcome == "review" and not known else ""
    return f"{finding.message}{doubt}"


def _locate(finding: Finding) -> str:
    """Return the place and the words that stand there, or where what is missing should stand."""
    place, expected = describe_place(finding), describe_expected(finding)
    words = f"原文：“{finding.excerpt}”" if finding.excerpt and finding.excerpt != finding.section else ""
    return "。".join(x for x in (f"应写在：{expected}".rstrip("。") if expected else place, words) if x)


def _replace(finding: Finding) -> str:
    """Return what to write in place of the words there; nothing where no program may say."""
    return f"改为{describe_replacement(finding)}" if finding.replacement else describe_replacement(finding)


def _advise(finding: Finding) -> Iterator[str]:
    """Yield a model wording, line by line."""
    if finding.suggestion and finding.suggestion != finding.replacement:
        yield from (line for line in finding.suggestion.splitlines() if line.strip())


def _number(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with a number before each, unless they are the same or there is one only."""
    if len(set(lines)) == 1:
        yield lines[0]
    else:
        yield from (f"{number}. {line}" for number, line in enumerate(lines, 1) if line)


def _once(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def _write_notes(letter: Letter, result: RunResult) -> None:
    letter.note(f"必备项决定结论，“建议改的”不影响结论。{HOW_SURE}")
    letter.note("“可以这样写”里的〔  〕由报告单位按实际情况填写，没有做的工作不要写。本清单不评价工作本身。")
    days = sorted({f.as_of for f in result.files if f.as_of})
    if days:
        letter.note(f"按{'、'.join(days)}有效的规定检查。" if len(days) < 4 else "按各报告年度末有效的规定检查。")
    sets = dict.fromkeys(f.ruleset or result.ruleset for f in result.files)
    letter.note(f"{'；'.join(map(describe_ruleset, sets or (result.ruleset,)))}。{describe_coverage(result)}")
    for sentence in describe_acceptance(result):
        letter.note(sentence.strip())


def _sign(letter: Letter, file: FileResult) -> None:
    if file.outcome != "pass" or any(_sort(file)):
        letter.say("改好以后，请再检查一次。")
    for who in _SIGNERS:
        letter.sign(f"{who}：{_BLANK}  日期：{_BLANK}")
