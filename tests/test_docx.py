"""Reading the body of a Word file: what is text and what is not, in which order, and where each word stands."""

from __future__ import annotations

import io

import docx
import pytest

from tests.docx_files import (
    OFFICIAL,
    build_docx,
    paragraph,
    root,
    run,
    style,
    table,
)
from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.word.body import DocxParagraph, read_paragraphs
from validator.loaders.word.docx import load_docx
from validator.loaders.word.package import DocxParts, open_docx
from validator.options import Limits

DELETED_MARK = '<w:rPr><w:del w:id="1" w:author="甲"/></w:rPr>'
BEGIN, MIDDLE, END = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "separate", "end"))


def read(body: str, numbering: str | None = None, styles: str | None = None, **extra: str) -> RawDocument:
    return load_docx(
        "报告.docx", build_docx(body, numbering, styles, {n.replace("_", "/"): v for n, v in extra.items()})
    )


def lines(body: str, numbering: str | None = None, styles: str | None = None) -> list[str]:
    return read(body, numbering, styles).text.split("\n")


def paragraphs(data: bytes) -> list[DocxParagraph]:
    return read_paragraphs(*open_docx(data))


def code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def box(inner: str, kind: str = "wps") -> str:
    shape = f"<w:txbxContent>{inner}</w:txbxContent>"
    if kind == "wps":
        return f"<w:drawing><a:graphic><wps:wsp><wps:txbx>{shape}</wps:txbx></wps:wsp></a:graphic></w:drawing>"
    return f"<w:pict><v:shape><v:textbox>{shape}</v:textbox></v:shape></w:pict>"


INLINE = {
    "tab": ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙"),
    "absolute tab": ("<w:r><w:t>甲</w:t><w:ptab/><w:t>乙</w:t></w:r>", "甲\t乙"),
    "line break": ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
    "page break first": ('<w:r><w:br w:type="page"/><w:t>甲</w:t></w:r>', "甲"),
    "hyphens": ("<w:r><w:t>甲</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>乙</w:t></w:r>", "甲-乙"),
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F06C"/><w:t>甲</w:t></w:r>', "甲"),
    "line end in the file": ("<w:r><w:t>甲\n乙</w:t></w:r>", "甲 乙"),
    "hyperlink": (f'<w:hyperlink r:id="x">{run("甲")}</w:hyperlink>{run("乙")}', "甲乙"),
    "smart tag": (f'<w:smartTag w:element="x"><w:smartTagPr/>{run("甲")}</w:smartTag>', "甲"),
    "custom XML": (f'<w:customXml w:element="x">{run("甲")}</w:customXml>', "甲"),
    "unknown wrapper": (f'<w:dir w:val="ltr">{run("甲")}</w:dir>', "甲"),
    "insertion": (f'<w:ins w:id="1">{run("甲")}</w:ins><w:moveTo w:id="2">{run("乙")}</w:moveTo>', "甲乙"),
    "deletion": (
        '<w:del w:id="1"><w:r><w:delText>甲</w:delText></w:r></w:del>'
        f'<w:moveFrom w:id="2">{run("乙")}</w:moveFrom>{run("丙")}',
        "丙",
    ),
    "hidden": (
        f"{run('甲', '<w:vanish/>')}{run('乙', chr(60) + 'w:vanish w:val=' + chr(34) + '0' + chr(34) + '/>')}",
        "乙",
    ),
    "web hidden": (run("甲", "<w:webHidden/>"), "甲"),
    "content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('甲')}</w:sdtContent></w:sdt>", "甲"),
    "placeholder": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>{run('甲')}",
        "甲",
    ),
    "ruby": (
        "<w:r><w:t>甲</w:t><w:ruby><w:rubyPr/><w:rt><w:r><w:t>yǐ</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>乙</w:t></w:r></w:rubyBase></w:ruby><w:t>丙</w:t></w:r>",
        "甲乙丙",
    ),
    "comment": (
        '<w:commentRangeStart w:id="1"/><w:r><w:t>甲</w:t><w:annotationRef/><w:commentReference w:id="1"/></w:r>',
        "甲",
    ),
    "symbol of newer Word": (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx/></mc:Choice>'
        "<mc:Fallback><w:t>☑</w:t></mc:Fallback></mc:AlternateContent><w:t>甲</w:t></w:r>",
        "☑甲",
    ),
    "formula": (
        "<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>",
        "x=1/2",
    ),
    "simple field": (f'<w:fldSimple w:instr="DATE">{run("甲")}</w:fldSimple>', "甲"),
    "field": (f"{BEGIN}{code('HYPERLINK x')}{run('码')}{MIDDLE}{run('甲')}{END}{run('乙')}", "甲乙"),
    "field in a field's code": (
        f"{BEGIN}{code('IF ')}{BEGIN}{code('DATE')}{MIDDLE}{run('日')}{END}{code('=1')}{MIDDLE}{run('甲')}{END}",
        "甲",
    ),
    "circled number": (
        f"{BEGIN}{code(' EQ ')}{code('eq'[:0])}{code(chr(92) + 'o' + chr(92) + 'ac(○,3)')}{END}{run('甲')}",
        "③甲",
    ),
    "field never closed": (f"{BEGIN}{code('PAGE')}{run('甲')}", "甲"),
    "field closed twice": (f"{BEGIN}{code('PAGE')}{MIDDLE}{run('甲')}{END}{END}{MIDDLE}{run('乙')}", "甲乙"),
}


@pytest.mark.parametrize("name", INLINE)
def test_what_is_text_in_a_paragraph(name: str) -> None:
    inner, text = INLINE[name]
    assert read(paragraph(inner=inner) + paragraph("完")).text == f"{text}\n完"


BLOCKS = {
    "content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('甲')}</w:sdtContent></w:sdt>", ["甲"]),
    "placeholder": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('标题')}</w:sdtContent></w:sdt>",
        [],
    ),
    "text that took the place of a prompt": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('甲' * 101)}</w:sdtContent></w:sdt>",
        ["甲" * 101],
    ),
    "drop cap": (paragraph("甲", properties='<w:framePr w:dropCap="drop"/>') + paragraph("乙"), ["甲乙"]),
    "custom XML": (f'<w:customXml w:element="x">{paragraph("甲")}</w:customXml>', ["甲"]),
    "choice": (
        f'<mc:AlternateContent><mc:Choice Requires="w14">{paragraph("甲")}</mc:Choice>'
        f"<mc:Fallback>{paragraph('甲')}</mc:Fallback></mc:AlternateContent>",
        ["甲"],
    ),
    "deleted mark": (paragraph("甲", properties=DELETED_MARK) + paragraph("乙"), ["甲乙"]),
    "moved mark": (paragraph("甲", properties=DELETED_MARK.replace("del", "moveFrom")) + paragraph("乙"), ["甲乙"]),
    "deleted mark before a table": (paragraph("甲", properties=DELETED_MARK) + table((paragraph("乙"),)), ["甲", "乙"]),
    "deleted mark at the end of a cell": (table((paragraph("甲", properties=DELETED_MARK),)), ["甲"]),
    "short row": (table((paragraph("索引号"), paragraph(), paragraph("甲1"))), ["索引号\t甲1"]),
    "long row": (table((paragraph("甲" * 41), paragraph("乙" * 40))), ["甲" * 41, "乙" * 40]),
    "report in a table": (table((paragraph("甲") + paragraph("乙"), paragraph("丙"))), ["甲", "乙", "丙"]),
    "table in a table": (
        table((paragraph("甲"), table((paragraph("乙"), paragraph("丙"))) + paragraph())),
        ["甲\t乙\t丙"],
    ),
    "rows": (table((paragraph("甲"),), (paragraph("乙"), paragraph("丙"))), ["甲", "乙\t丙"]),
    "deleted row": (
        table((paragraph("甲"),)).replace("<w:tr>", '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>') + paragraph("乙"),
        ["乙"],
    ),
    "inserted row": (table((paragraph("甲"),)).replace("<w:tr>", '<w:tr><w:trPr><w:ins w:id="1"/></w:trPr>'), ["甲"]),
    "row in a content control": (
        table((paragraph("甲"),))
        .replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>")
        .replace("</w:tr>", "</w:tr></w:sdtContent></w:sdt>"),
        ["甲"],
    ),
    "covered cells": (
        table(
            (
                '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("甲"),
                '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("乙"),
            ),
            (paragraph("丙"), paragraph("丁"), "<w:tcPr><w:vMerge/></w:tcPr>" + paragraph("旧")),
        ),
        ["甲\t乙", "丙\t丁"],
    ),
    "covered by nothing": (table(("<w:tcPr><w:vMerge/></w:tcPr>" + paragraph("甲"),)), ["甲"]),
    "contents in a content control": (
        paragraph("目  录")
        + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        + f"<w:sdtContent>{paragraph('一、甲 1')}</w:sdtContent></w:sdt>",
        [],
    ),
    "contents field": (
        paragraph("目录")
        + paragraph(inner=f"{BEGIN}{code('TOC ' + chr(92) + 'o')}{MIDDLE}{run('一、甲 1')}")
        + paragraph("二、乙 2")
        + paragraph(inner=END + run("正文")),
        ["正文"],
    ),
    "contents never closed": (paragraph(inner=f"{BEGIN}{code('TOC')}{MIDDLE}") + paragraph("正文"), ["正文"]),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_what_is_a_line(name: str) -> None:
    body, expected = BLOCKS[name]
    assert lines(paragraph("始") + body + paragraph("完")) == ["始", *expected, "完"]


@pytest.mark.parametrize("name", ["toc 1", "TOC 2", "TOC Heading", "目录 1"])
def test_contents_by_the_name_of_the_style(name: str) -> None:
    body = paragraph("目录") + paragraph("一、甲\t1", style="12") + paragraph("正文")
    assert lines(body, styles=style("12", name)) == ["正文"]


@pytest.mark.parametrize("kinds", [("wps",), ("vml",), ("wps", "vml")])
def test_a_text_box_follows_its_paragraph_and_is_read_once(kinds: tuple[str, ...]) -> None:
    inside = paragraph("框一") + paragraph("框二")
    shapes = [box(inside, k) for k in kinds]
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{shapes[0]}</mc:Choice><mc:Fallback>{shapes[-1]}</mc:Fallback></mc:AlternateContent>'
    shape = both if len(kinds) == 2 else shapes[0]
    body = paragraph("甲", inner=f"<w:r>{shape}</w:r>{run('乙')}") + paragraph("丙")
    found = paragraphs(build_docx(body))
    assert lines(body) == ["甲乙", "框一", "框二", "丙"]
    assert [p.in_text_box for p in found] == [False, True, True, False]
    assert found[2].owner is found[0]


def test_a_box_in_a_box_belongs_to_the_body_paragraph() -> None:
    inner = paragraph("外", inner=f"<w:r>{box(paragraph('内'))}</w:r>")
    found = paragraphs(build_docx(paragraph("甲", inner=f"<w:r>{box(inner)}</w:r>")))
    assert [p.text for p in found] == ["甲", "外", "内"]
    assert found[2].owner is found[0]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_follow_the_paragraph_that_refers_to_them(kind: str) -> None:
    part = root(
        f"{kind}s",
        f'<w:{kind} w:type="separator" w:id="0">{paragraph("线")}</w:{kind}>'
        f'<w:{kind} w:id="2">{paragraph("注")}</w:{kind}><w:{kind} w:id="3">{paragraph("没有引用")}</w:{kind}>',
    )
    body = paragraph("甲", inner=f'<w:r><w:{kind}Reference w:id="2"/></w:r>{run("乙")}') + paragraph("丙")
    data = build_docx(body, extra_parts={f"word/{kind}s.xml": part})
    assert load_docx("报告.docx", data).text.split("\n") == ["甲乙", "注", "丙"]
    assert [p.owner is not None for p in paragraphs(data)] == [False, True, False]


@pytest.mark.parametrize(
    ("properties", "paragraph_style", "shown"),
    [
        ("", "藏", False),
        ('<w:rStyle w:val="字藏"/>', "正", False),
        ('<w:rStyle w:val="字藏"/>', "藏", True),
        ('<w:vanish w:val="false"/>', "藏", True),
        ('<w:rStyle w:val="字"/>', "正", True),
    ],
)
def test_hidden_by_a_style(properties: str, paragraph_style: str, shown: bool) -> None:
    styles = (
        style("正", "Normal")
        + style("底", "base", "<w:rPr><w:vanish/></w:rPr>")
        + style("藏", "hidden", based_on="底")
        + style("字藏", "hides", "<w:rPr><w:vanish/></w:rPr>", kind="character")
        + style("字", "shows", kind="character")
    )
    body = paragraph(inner=run("甲", properties), style=paragraph_style) + paragraph("乙")
    assert read(body, styles=styles).text.startswith("甲") is shown


HEADINGS = (
    style("a", "Normal", more='w:default="1"')
    + style("1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("2", "标题 2")
    + style("3", "小标题", based_on="2")
    + style("4", "正文标题", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based_on="2")
    + style("5", "Title", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("6", "标题")
)


@pytest.mark.parametrize(
    ("style_id", "own", "hint"),
    [
        ("1", "", 1),
        ("2", "", 2),
        ("3", "", 2),
        ("4", "", 0),
        ("5", "", 0),
        ("6", "", 0),
        (None, "2", 3),
        ("1", "9", 0),
        ("无", "", 0),
    ],
)
def test_heading_levels(style_id: str | None, own: str, hint: int) -> None:
    properties = f'<w:outlineLvl w:val="{own}"/>' if own else ""
    raw = read(paragraph("始") + paragraph("总体情况", style=style_id, properties=properties), styles=HEADINGS)
    assert raw.hints == (((2, hint),) if hint else ())


def test_a_heading_after_a_page_break_keeps_its_level() -> None:
    raw = read(
        paragraph("始") + paragraph(inner=f'<w:r><w:br w:type="page"/></w:r>{run("总体")}', style="1"), styles=HEADINGS
    )
    assert raw.text[raw.hints[0][0] :] == "总体"
    assert raw.position(2)[1:] == (2, 2, None, 2)


def test_places_count_paragraphs_and_columns_with_the_number() -> None:
    body = (
        paragraph()
        + paragraph("总体情况", num=1)
        + table((paragraph("左"), paragraph() + paragraph("右\n下")))
        + paragraph("甲\n乙", num=1)
    )
    raw = read(body, OFFICIAL)
    assert raw.text == "一、总体情况\n左\n右\n下\n二、甲\n乙"
    for word, place in {
        "一": (2, 1),
        "总": (2, 3),
        "左": (3, 1),
        "右": (5, 1),
        "下": (5, 3),
        "甲": (6, 3),
        "乙": (6, 5),
    }.items():
        found = raw.position(raw.text.index(word))
        assert (found.paragraph, found.line, found.column) == (place[0], *place), word


def test_cells_of_a_row_and_joined_paragraphs_keep_their_own_places() -> None:
    raw = read(
        table((paragraph("甲"), paragraph("乙"))) + paragraph("丙丁", properties=DELETED_MARK) + paragraph("戊己")
    )
    assert raw.text == "甲\t乙\n丙丁戊己"
    assert [raw.position(raw.text.index(c))[2:] for c in "甲乙己"] == [(1, None, 1), (1, None, 2), (2, None, 4)]


def test_runs_carry_every_character_of_a_paragraph() -> None:
    body = paragraph("总体", num=1, inner=f'<w:del w:id="1">{run("删")}</w:del>{run("情况")}{INLINE["ruby"][0]}')
    (found,) = paragraphs(build_docx(body, OFFICIAL))
    assert found.text == "一、总体情况甲乙丙"
    assert (found.number, found.position) == ("一、", 1)
    for item in found.runs:
        assert found.text[item.start :].startswith(item.text)
        own = "".join(t.text or "" for t in item.element.findall("{*}t"))
        assert own[item.skip :].startswith(item.text)


def test_python_docx_trees_have_the_same_paragraphs() -> None:
    body = (
        paragraph("甲", num=1)
        + "<!-- 注 -->"
        + table((paragraph("乙"), paragraph("丙", num=1)))
        + paragraph(inner="<w:r><w:t>丁<!-- 注 -->戊</w:t></w:r>")
    )
    data = build_docx(body, OFFICIAL, HEADINGS)
    opened = docx.Document(io.BytesIO(data))
    part = opened.part
    numbering = part.numbering_part.element
    theirs = read_paragraphs(opened.element, DocxParts(styles=opened.styles.element, numbering=numbering))
    assert [(p.position, p.text) for p in theirs] == [(p.position, p.text) for p in paragraphs(data)]
    assert theirs[-1].text == "丁戊"


def test_a_file_of_python_docx() -> None:
    made = docx.Document()
    made.add_heading("云溪镇人民政府2023年度法治政府建设情况报告", 0)
    made.add_heading("一、主要举措和成效", 1)
    made.add_paragraph("2023年，云溪镇扎实推进各项工作。")
    made.add_paragraph("开展培训12次。", style="List Number")
    buffer = io.BytesIO()
    made.save(buffer)
    raw = load_docx("报告.docx", buffer.getvalue())
    assert raw.text.split("\n")[1:] == ["一、主要举措和成效", "2023年，云溪镇扎实推进各项工作。", "1.开展培训12次。"]
    assert raw.hints == ((raw.text.index("一、"), 1),)


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("header", "穗川县司法局文件 穗司发〔2024〕5号", "穗司发〔2024〕5号"),
        ("footer", "文号：云政函 [2024] 第12号", "云政函[2024]第12号"),
        ("header", "第1页共2页", None),
    ],
)
def test_document_numbers_in_headers_are_meta(kind: str, text: str, number: str | None) -> None:
    part = root("hdr", paragraph(text[:9], inner=run(text[9:])))
    raw = load_docx("报告.docx", build_docx(paragraph("正文"), extra_parts={f"word/{kind}1.xml": part}))
    assert raw.meta == ((("document_number", number),) if number else ())
    assert raw.text == "正文"


@pytest.mark.parametrize("name", ["altChunk", "subDoc"])
def test_files_in_the_file_are_not_passed_over(name: str) -> None:
    with pytest.raises(LoadError, match="另一份文件"):
        read(paragraph("甲") + f'<w:{name} r:id="rId9"/>')


@pytest.mark.parametrize(
    ("body", "words"), [("", "没有文字"), (paragraph(inner="<w:r><w:drawing><a:blip/></w:drawing></w:r>"), "图片")]
)
def test_no_words(body: str, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        read(body)


def test_too_much_text() -> None:
    with pytest.raises(LoadError, match="1 兆字节"):
        load_docx("报告.docx", build_docx(paragraph("法治" * 200_000)), Limits(text_mib=1, ratio=2000))
