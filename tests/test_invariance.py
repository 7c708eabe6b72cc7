"""Outcomes do not change under encoding, line ends, width, blank lines or spaces between Chinese characters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import SPECIMENS
from validator.engine import Engine
from validator.loaders.text import load_text
from validator.runner import check_bytes

NAMES = ("passes-all.txt", "slogan-headings.txt", "merged-headings.txt", "running-text.txt", "nested-principal.txt")
_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789()"} | {ord("%"): "％"}
_NARROW = str.maketrans("（）０１２３４５６７８９％", "()0123456789%")


_KNOWN: dict[bytes, dict[str, str]] = {}


def outcomes(engine: Engine, data: bytes) -> dict[str, str]:
    """Return the outcome of each rule; the same bytes are checked once."""
    if data not in _KNOWN:
        _KNOWN[data] = {r.id: r.outcome for r in check_bytes(engine, "报告.txt", data).rules}
    return dict(_KNOWN[data])


@pytest.fixture(params=NAMES)
def text(request: pytest.FixtureRequest) -> str:
    path = SPECIMENS / request.param
    return load_text(path.name, Path(path).read_bytes()).text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "utf-16-le"])
def test_encoding(engine: Engine, text: str, encoding: str) -> None:
    assert outcomes(engine, text.encode(encoding)) == outcomes(engine, text.encode())


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(engine: Engine, text: str, end: str) -> None:
    changed = text.replace("\r\n", "\n").replace("\n", end)
    assert outcomes(engine, changed.encode()) == outcomes(engine, text.encode())


@pytest.mark.parametrize("table", [_WIDE, _NARROW], ids=["wide", "narrow"])
def test_width(engine: Engine, text: str, table: dict[int, str]) -> None:
    assert outcomes(engine, text.translate(table).encode()) == outcomes(engine, text.encode())


def test_half_width_marks(engine: Engine, text: str) -> None:
    changed = text.translate(str.maketrans("，；：！？“”", ',;:!?""'))
    before, after = outcomes(engine, text.encode()), outcomes(engine, changed.encode())
    assert after.pop("W604") == "fail"
    assert before.pop("W604") in ("pass", "fail")
    assert after == before


def test_blank_lines(engine: Engine, text: str) -> None:
    assert outcomes(engine, text.replace("\n", "\n\n　\n").encode()) == outcomes(engine, text.encode())


@pytest.mark.parametrize("space", [" ", "\u3000", "\u200b", "\u00a0"])
def test_spaces_between_all_characters(engine: Engine, text: str, space: str) -> None:
    changed = re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", space, text)
    assert outcomes(engine, changed.encode()) == outcomes(engine, text.encode())


def test_a_space_inside_a_word_makes_no_list_mark(engine: Engine) -> None:
    text = "云溪镇2023年法治政府建设总结\n2023年，我镇推进法治。\n一、做法\n思想统 一是前提。依据前款 （一）办理9件。"
    assert outcomes(engine, text.encode())["H701"] == "pass"


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_spaces_between_some_characters(engine: Engine, text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.sets(st.integers(min_value=1, max_value=len(text) - 1), max_size=40)), reverse=True)
    changed = text
    for place in places:
        if all("\u4e00" <= c <= "\u9fff" for c in changed[place - 1 : place + 1]):
            changed = f"{changed[:place]} {changed[place:]}"
    assert outcomes(engine, changed.encode()) == outcomes(engine, text.encode())


@given(st.binary(max_size=400) | st.text(max_size=300).map(str.encode))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_result(engine: Engine, data: bytes) -> None:
    result = check_bytes(engine, "报告.txt", data)
    assert [r.id for r in result.rules] == [r.id for r in engine.chosen]
    assert not [e for e in result.errors if "程序出错" in e]
    assert not [r for r in result.rules if "规则运行出错" in (r.reason or "")]
