"""Reading saved web pages: the report and nothing around it, in whatever markup; places; encodings; broken files."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.html_files import RELATED, STYLES, build_mhtml, build_page
from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.web.hidden import hidden_names
from validator.loaders.web.html import load_html, load_mhtml
from validator.options import Limits

TITLE = "云溪镇人民政府2023年度法治政府建设情况报告"
REPORT = [
    "2023年，云溪镇人民政府深入学习贯彻“习近平法治思想”，扎实推进依法行政，现将有关情况报告如下。",
    "一、主要举措和成效",
    "（一）强化理论学习。全年组织中心组学习4次、会前学法12次，参加学习的机关干部达320人次，学习记录由党政办公室逐次归档备查。",
    "（二）规范行政执法。落实行政执法“三项制度”，配备执法记录仪6台，公示执法信息86条，开展案卷评查2次，评查案卷40卷。",
    "强化普法宣传",
    "落实“谁执法谁普法”责任制，开展宣传活动26场，发放资料5000份；受众6200人次，覆盖全部11个村和2个社区。",
    "二、存在的不足和原因",
    "执法力量不足。因为机构改革后人员划转尚未到位，持证人员只有5名，夜间巡查安排不开。",
    "三、2024年主要安排",
    "充实执法力量，上半年组织执法资格考试1次，新增持证人员3名，建立与县直部门的联合巡查机制。",
    "云溪镇人民政府",
    "2024年1月19日",
]
WHOLE = [TITLE, *REPORT]
PARAGRAPHS = "\n".join(f"<p>{p}</p>" for p in REPORT)


def page(body: str, head: str = "") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}-穗川县人民政府</title>{head}</head><body>{body}</body></html>'.encode()


def read(body: str | bytes) -> RawDocument:
    return load_html("报告.html", body if isinstance(body, bytes) else page(body))


def lines(body: str | bytes) -> list[str]:
    return read(body).text.split("\n")


def test_fragments_in_a_page_of_prose() -> None:
    """``inner`` is how the short tests below look at markup: between paragraphs of a report."""
    assert inner("<p>甲</p>") == ["甲"]


def inner(markup: str) -> list[str]:
    """Return the lines that markup gives in the midst of a report."""
    found = lines(f"<div>{PARAGRAPHS}{markup}<p>{REPORT[2]}</p></div>")
    assert found[: len(REPORT)] == REPORT
    assert found[-1] == REPORT[2]
    return found[len(REPORT) : -1]


def read_or_say(body: str | bytes) -> RawDocument | str:
    """Return the document, or the sentence that refuses the file."""
    try:
        return read(body)
    except LoadError as exc:
        return str(exc)


def meta(body: str | bytes) -> dict[str, str]:
    return dict(read(body).meta)


@pytest.mark.parametrize("style", STYLES)
def test_every_kind_of_page_gives_the_report_and_nothing_else(style: str) -> None:
    assert lines(build_page(TITLE, REPORT, style=style)) == WHOLE


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"br"}))
def test_headings_of_the_text_are_hints(style: str) -> None:
    levels = [2 if re.match("[一二三]、", p) else 0 for p in REPORT]
    raw = read(build_page(TITLE, REPORT, style=style, levels=levels))
    assert raw.text.split("\n") == WHOLE
    hinted = {raw.text[at:].split("\n")[0]: n for at, n in raw.hints}
    assert {k: n for k, n in hinted.items() if k != TITLE} == {p: 2 for p in REPORT if re.match("[一二三]、", p)}


@pytest.mark.parametrize("style", STYLES)
def test_places_are_those_of_the_source(style: str) -> None:
    data = build_page(TITLE, REPORT, style=style)
    check_places(data.decode("gb18030" if style in ("table", "filtered") else "utf-8"), read(data))


def check_places(source: str, raw: RawDocument) -> None:
    rows = re.split(r"\r\n|\r|\n", source)
    ends = [p.start for p in raw.places[1:]] + [len(raw.text)]
    for place, end in zip(raw.places, ends, strict=True):
        words = raw.text[place.start : end].rstrip("\n")
        there = rows[place.line - 1][place.column - 1 :]
        assert there.startswith(words) or there.startswith("&") or words in (" ", "\t"), (words, there[:20])


MARKUP = {
    "unclosed paragraphs": ("<p>甲<p>乙<P>丙", ["甲", "乙", "丙"]),
    "unclosed items": ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
    "misnested": ("<p><b>甲<i>乙</b>丙</i></p><p>丁</p>", ["甲乙丙", "丁"]),
    "stray ends": ("甲</div></span></p></td>乙<p>丙</p>", ["甲", "乙", "丙"]),
    "uppercase": ("<DIV ALIGN=center><FONT FACE=宋体>甲</FONT><BR>乙</DIV>", ["甲", "乙"]),
    "inline elements": ("<p>依<b>法</b><span>行<i>政</i></span></p>", ["依法行政"]),
    "office paragraph": ("<p class=MsoNormal>甲<o:p></o:p></p><p><o:p>&nbsp;</o:p></p>", ["甲"]),
    "hidden from browsers": ("<p>甲<!--[if gte mso 9]>乙。<![endif]-->丙</p>", ["甲丙"]),
    "shown to browsers": ("<p><!--[if !mso]><!-->甲<!--<![endif]-->乙</p>", ["甲乙"]),
    "downlevel revealed": ("<p><![if !supportLists]><span>1.</span><![endif]>甲</p>", ["1.甲"]),
    "comment with arrows": ("<p>甲<!-- a > b -- c > -->乙<!----><!-->丙</p>", ["甲乙丙"]),
    "declarations": ('<?xml:namespace prefix="o" ns="urn:x" /><p>甲<!foo>乙<![foo[丙]]>丁</p>', ["甲乙丁"]),
    "cdata": ("<p><![CDATA[甲<乙&丙]]>丁</p>", ["甲<乙&丙丁"]),
    "script and style": ("<script>if(a<b){'<p>乙</p>'}</script><STYLE>p{}</STYLE ><p>甲</p>", ["甲"]),
    "script closed in itself": ("<script src='x.js'/><p>甲</p>", ["甲"]),
    "self-closed or not": ("<p>甲<a href=/>乙</a><b/>丙<i class=x/>丁</i></p>", ["甲乙丙丁"]),
    "unclosed quote": ("<p>甲<a title='乙>丙</a>丁</p>", ["甲丙丁"]),
    "form fields": ("<p>甲<select><option>乙</select><input value=丙><textarea>丁</textarea></p>", ["甲"]),
    "not displayed": ("<p>甲</p><p style='color:red; DISPLAY: none'>乙</p><p hidden>丙</p>", ["甲"]),
    "looks hidden": ("<div class='tab-pane hide' aria-hidden=true style='display: block'>甲</div>", ["甲"]),
    "block by style": ("<span style='display:block'>甲</span><span>乙</span>", ["甲", "乙"]),
    "named references": ("<p>&ldquo;甲&rdquo;&amp;&lt;乙&gt;&nbsp丙</p>", ["“甲”&<乙>\xa0丙"]),
    "numbers as references": ("<p>&#20113;&#x6EAA;&#65;</p>", ["云溪A"]),
    "no references": ("<p>甲&;乙&#;丙&#x;丁 & 戊&nosuch;己</p>", ["甲&;乙&#;丙&#x;丁 & 戊&nosuch;己"]),
    "bare signs": ("<p>甲 < 乙 > 丙<3</p>", ["甲 < 乙 > 丙<3"]),
    "an ideograph in brackets": ("<p>甲<法>乙</p>", ["甲<法>乙"]),
    "line ends of the source": ("<p>甲\n乙\r\n  丙 Word\n 2003\n版</p>", ["甲乙丙 Word 2003版"]),
    "blanks": ("<p>  甲  乙\t丙&nbsp;&nbsp;丁&#12288;</p>", ["甲 乙 丙\xa0\xa0丁"]),
    "breaks": ("<p>甲<br>乙<br/><br />&nbsp;<br>丙</br>丁</p>", ["甲", "乙", "丙", "丁"]),
    "nested quotes": ('<p style="font-family:"宋体"">甲</p><p title=\'a>b\'>乙</p>', ["甲", "乙"]),
    "preformatted": ("<pre>甲\n  乙\r\n&ldquo;丙</pre>", ["甲", "乙", "“丙"]),
    "preformatted by style": ("<div style='white-space: pre-wrap'>甲\n乙</div>", ["甲", "乙"]),
    "a heading that is a link": ("<p><a href='/1.html'>强化组织领导</a></p>", ["强化组织领导"]),
    "a linked document": (
        "<p>制定<a href='/1.html'>《云溪镇重大行政决策程序办法》</a></p>",
        ["制定《云溪镇重大行政决策程序办法》"],
    ),
    "pinyin": ("<p><ruby>溪<rt>xi</rt></ruby>镇</p>", ["溪镇"]),
    "a row": ("<table><tr><td>许可</td><td><p>12</p>\n</td><td></td><td>3</td></tr></table>", ["许可\t12\t3"]),
    "a long row": (f"<table><tr><td>甲</td><td>{'乙' * 80}</td></tr></table>", ["甲", "乙" * 80]),
    "cells of paragraphs": ("<table><tr><td>甲<td><p>乙<p>丙</table>", ["甲", "乙", "丙"]),
    "rows never closed": ("<table><tr><th>甲<th>乙<tr><td>1<td>2</table>", ["甲\t乙", "1\t2"]),
    "names of a table": ("<table><tr><td>名称</td><td>时间</td><td>来源</td></tr></table>", ["名称\t时间\t来源"]),
    "one letter cells": ("<table><tr><td>大</td><td>中</td></tr></table>", ["大\t中"]),
    "a picture": ("<p>甲<img alt='乙'></p>", ["甲"]),
}


@pytest.mark.parametrize("name", MARKUP)
def test_markup(name: str) -> None:
    markup, expected = MARKUP[name]
    assert inner(markup) == expected


LISTS = {
    "decimal": ("<ol><li>甲<li>乙</ol>", ["1.甲", "2.乙"]),
    "start": ("<ol start=3><li>甲<li value=7>乙<li>丙</ol>", ["3.甲", "7.乙", "8.丙"]),
    "reversed": ("<ol reversed><li>甲<li>乙</ol>", ["2.甲", "1.乙"]),
    "style": ("<ol style='list-style-type: cjk-ideographic'><li>甲<li>乙</ol>", ["一、甲", "二、乙"]),
    "style in short": (
        "<ol style='list-style:simp-chinese-informal inside'>" + "<li>甲" * 11 + "</ol>",
        [f"{n}、甲" for n in [*"一二三四五六七八九十", "十一"]],
    ),
    "types": ("<ol type=a><li>甲</ol><ol type=I><li>乙<li>丙</ol>", ["a.甲", "I.乙", "II.丙"]),
    "editor": (
        "<ol class='custom_cn2 list-paddingleft-1'><li><p>甲</p></li><li><p>乙</p></li></ol>",
        ["（一）甲", "（二）乙"],
    ),
    "no number": ("<ol style='list-style:none'><li>甲</ol><ul><li>乙</ul>", ["甲", "乙"]),
    "typed as well": ("<ol><li>（一）甲<li>2、乙<li>丙</ol>", ["（一）甲", "2、乙", "3.丙"]),
    "nested": ("<ol><li>甲<ol type=a><li>乙</ol><li>丙</ol>", ["1.甲", "a.乙", "2.丙"]),
    "an empty item counts": ("<ol><li>甲<li></li><li>丙</ol>", ["1.甲", "3.丙"]),
    "monstrous": ("<ol start=99999999999999999999><li>甲</ol><ol start=-2><li>乙</ol>", ["999999.甲", "-2.乙"]),
    "two paragraphs": ("<ol><li><p>甲</p><p>乙</p></li></ol>", ["1.甲", "乙"]),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists(name: str) -> None:
    markup, expected = LISTS[name]
    assert inner(markup) == expected


def test_a_number_stands_where_its_words_begin() -> None:
    raw = read(f"<div>{PARAGRAPHS}\n<ol>\n<li>甲乙</ol></div>")
    at = raw.text.index("1.甲乙")
    assert len({raw.position(at + i)[1:3] for i in range(3)}) == 1
    assert raw.position(at + 3).column == raw.position(at + 2).column + 1


NOISE = "".join(f"<li><a href='/{i}.html'>{t}</a> [2024-01-0{i}]</li>" for i, t in enumerate(RELATED, 1))
BODIES = {
    "footer longer than the report": f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div class=foot>"
    + "<p>本网站由穗川县人民政府办公室主办，内容由各部门提供，未经许可不得转载。</p>" * 40
    + "<p>版权所有 穗川县人民政府 粤ICP备05000001号</p></div>",
    "list longer than the report": f"<div><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></div><div><b>相关链接</b><ul>{NOISE * 20}</ul></div>",
    "comments": f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><h3>网友评论</h3><div><p>张三：写得很好，希望夜间巡查早日安排，谢谢。</p><p>李四：支持，普法宣传办得多，群众明白，纠纷也少了。</p></div>",
    "comments by name": f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div id=pinglun><h3>我要评论</h3>"
    + "<p>王五：写得很好，希望夜间巡查早日安排，谢谢。</p>" * 30
    + "</div>",
    "five nested tables": "<table><tr><td>" * 5 + f"<h1>{TITLE}</h1>{PARAGRAPHS}" + "</td></tr></table>" * 5,
    "several divs": f"<div id=main><h1>{TITLE}</h1>"
    + "".join(f"<div class=section><p>{p}</p></div>" for p in REPORT)
    + f"</div><ul>{NOISE}</ul>",
    "opening and end outside": f"<h1>{TITLE}</h1><div><p>{REPORT[0]}</p></div><div>{''.join(f'<p>{p}</p>' for p in REPORT[1:-2])}</div>"
    f"<div>{REPORT[-2]}</div><div>{REPORT[-1]}</div><div><a href=/>返回首页</a></div>",
    "a part after a box": f"<h1>{TITLE}</h1><div>{''.join(f'<p>{p}</p>' for p in REPORT[:8])}</div><div>{''.join(f'<p>{p}</p>' for p in REPORT[8:])}</div>",
    "hundreds of spans": f"<h1>{TITLE}</h1><div>"
    + "".join("<p>" + "".join(f"<span lang=EN-US>{c}</span>" for c in p) + "</p>" for p in REPORT)
    + "</div>",
    "one paragraph with breaks": f"<h1>{TITLE}</h1><div><p>{'<br><br>'.join(REPORT)}</p></div>",
    "preformatted": "<pre>" + "\n".join(["\u3000\u3000" + x for x in WHOLE]) + "</pre>",
    "no wrapper": f"<p align=center>{TITLE}</p>{PARAGRAPHS}",
    "misleading names": f"<div class=page><div class='header top'><h1>{TITLE}</h1></div><div class='content-bottom comment'>{PARAGRAPHS}</div></div>",
    "title in two lines": f"<div class=title>云溪镇人民政府<br>2023年度法治政府建设情况报告</div><div>{PARAGRAPHS}</div>",
    "furniture inside": f"<div><a href=/>首页</a> &gt; <a href=/a>公开</a><h1>{TITLE}</h1><p>发布日期：2024-01-19　来源：云溪镇</p><p>字体：[大 中 小]</p>"
    f"{PARAGRAPHS}<p>【打印本页】【关闭窗口】</p><p>上一篇：<a href=/1>{RELATED[0]}</a></p><p>主办单位：穗川县人民政府</p></div>",
    "a sign off in a footer element": f"<article><h1>{TITLE}</h1>{''.join(f'<p>{p}</p>' for p in REPORT[:-2])}<footer><p>{REPORT[-2]}</p><p>{REPORT[-1]}</p></footer></article>",
    "notice and popup": f"<div class=tip><p>温馨提示：本页面支持键盘操作，按下组合键可以进入无障碍模式。</p><a href=/x>进入</a></div><ul>{NOISE}</ul><h1>{TITLE}</h1><div>{PARAGRAPHS}</div>"
    f"<ul>{NOISE}</ul><div>您访问的链接即将离开“穗川县人民政府”门户网站，是否继续？</div>",
    "the tab that is shown": f"<h1>{TITLE}</h1><div class='tab hide'>{PARAGRAPHS}</div><div style='display:none'><p>另一栏里的话，没有显示出来。</p></div>",
    "all hidden until scripts run": f"<div style='display:none'><h1>{TITLE}</h1>{PARAGRAPHS}</div><p>正在加载，请稍候。</p>",
}


@pytest.mark.parametrize("name", BODIES)
def test_the_report_is_found_whole(name: str) -> None:
    expected = WHOLE
    if name == "title in two lines":
        expected = ["云溪镇人民政府", "2023年度法治政府建设情况报告", *REPORT]
    got = lines(BODIES[name])
    if name == "several divs":
        got = [x for x in got if x not in RELATED]
    assert got == expected


def test_thirty_short_items() -> None:
    items = [f"（{i}）第{i}项清单" for i in range(1, 31)]
    body = f"<h1>{TITLE}</h1><div><p>{REPORT[0]}</p><ul>{''.join(f'<li>{x}</li>' for x in items)}</ul><p>{REPORT[2]}</p></div>"
    assert lines(body) == [TITLE, REPORT[0], *items, REPORT[2]]
    linked = "".join(f"<li><a href='/{i}.doc'>{x}</a></li>" for i, x in enumerate(items))
    assert lines(f"<h1>{TITLE}</h1><div><p>{REPORT[0]}</p><ul>{linked}</ul><p>{REPORT[2]}</p></div>") == [
        TITLE,
        REPORT[0],
        *items,
        REPORT[2],
    ]


def test_a_column_page_loses_no_prose() -> None:
    items = "".join(
        f"<div class=item><h3><a href='/{i}'>{t}</a></h3><p>{p}</p></div>"
        for i, (t, p) in enumerate(zip(RELATED, REPORT[2:6], strict=True))
    )
    got = lines(f"<ul class=nav><li><a href=/>首页</a></ul><div class=list>{items}</div>")
    assert [x for x in REPORT[2:6] if x not in got] == []


def test_the_title_is_not_said_twice() -> None:
    for said in (TITLE, f"穗川县{TITLE}", "云溪镇人民政府 2023年法治政府建设情况报告"):
        assert lines(f"<h1>{TITLE}</h1><div><p>{said}</p>{PARAGRAPHS}</div>") == [said, *REPORT]
    cited = f"根据规定，现公布{TITLE}，请予监督。"
    for said in (cited, "2023年度法治政府建设情况报告", "县委、县人民政府："):
        assert lines(f"<h1>{TITLE}</h1><div><p>{said}</p>{PARAGRAPHS}</div>") == [TITLE, said, *REPORT]


def test_a_title_without_its_organ_keeps_the_heading_above() -> None:
    organ, rest = "穗川县云溪镇人民政府", "2023年度法治政府建设情况报告"
    assert lines(f"<h1>{organ}</h1><div><p>{rest}</p>{PARAGRAPHS}</div>") == [organ, rest, *REPORT]
    assert lines(f"<h1>穗川县门户网站</h1><div><p>{TITLE}</p>{PARAGRAPHS}</div>") == WHOLE


def test_deep_nesting_is_flattened_and_not_lost() -> None:
    deep = "<div><font>" * 500 + PARAGRAPHS.replace("</p>", "") + "</font></div>" * 500
    assert lines(f"<h1>{TITLE}</h1>{deep}") == WHOLE
    assert (
        load_html("a.html", page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>"), Limits(depth=2)).text.split("\n") == WHOLE
    )


META = {
    "meta elements": (
        "<meta name='ArticleTitle' content='{t}'><meta name=PubDate content='2024-01-19 10:00'><meta name=ContentSource content=云溪镇>",
        {"title": TITLE, "published": "2024-01-19", "source": "云溪镇"},
    ),
    "property": (
        "<meta property='article:published_time' content='2024-01-19T08:00:00+08:00'>",
        {"published": "2024-01-19"},
    ),
    "one line": (
        "<p>索引号：000123/2024-5　发布机构：云溪镇政府　成文日期：2024年1月9日</p>",
        {"index_number": "000123/2024-5", "source": "云溪镇政府", "published": "2024-01-09"},
    ),
    "cells": (
        "<table><tr><td>索 引 号</td><td>A1-2024</td><td>发文字号</td><td>云政〔2024〕3号</td></tr><tr><td>发布日期</td><td>2024/1/19</td></tr></table>",
        {"index_number": "A1-2024", "document_number": "云政〔2024〕3号", "published": "2024-01-19"},
    ),
    "spans": (
        "<div><span>发布时间：</span><span>2024-01-19 10:20</span><span>来源：</span><span>云溪镇</span><span>浏览次数：9</span></div>",
        {"published": "2024-01-19", "source": "云溪镇"},
    ),
    "label without colon": (
        "<ul><li><label>索引号</label><span>A1-2024</span></li><li><label>公开日期</label><span>2024-01-19</span></li></ul>",
        {"index_number": "A1-2024", "published": "2024-01-19"},
    ),
    "list": ("<ul><li><b>【索引号】</b>A1-2024</li><li><b>【文号】</b>无</li></ul>", {"index_number": "A1-2024"}),
    "published before written": ("<p>成文日期：2024-01-05</p><p>发布日期：2024-01-19</p>", {"published": "2024-01-19"}),
    "no label": ("<p>2024-01-19 09:30</p>", {"published": "2024-01-19"}),
    "no day": ("<p>发布日期：2024-13-45</p><p>文号：—</p>", {}),
}


@pytest.mark.parametrize("name", META)
def test_meta(name: str) -> None:
    around, expected = META[name]
    body = f"<h1>{TITLE}</h1>{around.format(t=TITLE)}<div>{PARAGRAPHS}</div>"
    assert meta(body) == {"title": TITLE} | expected
    assert lines(body) == WHOLE


FULL = {
    "published": "2024-01-19",
    "index_number": "113300/2024-00127",
    "document_number": "云政〔2024〕3号",
    "source": "云溪镇人民政府",
}


@pytest.mark.parametrize(
    ("style", "names"),
    [
        ("trs", FULL),
        ("hanweb", FULL),
        ("word", ["published", "source"]),
        ("br", ["published"]),
        ("table", ["published", "source"]),
        ("plain", []),
    ],
)
def test_meta_of_every_kind_of_page(style: str, names: list[str]) -> None:
    assert meta(build_page(TITLE, REPORT, style=style)) == {"title": TITLE} | {n: FULL[n] for n in names}


def test_meta_is_not_taken_from_the_report() -> None:
    told = (
        "已清理的文件，文号：云政〔2023〕9号，发布日期：2023-05-06，索引号：B2-2023，来源：县司法局，以上文件均已清理。"
    )
    assert meta(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<p>{told}</p></div>") == {"title": TITLE}


@pytest.mark.parametrize(
    ("shown", "name"), [("{}_穗川县人民政府", "{}"), ("穗川县人民政府 - 法治 - {}", "{}"), ("{}", "{}")]
)
def test_title_of_the_page(shown: str, name: str) -> None:
    data = f"<html><title>{shown.format(TITLE)}</title><body>{PARAGRAPHS}</body></html>".encode()
    assert dict(read(data).meta)["title"] == name.format(TITLE)


@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "no-such"])
@pytest.mark.parametrize("actual", ["utf-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_right_wrong_or_not_declared(declared: str, actual: str) -> None:
    source = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={declared}'></head><body><h1>{TITLE}</h1>{PARAGRAPHS}</body></html>"
    assert lines(source.encode(actual)) == WHOLE


def test_big5_is_believed_when_declared() -> None:
    text = "雲溪鎮人民政府推進法治政府建設，落實行政執法制度，開展普法宣傳。"
    assert lines(f"<html><meta charset='big5'><body><p>{text}</p></body>".encode("big5")) == [text]


def test_one_broken_character_is_replaced_and_many_are_an_error() -> None:
    data = page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>")
    at = data.index("强化普法宣传".encode()) + 4
    assert [x for x in lines(data[:at] + data[at + 1 :]) if "\ufffd" in x] == ["强\ufffd普法宣传"]
    with pytest.raises(LoadError, match="编码"):
        read(data.replace("，".encode(), b"\xff\xfe\xfd"))


def test_mhtml_reads_the_root_part() -> None:
    report = page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>")
    other = page("<p>栏目里的其他话，不是报告。</p>")
    assert load_mhtml("a.mhtml", build_mhtml(report, other)).text.split("\n") == WHOLE
    assert load_mhtml("a.mhtml", build_mhtml(other, report, start=1)).text.split("\n") == WHOLE
    raw = load_mhtml("a.mht", build_mhtml(report))
    check_places(report.decode(), raw)


def test_mhtml_charset_of_the_part_and_words_in_a_frame() -> None:
    report = f"<html><body><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></body></html>".encode("gbk")
    shell = b"<html><frameset><frame src=a><frame src=b></frameset></html>"
    assert load_mhtml("a.mhtml", build_mhtml(shell, report, charset="gbk")).text.split("\n") == WHOLE


def test_mhtml_that_breaks_off() -> None:
    data = build_mhtml(page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div>"))
    with pytest.raises(LoadError, match="不完整"):
        load_mhtml("a.mhtml", data[: len(data) // 2])
    for broken in (
        b"MIME-Version: 1.0\r\n\r\n",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<p>",
        data.replace(b"text/html", b"image/png"),
    ):
        with pytest.raises(LoadError, match="没有网页"):
            load_mhtml("a.mhtml", broken)


REFUSED = {
    "empty": (b"", "空的"),
    "blank": (b"\xef\xbb\xbf \r\n", "空的"),
    "plain text": ("云溪镇人民政府，2023年报告。".encode(), "纯文本.*txt"),
    "pdf": (b"%PDF-1.7 <p>", "PDF"),
    "old word": (b"\xd0\xcf\x11\xe0<p>" + b"\0" * 99, "WPS"),
    "picture": (b"\x89PNG\r\n\x1a\n<p>", "不是网页"),
    "binary": (b"MZ<p>" + bytes(range(256)) * 9, "不是网页|编码"),
    "message": (build_mhtml(b"<p>"), "单个网页.*mhtml"),
    "shell": (
        page('<div id="app"></div><script src="app.js"></script><noscript>请启用脚本后查看本页，谢谢。</noscript>'),
        "没有正文",
    ),
    "navigation only": (page(f"<ul>{NOISE}</ul><p>版权所有：穗川县人民政府，粤ICP备05000001号</p>"), "没有正文"),
    "frames": (b"<html><frameset cols=1,2><frame src=a.html><frame src=b.html></frameset></html>", "另一个网页"),
    "inner frame": (page(f"<h1>{TITLE}</h1><iframe src=a.html></iframe>"), "另一个网页"),
    "attachment": (
        page(f"<h1>{TITLE}</h1><p>现将报告公布如下，请查阅附件。</p><p><a href=/1.pdf>{TITLE}.pdf</a></p>"),
        "附件",
    ),
    "pictures": (page(f"<h1>{TITLE}</h1><p>a</p><p>b</p><p>c</p>" + "<p><img src=1.jpg></p>" * 4), "图片"),
    "english": (page("<p>Hello, this is a page. It has prose, but none that is Chinese.</p>"), "没有正文"),
    "one of several pages": (
        page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<div><a href=a_1.html>2</a> <a href=a_1.html>下一页</a></div></div>"),
        "分成了几页",
    ),
    "comment never closed": (page(f"<h1>{TITLE}</h1><div>{PARAGRAPHS}<!-- <p>{REPORT[2]}</p></div>"), "不完整"),
    "script never closed": (page(f"<p>{REPORT[0]}</p><script>{PARAGRAPHS}"), "不完整"),
    "torn in a tag": (page(f"<p>{REPORT[0]}</p>")[:-14] + f"<p title='{REPORT[2]}".encode(), "不完整"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_plain_sentence(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(LoadError, match=words) as caught:
        read(data)
    message = str(caught.value)
    assert message.endswith("。")
    assert "\n" not in message
    with pytest.raises(LoadError):
        load_mhtml("a.mhtml", b"" if name == "message" else data)


def test_pagers_of_other_lists_do_not_matter() -> None:
    body = f"<h1>{TITLE}</h1><div>{PARAGRAPHS}</div><div><a href='javascript:void(0)'>下一页</a></div><ul>{NOISE}</ul><p><a href=/l2>下一页</a></p>"
    assert lines(body) == WHOLE


def test_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LoadError, match="兆字节"):
        load_html("a.html", page(f"<p>{REPORT[2] * 6100}</p>"), Limits(text_mib=1))
    with pytest.raises(LoadError, match="兆字节"):
        load_html("a.html", b"<p>" * 400_000, Limits(file_mib=1))
    monkeypatch.setattr("validator.loaders.web.tree._MOST_ELEMENTS", 1000)
    with pytest.raises(LoadError, match="结构"):
        read(page("<b>" * 1001))


FLOODS = {
    "open tags": "<a", "ends": "</", "comments": "<!--", "cdata": "<![CDATA[", "declarations": "<!", "instructions": "<?",
    "scripts": "<script>", "textareas": "<textarea", "references": "&", "numbers": "&#", "quotes": "<a b='<a c=\"", "attributes": "<a b ",
    "slashes": "<a/", "equals": "<a b=", "angles": "<", "unclosed": "<b>", "divs": "<div>", "rows": "<table><tr><td>", "items": "<ol><li>", "breaks": "<br>",
    "crossed": "<b><i></b></i>", "blanks": " \n", "hard blanks": "&nbsp;", "wide blanks": "\u3000", "linked blanks": "<a href=x>\u3000 \xa0</a>", "ends of things": "</div>", "paragraphs": "<p>", "closers": "-->", "named": "&nbsp", "hidden": "<div style='display:none' class=nav>",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOODS)
def test_floods_end_soon(name: str) -> None:
    """Time grows with the length, not with its square: 120 kB of anything take well under two seconds."""
    flood = FLOODS[name]
    for body in (f"<div>{PARAGRAPHS}</div>{flood * (120_000 // len(flood))}", flood * (120_000 // len(flood)) + "'\">"):
        began = time.perf_counter()
        found = read_or_say(body)
        assert not isinstance(found, str) or found.endswith("。")
        assert time.perf_counter() - began < 2


_BITS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<table><tr><td>", "</td>", "</table>", "<li>",  "<br>", "<!--", "-->", "<![CDATA[", "]]>", "&nbsp;", "&#", "&",
     "<", ">", "\r\n", "\n", " ", "一、", "法治政府建设，", "依法行政。", "<a href=x>", "</a>", "<pre>", "<b", "'", '"', "<script>", "</script>", "<span style='display:none'>", "\0", "\u3000"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(_BITS, max_size=40))
def test_any_markup_gives_a_report_or_a_sentence_and_true_places(bits: list[str]) -> None:
    source = f"<html><p>{REPORT[2]}</p>{''.join(bits)}"
    raw = read_or_say(source.encode())
    if isinstance(raw, str):
        assert raw.endswith("。")
    else:
        check_places(source, raw)


def test_speed_of_a_usual_page() -> None:
    """A guard against accidents, far above what is measured."""
    data = build_page(TITLE, REPORT * 8)
    began = time.perf_counter()
    read(data)
    assert time.perf_counter() - began < 0.5


SHEETS = ".copy{display:none} #junk , p.note {font-size: 0px} .pane{display:none} .pane.on{display:block} @media print{.main{display:none}.copy{display:block}}"
HIDDEN = (
    '<div class="copy"><p>打印用的另一份。</p></div><div id="junk">防复制的字。</div><p class="note">看不见的注。</p>'
    '<div class="pane on main"><p>全年开展普法宣传<span style="display:none">请访问官网</span>12场<b style="font-size:0">防</b>次。</p></div>'
)


def test_what_style_sheets_hide_is_no_text() -> None:
    page = f"<html><head><meta charset=utf-8><style>{SHEETS}</style><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{PARAGRAPHS}{HIDDEN}</body></html>"
    text = load_html("报告.html", page.encode()).text
    assert text.endswith("全年开展普法宣传12场次。")
    for words in ("打印用的", "防复制", "看不见", "请访问"):
        assert words not in text


def test_style_sheets_of_a_page_in_one_file() -> None:
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{PARAGRAPHS}<div class=copy><p>打印用的另一份。</p></div></body></html>"
    data = build_mhtml(page.encode())
    sheet = b'------B\r\nContent-Type: text/css\r\n\r\n@charset "utf-8";\n.copy{display:none}\r\n'
    data = data.replace(b"------B--", sheet + b"------B--")
    assert "打印用的" not in load_mhtml("报告.mhtml", data).text


@pytest.mark.parametrize(
    "flood",
    ["<style>", "<style>" + "/*" * 9, "<style>.a{", "<style>{", "<style>@media x{", "<style>.a,", "<style></style>"],
)
def test_floods_of_style_sheets_take_no_time(flood: str) -> None:
    began = time.perf_counter()
    assert hidden_names(flood * (400_000 // len(flood))) == frozenset()
    assert hidden_names("<style>" + flood.removeprefix("<style>") * (200_000 // len(flood)) + "</style>") == frozenset()
    assert time.perf_counter() - began < 2
