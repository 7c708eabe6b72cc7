"""The reading process: its answers are those of the loader, and nothing that goes wrong in it reaches the others."""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import pytest

from tests.docx_files import build_docx, paragraph
from validator.document import Place, RawDocument
from validator.errors import LoadError, OptionError
from validator.loaders.reader import Reader
from validator.loaders.table import load
from validator.loaders.worker import answer_one, decode_answer, encode_document, encode_request
from validator.options import DEFAULT_LIMITS, Limits, parse_limits

REPORT = build_docx(
    paragraph("云溪镇人民政府2023年度法治政府建设情况报告") + paragraph("2023年，云溪镇扎实推进各项工作。")
)


def helper(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_document_comes_back_as_the_loader_made_it() -> None:
    with Reader() as reader:
        assert reader.read("报告.docx", REPORT) == load("报告.docx", REPORT)
        with pytest.raises(LoadError, match=r"不完整|损坏"):
            reader.read("报告.docx", REPORT[: len(REPORT) // 2])
        assert reader.read("另一份.docx", REPORT).name == "另一份.docx"


def test_text_needs_no_process() -> None:
    with Reader(command=helper("raise SystemExit")) as reader:
        assert reader.read("报告.txt", "云溪镇\n".encode()).text == "云溪镇\n"


def test_a_stuck_parser_is_stopped() -> None:
    began = time.monotonic()
    with (
        Reader(Limits(seconds=1), command=helper("import time; time.sleep(60)")) as reader,
        pytest.raises(LoadError, match="用了 1 秒还没读完"),
    ):
        reader.read("报告.docx", REPORT)
    assert time.monotonic() - began < 20


@pytest.mark.slow
def test_what_a_stuck_parser_started_is_stopped_too(tmp_path: object) -> None:
    mark = f"{tmp_path}/alive"
    code = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1.5); open({mark!r}, 'w')"])
time.sleep(60)
"""
    with Reader(Limits(seconds=1), command=helper(code)) as reader, pytest.raises(LoadError):
        reader.read("报告.docx", REPORT)
    time.sleep(1.2)
    from pathlib import Path

    assert not Path(mark).exists()


def test_a_crash_is_one_sentence_and_the_next_file_is_read() -> None:
    with Reader(command=helper("import os; os.abort()")) as reader:
        with pytest.raises(LoadError, match="崩溃"):
            reader.read("报告.docx", REPORT)
        reader._command = Reader()._command
        assert "云溪镇" in reader.read("报告.docx", REPORT).text


@pytest.mark.skipif(sys.platform == "win32", reason="this system knows no such limit")
def test_memory_is_limited() -> None:
    code = """
import sys
from validator.loaders import worker
worker.load = lambda *a, **k: bytearray(3 << 30)
worker.main()
"""
    with Reader(Limits(memory_mib=300), command=helper(code)) as reader, pytest.raises(LoadError, match="内存超过 300"):
        reader.read("报告.docx", REPORT)


@pytest.mark.parametrize(("error", "words"), [(KeyError("秘密"), "KeyError"), (RecursionError(), "层次太深")])
def test_any_fault_of_a_loader_is_an_answer(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def broken(*_: object, **__: object) -> RawDocument:
        raise error

    monkeypatch.setattr("validator.loaders.worker.load", broken)
    monkeypatch.setattr("validator.loaders.worker._limit_memory", lambda _: None)
    with pytest.raises(LoadError, match=words) as caught:
        decode_answer(answer_one(encode_request("报告.docx", DEFAULT_LIMITS, ocr=False), REPORT))
    assert "秘密" not in str(caught.value)


def test_every_field_survives_the_way() -> None:
    raw = RawDocument(
        "甲.pdf",
        "ab",
        "一、工作\n二",
        (Place(0, 1, 2, 3, None), Place(5, 9, 1, None, 4)),
        hints=((0, 1),),
        meta=(("source", "县司法局"),),
        reading="ocr",
    )
    assert decode_answer(encode_document(raw)) == raw
    assert decode_answer(encode_document(replace(raw, text="\ud800"))).text == "\ud800"


def test_too_large_a_file_is_not_sent() -> None:
    with (
        Reader(Limits(file_mib=1), command=helper("raise SystemExit")) as reader,
        pytest.raises(LoadError, match="1 兆字节"),
    ):
        reader.read("报告.docx", b"0" * (1 << 20) + b"1")


def test_limits_are_named_numbers() -> None:
    assert parse_limits(["seconds=5", "pages = 7"]) == replace(DEFAULT_LIMITS, seconds=5, pages=7)
    for wrong in ("second=5", "seconds", "seconds=0", "seconds=-1", "seconds=x", ""):
        with pytest.raises(OptionError, match="--limit"):
            parse_limits([wrong])
