"""Items of the calendar in Chinese sentences, and as iCalendar. Nothing here says more than the item does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from validator.law.calendar import Item, Organ, Plan
from validator.reporters.words import KIND_WORDS, LEVEL_WORDS, STATUS_WORDS
from validator.result import SourceStatus

_NO_DAY = "查到的文字没有写时间"


def name_organ(organ: Organ) -> str:
    """Return a kind of organ in words; a government with its level."""
    if organ.kind == "government":
        return f"{LEVEL_WORDS[organ.level]}政府"
    return {"town": "乡镇政府", "department": "县级以上政府部门"}.get(organ.kind, KIND_WORDS[organ.kind])


def tell_deed(item: Item) -> str:
    """Return what is to be done, in a few words."""
    reference = "（参照）" if item.reference_only else ""
    if item.action == "publish":
        return f"向社会公开年度报告{reference}"
    copy = f"，抄送{'、'.join(item.copy_to)}" if item.copy_to else ""
    return f"向{'、'.join(item.to)}报告{copy}{reference}"


def tell_day(item: Item) -> str:
    """Return when, as the source says it, with the year."""
    if item.due is None:
        return _NO_DAY
    return f"{item.due.year}年{item.said}"


def tell_clause(item: Item) -> str:
    """Return the clause in one sentence, with how sure it is."""
    number = f"（{item.number}）" if item.number else ""
    quote = item.quote.replace("“", "‘").replace("”", "’")
    notes = [_sure(item.status, "条文"), "参照执行，依据没有点名这类单位" if item.reference_only else ""]
    if item.due is not None and item.due_status != item.status:
        notes.append(_sure(item.due_status, "时间"))
    told = "；".join(n for n in notes if n)
    return f"《{item.title}》{number}{item.article}：“{quote}”{f'（{told}）' if told else ''}"


def tell_item(item: Item) -> str:
    """Return an item in one line: when, what, and how sure."""
    notes = [n for n in (STATUS_WORDS[item.due_status], item.note.rstrip("。")) if n]
    told = "；".join(notes)
    return f"{tell_day(item)}，{tell_deed(item)}{f'（{told}）' if told else ''}。"


def tell_gaps(plan: Plan) -> Iterator[str]:
    """Yield what the calendar does not say."""
    if not plan.known:
        yield f"没有查到{plan.year}年度报告报送和公开的规定。这不表示没有要求，请看本地的文件。"
    elif not plan.items:
        yield f"{plan.year}年度的规定没有点名这类单位。报不报、哪一天报，按本地的要求。"
    if plan.items:
        yield "本地另有要求的，按本地的要求。"


def _sure(status: SourceStatus, what: str) -> str:
    return {"verified": "", "restated": "文字据转述", "unverified": f"{what}未核实"}[status]


def render_ics(plan: Plan, organs: str) -> str:
    """Return a calendar file (RFC 5545) with a whole-day event for each item that has a day.

    Args:
        plan: what is due.
        organs: for whom, as part of the name of every event; empty: each item names its organs.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fazhi-validator//calendar//ZH", "CALSCALE:GREGORIAN"]
    for item in plan.items:
        if item.due is not None:
            lines += _event(item, item.due, plan.year, organs or "、".join(map(name_organ, item.organs)))
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _fold(line))


def _event(item: Item, due: date, year: int, organs: str) -> Iterator[str]:
    told = "\n".join((tell_item(item), f"依据：{tell_clause(item)}"))
    yield "BEGIN:VEVENT"
    yield f"UID:{item.id}-{year}@fazhi-validator"
    yield f"DTSTAMP:{year}1231T000000Z"
    yield f"DTSTART;VALUE=DATE:{due:%Y%m%d}"
    yield f"SUMMARY:{_escape(f'{item.said}：{organs}{tell_deed(item)}')}"
    yield f"DESCRIPTION:{_escape(told)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    for raw, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(raw, safe)
    return "".join(c for c in text if c.isprintable())


def _fold(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes; all but the first begin with a blank."""
    room, piece = 75, ""
    for char in line:
        size = len(char.encode())
        if size > room:
            yield piece
            piece, room = " ", 74
        piece += char
        room -= size
    yield piece
