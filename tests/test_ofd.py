"""Reading OFD files: the same paragraphs as from a PDF, the odd ways of writing one, and what is refused."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.ofd_files import build_ofd, image_object, layer, pack_ofd, print_ofd, text_object
from tests.pdf_files import Paper, Print, build_pdf, typeset
from tests.test_layout import OPENING, PLAN, REPORT, WORK
from validator.errors import LoadError
from validator.loaders.paper.ofd import load_ofd
from validator.loaders.paper.ofd_text import deltas
from validator.options import Limits

BODY = typeset([(WORK, "body")], Paper(page_numbers=False))[0]
INNER = "".join(map(text_object, BODY))
LONG = [*REPORT[:-2], *REPORT[2:]]


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(LoadError) as caught:
        load_ofd("报告.ofd", data, limits or Limits())
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("。")
    return message


def test_report_comes_back_paragraph_by_paragraph() -> None:
    raw = load_ofd("报告.ofd", build_ofd(LONG))
    assert raw.text.split("\n") == [text for text, _ in LONG]
    assert raw.reading == "text"


def test_places_are_those_of_the_same_page_in_a_pdf() -> None:
    from validator.loaders.paper.pdf import load_pdf

    assert load_ofd("报告.ofd", build_ofd(LONG)).places == load_pdf("报告.pdf", build_pdf(LONG)).places


@pytest.mark.parametrize(("namespace", "prefix"), [("", ""), ("http://www.ofdspec.org", "ofd"), ("urn:x", "")])
def test_namespace_and_prefix_do_not_matter(namespace: str, prefix: str) -> None:
    assert load_ofd("报告.ofd", pack_ofd([layer(INNER)], namespace=namespace, prefix=prefix)).text == WORK


def test_advances() -> None:
    assert deltas("g 3 5.5 2 g 2 1") == [5.5, 5.5, 5.5, 2, 1, 1]
    assert deltas("5 G 1 4 x") == [5, 4]
    assert deltas("g 3") == []
    assert len(deltas("g 999999999 1")) <= 100_000


def test_text_without_advances_and_with_several_codes() -> None:
    inner = (
        '<ofd:TextObject Boundary="28 30 150 8" Size="5.6"><ofd:TextCode X="0" Y="6">云溪镇</ofd:TextCode>'
        '<ofd:TextCode X="40" Y="6" DeltaX="5.6">报告</ofd:TextCode></ofd:TextObject>'
    )
    assert load_ofd("报告.ofd", pack_ofd([layer(inner)])).text == "云溪镇 报告"


def test_matrix_scales_and_moves() -> None:
    inner = (
        '<ofd:TextObject Boundary="28 30 150 8" Size="2.8" CTM="2 0 0 2 1 1">'
        '<ofd:TextCode X="0" Y="3" DeltaX="g 3 2.8">全年开展</ofd:TextCode></ofd:TextObject>'
        '<ofd:TextObject Boundary="51.4 31 150 8" Size="5.6">'
        '<ofd:TextCode X="0" Y="6" DeltaX="g 1 5.6">检查</ofd:TextCode></ofd:TextObject>'
    )
    assert load_ofd("报告.ofd", pack_ofd([layer(inner)])).text == "全年开展检查"


def test_nested_blocks_composite_objects_and_slanted_stamps() -> None:
    unit = f'<ofd:CompositeGraphicUnit ID="77" Width="210" Height="297"><ofd:Content>{INNER}</ofd:Content>'
    resources = f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    used = '<ofd:PageBlock><ofd:PageBlock><ofd:CompositeObject Boundary="0 0 210 297" ResourceID="77"/></ofd:PageBlock>'
    stamp = text_object(Print("内部资料", 100, 300, 40), matrix="0.7 0.7 -0.7 0.7 0 0")
    data = pack_ofd([layer(used + "</ofd:PageBlock>" + stamp)], resources=resources)
    assert load_ofd("报告.ofd", data).text == WORK


def test_template_is_page_furniture_but_counts_as_a_line() -> None:
    head = layer(text_object(Print("云溪镇公文用纸", 80, 60, 10)))
    raw = load_ofd("报告.ofd", pack_ofd([layer(INNER)], template=head))
    assert raw.text == WORK
    assert raw.places[0].line == 2


def test_page_may_begin_elsewhere() -> None:
    number = text_object(Print("— 1 —", 280, 790, 14))
    whole = layer(INNER + number)
    assert load_ofd("报告.ofd", pack_ofd([whole], box="-10 -10 230 317")).text == WORK


def test_several_documents_in_one_package_are_all_read() -> None:
    assert load_ofd("报告.ofd", pack_ofd([layer(INNER)], copies=2)).text == f"{WORK}\n{WORK}"


def test_scan_is_named_and_hidden_words_under_it_are_recognised_ones() -> None:
    scan = image_object(0, 0, 210, 297)
    assert "第2页是扫描图片" in refused(pack_ofd([layer(INNER), layer(scan)]))
    hidden = "".join(text_object(line, 'Alpha="0"') for line in BODY)
    raw = load_ofd("报告.ofd", pack_ofd([layer(scan + hidden)]))
    assert (raw.text, raw.reading) == (WORK, "ocr")
    assert "没有文字" in refused(pack_ofd([layer(hidden)]))
    assert load_ofd("报告.ofd", pack_ofd([layer(INNER + image_object(150, 250, 40, 40))])).reading == "text"


def _renamed(data: bytes, old: str, new: str) -> bytes:
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(stream, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename.replace(old, new), source.read(info))
    return stream.getvalue()


def test_part_names_in_another_case_or_with_backslashes() -> None:
    good = pack_ofd([layer(INNER)])
    assert load_ofd("报告.ofd", _renamed(good, "Doc_0", "doc_0")).text == WORK
    assert load_ofd("报告.ofd", _renamed(good, "/", "\\")).text == WORK


GOOD = build_ofd(LONG)
BOMB = '<!DOCTYPE a [<!ENTITY b "法治政府">]>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"%PDF-1.7", ".pdf"),
        ("云溪镇".encode(), "不是 OFD"),
        (GOOD[: len(GOOD) // 2], "不完整"),
        (_renamed(GOOD, "OFD.xml", "x.xml"), "不是 OFD"),
        (_renamed(GOOD, "OFD.xml", "word/document.xml"), ".docx"),
        (_renamed(GOOD, "Page_1", "Page_9"), "不完整"),
        (pack_ofd([layer(INNER)], extra="Encryptions.xml"), "加密"),
        (pack_ofd([layer("")]), "没有文字"),
        (pack_ofd([layer("<ofd:PageBlock>" * 250 + "</ofd:PageBlock>" * 250)]), "层次太深"),
    ],
)
def test_what_cannot_be_read_is_one_plain_sentence(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_entities_are_refused() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("OFD.xml", f"{BOMB}<OFD><DocBody><DocRoot>&b;</DocRoot></DocBody></OFD>")
    assert "不完整" in refused(stream.getvalue())


def test_limits() -> None:
    assert "超过 1 页" in refused(build_ofd(LONG * 2), Limits(pages=1))
    assert "超过 3 个部件" in refused(build_ofd(LONG), Limits(members=3))
    huge = pack_ofd([layer(INNER + " " * 3_000_000)])
    assert "大得不正常" in refused(huge, Limits(ratio=20))
    assert "超过 1 兆字节" in refused(huge, Limits(expanded_mib=1))


def test_garbled_text() -> None:
    lines = [Print("鑻彲銈勶紝蹇犻湶鐗﹂懣鏀惧粋" * 2, 80, 110 + 28 * i) for i in range(3)]
    assert "乱码" in refused(print_ofd([lines]))


def test_columns_and_tables_go_through_the_same_layout() -> None:
    left = typeset([(WORK, "body"), (PLAN, "body")], Paper(left=60, right=284, page_numbers=False))[0]
    right = typeset([(OPENING, "body"), (PLAN, "body")], Paper(left=312, right=536, page_numbers=False))[0]
    assert load_ofd("报告.ofd", print_ofd([[*right, *left]])).text.split("\n") == [WORK, PLAN, OPENING, PLAN]
