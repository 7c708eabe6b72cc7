"""Comments in a copy of a Word file: at the words they are about, and nothing else of the file is changed."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from tests.conftest import SPECIMENS
from tests.docx_files import build_docx, paragraph, relationships, root, run
from validator.annotation.docx import annotate_docx
from validator.annotation.notes import Note, collect_notes
from validator.document import Location
from validator.engine import Engine
from validator.errors import LoadError
from validator.loaders.office import find_office
from validator.loaders.word.docx import load_docx
from validator.options import DEFAULT_LIMITS
from validator.result import Waiver
from validator.runner import check_bytes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOLD, RED = "<w:b/>", '<w:color w:val="FF0000"/>'


def note(first: int, start: int, end: int, last: int | None = None, text: str = "请改") -> Note:
    """A note on columns ``start`` to ``end`` (exclusive) of a paragraph, or up to another paragraph."""
    return Note("必备项", "必", text, Location(first, start, last or first, end, None, first), False)


def add(data: bytes, *notes: Note) -> bytes:
    return annotate_docx(data, notes, DEFAULT_LIMITS)


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def marked(data: bytes, number: int = 0) -> str:
    """The words between the marks of a comment."""
    words, inside = [], False
    for node in part(data).iter():
        if node.tag in (f"{W}commentRangeStart", f"{W}commentRangeEnd") and node.get(f"{W}id") == str(number):
            inside = node.tag == f"{W}commentRangeStart"
        elif inside and node.tag == f"{W}t":
            words.append(node.text or "")
        elif inside and node.tag in (f"{W}tab", f"{W}br"):
            words.append("\t" if node.tag == f"{W}tab" else "\n")
    return "".join(words)


def letters(data: bytes) -> list[tuple[str, str]]:
    """Every character with the properties of its run, paragraph by paragraph."""
    found: list[tuple[str, str]] = []
    for node in part(data).iter(f"{W}p", f"{W}t", f"{W}tab", f"{W}br"):
        if node.tag == f"{W}p":
            found.append(("¶", ""))
            continue
        properties = node.getparent().find(f"{W}rPr")  # type: ignore[union-attr]
        look = "" if properties is None else etree.tostring(properties, encoding="unicode").split(">", 1)[-1]
        found += [(c, look) for c in (node.text or "")] if node.tag == f"{W}t" else [(str(node.tag), look)]
    return found


@pytest.mark.parametrize(
    ("body", "columns", "words"),
    [
        (paragraph("云溪镇扎实推进各项工作"), (1, 4), "云溪镇"),
        (paragraph("云溪镇扎实推进各项工作"), (4, 6), "扎实"),
        (paragraph("云溪镇扎实推进各项工作"), (10, 12), "工作"),
        (paragraph("云溪", inner=run("镇扎实", BOLD) + run("推进", RED)), (2, 7), "溪镇扎实推"),
        (paragraph("云\t溪\n镇"), (2, 5), "\t溪\n"),
        (paragraph("云溪", inner=f"<w:hyperlink w:anchor='a'>{run('镇扎实')}</w:hyperlink>"), (4, 5), "扎"),
        (paragraph("云溪", inner=f"<w:ins w:id='9' w:author='x'>{run('镇扎实')}</w:ins>"), (4, 5), "扎"),
        (paragraph("云溪", inner=f"<w:sdt><w:sdtContent>{run('镇扎实')}</w:sdtContent></w:sdt>"), (4, 5), "扎"),
        (paragraph("云溪", inner=f"<w:fldSimple w:instr='REF a'>{run('镇扎实')}</w:fldSimple>"), (4, 5), "镇扎实"),
        (
            paragraph("云溪", inner=f"<w:del w:id='9'><w:r><w:delText>甲乙</w:delText></w:r></w:del>{run('镇')}"),
            (3, 4),
            "镇",
        ),
        (f"<w:tbl><w:tr><w:tc>{paragraph('云溪镇扎实')}</w:tc></w:tr></w:tbl>", (4, 6), "扎实"),
    ],
)
def test_the_marks_stand_at_the_words(body: str, columns: tuple[int, int], words: str) -> None:
    data = build_docx(paragraph() + body)
    copy = add(data, note(2, *columns))
    assert marked(copy) == words
    assert letters(copy) == letters(data)


def test_columns_count_the_automatic_number() -> None:
    numbering = root("numbering", "").split(">", 2)[2].removesuffix("</w:numbering>") + (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    data = build_docx(paragraph("主要举措", num=1) + paragraph("存在问题", num=1), numbering)
    assert load_docx("a.docx", data).text == "一、主要举措\n二、存在问题"
    copy = add(data, note(2, 3, 5), note(1, 1, 3), note(2, 1, 7))
    assert [marked(copy, i) for i in range(3)] == ["存在", "主要举措", "存在问题"]


def test_a_range_over_two_paragraphs() -> None:
    data = build_docx(paragraph("甲乙丙丁") + paragraph("戊己庚辛"))
    assert marked(add(data, note(1, 3, 3, last=2))) == "丙丁戊己"


def test_many_comments_on_the_same_words() -> None:
    data = build_docx(paragraph("云溪镇扎实推进各项工作"))
    copy = add(data, note(1, 1, 4), note(1, 3, 6), note(1, 3, 6), note(1, 1, 12))
    assert [marked(copy, i) for i in range(4)] == ["云溪镇", "镇扎实", "镇扎实", "云溪镇扎实推进各项工作"]
    assert letters(copy) == letters(data)


def test_comments_on_one_place_stand_in_their_order() -> None:
    copy = add(build_docx(paragraph("云溪镇")), *(note(1, 1, 4, text=str(n)) for n in range(3)))
    ends = [n.get(f"{W}id") for n in part(copy).iter(f"{W}commentReference")]
    assert ends == ["0", "1", "2"]


def test_a_text_box_a_note_and_an_empty_paragraph_are_marked_where_they_hang() -> None:
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{paragraph('框里的字')}</w:txbxContent></v:textbox></w:pict></w:r>"
    foot = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = root("footnotes", f'<w:footnote w:id="2">{paragraph("注里的字")}</w:footnote>')
    body = paragraph("甲乙", inner=box) + paragraph("丙丁", inner=foot) + paragraph()
    data = build_docx(body, extra_parts={"word/footnotes.xml": notes})
    raw = load_docx("a.docx", data)
    where = {raw.text[p.start :].split("\n")[0]: p.paragraph for p in raw.places}
    copy = add(data, note(where["框里的字"] or 0, 1, 3), note(where["注里的字"] or 0, 1, 3), note(5, 1, 1))
    assert marked(copy, 0).startswith("甲乙")
    assert [marked(copy, 1), marked(copy, 2)] == ["丙丁", "丙丁"]


def test_everything_else_keeps_its_bytes() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    extra: dict[str, str | bytes] = {
        "word/media/a.png": b"\x89PNG",
        "docProps/app.xml": "<a/>",
        "customXml/item1.xml": "<b  c='1'/>",
    }
    data = build_docx(paragraph("云溪镇", style="1"), styles=styles, extra_parts=extra)
    copy = add(data, note(1, 1, 3))
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(io.BytesIO(copy)) as after:
        new = set(after.namelist()) - set(before.namelist())
        assert new == {"word/comments.xml"}
        same = [n for n in before.namelist() if before.read(n) == after.read(n)]
        assert set(before.namelist()) - set(same) == {
            "word/document.xml",
            "[Content_Types].xml",
            "word/_rels/document.xml.rels",
        }
        assert after.testzip() is None


def test_authors_texts_and_no_date() -> None:
    data = build_docx(paragraph("云溪镇"))
    copy = add(data, note(1, 1, 3, text="【不通过】P101\n没有写。"))
    comment = part(copy, "word/comments.xml")[0]
    assert (comment.get(f"{W}author"), comment.get(f"{W}initials"), comment.get(f"{W}date")) == ("必备项", "必", None)
    assert ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in comment.iter(f"{W}p")] == [
        "【不通过】P101",
        "没有写。",
    ]
    assert copy == add(data, note(1, 1, 3, text="【不通过】P101\n没有写。"))


def test_comments_that_were_there_stay() -> None:
    old = root("comments", f'<w:comment w:id="7" w:author="张三">{paragraph("看过")}</w:comment>')
    body = paragraph("云溪镇", inner='<w:commentRangeStart w:id="7"/><w:commentRangeEnd w:id="7"/>')
    base = {
        "word/comments.xml": old,
        "word/_rels/document.xml.rels": relationships(("comments", "comments.xml")),
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        '<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/></Types>',
    }
    copy = add(build_docx(body, extra_parts=base), note(1, 1, 3))
    comments = part(copy, "word/comments.xml")
    assert [c.get(f"{W}author") for c in comments] == ["张三", "必备项"]
    assert marked(copy, 8) == "云溪"


def test_a_file_that_cannot_be_written_again_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import docx

    def refuse(_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(docx, "Document", refuse)
    with pytest.raises(LoadError, match="加不了批注"):
        add(build_docx(paragraph("云溪镇")), note(1, 1, 3))


REPORT = (
    "云溪镇人民政府2023年度法治政府建设情况报告",
    "2023年，云溪镇扎实推进法治政府建设，现将有关情况报告如下。",
    "一、2023年推进法治政府建设的主要举措和成效",
    "全年开展普法宣传12场次，受教育群众3000人次，加强法制宣传教育。",
    "二、存在的不足和原因",
    "执法力量不足，原因是人员编制少。",
    "云溪镇人民政府",
    "2024年1月20日",
)


def test_the_findings_of_a_report(engine: Engine) -> None:
    data = build_docx("".join(paragraph(line) for line in REPORT))
    result = check_bytes(engine, "报告.docx", data)
    notes = collect_notes(result)
    copy = annotate_docx(data, notes, DEFAULT_LIMITS)
    comments = part(copy, "word/comments.xml")
    assert len(comments) == len(notes) == sum(len(r.findings) for r in result.rules if r.outcome in ("fail", "review"))
    said = {i: "".join(c.itertext()) for i, c in enumerate(comments)}
    missing = next(i for i, t in said.items() if "P104 " in t)
    assert marked(copy, missing) == REPORT[5]
    assert "可以这样写" in said[missing]
    assert "依据：" in said[missing]
    wrong = next(i for i, t in said.items() if "W601 " in t)
    assert marked(copy, wrong) == "法制"
    assert {c.get(f"{W}author") for c in comments} == {"必备项", "应改项", "质量提示"}
    assert letters(copy) == letters(data)
    for rule, finding, number in (
        (r, f, i)
        for i, (r, f) in enumerate((r, f) for r in result.rules for f in r.findings if r.outcome in ("fail", "review"))
    ):
        if finding.excerpt and not finding.excerpt.endswith("…"):
            assert "".join(marked(copy, number).split()) == "".join(finding.excerpt.split()), rule.id


@pytest.mark.slow
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_an_office_program_reads_the_comments(engine: Engine, tmp_path: Path) -> None:
    data = build_docx("".join(paragraph(line) for line in REPORT))
    notes = collect_notes(check_bytes(engine, "报告.docx", data))
    (tmp_path / "a.docx").write_bytes(data)
    (tmp_path / "b.docx").write_bytes(annotate_docx(data, notes, DEFAULT_LIMITS))
    command = [str(find_office()), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "odt", "--outdir", str(tmp_path), str(tmp_path / "a.docx"), str(tmp_path / "b.docx")]
    subprocess.run(command, capture_output=True, check=True)
    before, after = (_content(tmp_path / f"{name}.odt") for name in "ab")
    marks = list(after.iter(f"{OFFICE}annotation"))
    assert sorted(str(m.findtext(f"{DC}creator")) for m in marks) == sorted(n.author for n in notes)
    assert not list(before.iter(f"{OFFICE}annotation"))
    etree.strip_elements(after, f"{OFFICE}annotation", with_tail=False)
    assert _words(after) == _words(before) == list(REPORT)


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"


def _content(file: Path) -> etree._Element:
    with zipfile.ZipFile(file) as archive:
        return etree.fromstring(archive.read("content.xml"))


def _words(content: etree._Element) -> list[str]:
    return [words for p in content.iter(f"{TEXT}p") if (words := "".join(p.itertext()))]


def test_known_findings_have_no_note_and_waived_ones_say_so(engine: Engine) -> None:
    result = check_bytes(engine, "报告.txt", (SPECIMENS / "missing-plan.txt").read_bytes())
    failed = next(r for r in result.rules if r.outcome == "fail")
    waiver = Waiver(failed.id, "报告.txt", "机构改革", "王某", "2099-12-31")
    known = replace(failed, findings=tuple(replace(f, known=True) for f in failed.findings))
    assert len(collect_notes(replace(result, rules=(failed,)))) == len(failed.findings)
    assert collect_notes(replace(result, rules=(known,))) == ()
    note = collect_notes(replace(result, rules=(replace(failed, waiver=waiver),)))[0]
    assert "已豁免：机构改革（王某批准，有效期至2099-12-31）" in note.text
