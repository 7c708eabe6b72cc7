"""Kind ``personal_data``: no identity, mobile or bank card number of a person. What is found is shown masked."""

from __future__ import annotations

import re
from datetime import date

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import PersonalDataCheck
from validator.rule import Rule

_NUMBER = re.compile(r"(?<![\dA-Za-z.])\d{11,19}[Xx]?(?![\dA-Za-z]|\.\d)")
_MOBILE = re.compile(r"(?<![\dA-Za-z.])(?:\+?86-?)?(1[3-9]\d-?\d{4}-?\d{4})(?![\dA-Za-z]|\.\d)")
_MEASURED = re.compile(r"[元万亿%件次人份吨米]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_BEFORE = 12


def check_personal_data(rule: Rule, check: PersonalDataCheck, context: CheckContext) -> Verdict:
    """Pass without such a number; fail once for each."""
    text = context.document.text
    found = [(Span(*m.span(1)), "手机号") for m in _MOBILE.finditer(text)]
    found += [(Span(*m.span()), kind) for m in _NUMBER.finditer(text) if (kind := _kind_of(m.group())) is not None]
    findings = []
    for span, kind in sorted(found):
        before = text[max(0, span.start - _BEFORE) : span.start]
        if not _MEASURED.match(text, span.end) and not context.patterns.any(check.numbered, before):
            message = f"出现{kind}（{_mask(context.text(span))}），发布前应删去。"
            findings.append(context.finding(rule, "fail", message=message, at=span))
    return Verdict("fail" if findings else "pass", (), tuple(findings))


def _mask(number: str) -> str:
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def _kind_of(number: str) -> str | None:
    if is_identity_number(number):
        return "身份证号"
    if 16 <= len(number) <= 19 and number.isdigit() and number[0] in "3456" and is_luhn(number):
        return "银行卡号"
    return None


def is_identity_number(number: str) -> bool:
    """Tell whether 18 characters are an identity number: a real birthday and a valid check digit (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=False))
    return 1900 <= born.year <= 2100 and _CHECK_DIGITS[total % 11] == number[17].upper()


def is_luhn(number: str) -> bool:
    """Tell whether a card number satisfies the Luhn formula (ISO/IEC 7812-1)."""
    digits = [int(d) for d in reversed(number)]
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
