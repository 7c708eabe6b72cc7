"""Builds web pages as government sites make them and people save them: report in the midst, furniture around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

Body = Callable[["Report"], str]

SITE = "穗川县人民政府"
NAVIGATION = ("网站首页", "政务公开", "政务服务", "互动交流", "走进穗川", "专题专栏", "法治政府建设年度报告")
RELATED = (
    "穗川县柳湾镇人民政府2023年度法治政府建设情况报告",
    "穗川县水务局2023年度法治政府建设年度报告",
    "穗川县人民政府关于2023年法治政府建设情况的报告",
    "县委全面依法治县委员会召开会议，研究部署全年工作。",
)


@dataclass(frozen=True)
class Report:
    """What a page is made of. ``levels``: heading level of each paragraph (0: none)."""

    title: str
    paragraphs: Sequence[str]
    levels: Sequence[int] = ()
    published: str = "2024-01-19"
    index_number: str = "113300/2024-00127"
    number: str = "云政〔2024〕3号"
    source: str = "云溪镇人民政府"

    def marked(self, make: Callable[[str], str]) -> str:
        """Return all paragraphs, headings as elements, the others as ``make`` writes them."""
        levels = [*self.levels, *[0] * len(self.paragraphs)]
        parts = [
            f"<h{n}>{escape(p, False)}</h{n}>" if n else make(escape(p, False))
            for p, n in zip(self.paragraphs, levels, strict=False)
        ]
        return "\n".join(parts)


def _fold(words: str, width: int) -> str:
    """Break words into source lines, as editors do it: between Chinese characters only."""
    return re.sub(rf"(.{{{width},}}?[\u4e00-\u9fff，。])(?=[\u4e00-\u9fff])", r"\1\n", words)


def _links(names: Sequence[str], wrap: str = "li") -> str:
    return "\n".join(
        f'<{wrap}><a href="/col{i}/index.html" target="_blank" title="{n}">{n}</a></{wrap}>'
        for i, n in enumerate(names)
    )


def trs(report: Report) -> str:
    """TRS WCM: tables around, the text in div.TRS_Editor, its first element a style."""
    text = report.marked(lambda p: f'<p align="justify" style="text-indent: 2em;">\u3000\u3000{p}</p>')
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{report.title}_{SITE}</title>
<meta name="SiteName" content="{SITE}"/><meta name="ArticleTitle" content="{report.title}"/>
<meta name="PubDate" content="{report.published} 10:20:00"/><meta name="ContentSource" content="{report.source}"/>
<style type="text/css">.nav li {{ float: left }}</style>
<script type="text/javascript">var html = "<p>脚本里的话，不是正文。</p>"; if (1 < 2 && 3 > 2) document.write(html);</script>
</head><body>
<div class="header"><h1 class="logo"><a href="/"><img src="logo.png" alt="{SITE}"/>{SITE}</a></h1>
<form action="/search"><input type="text" value="请输入关键字"/><select><option>全部</option><option>标题</option></select><button>搜索</button></form></div>
<ul class="nav">{_links(NAVIGATION)}</ul>
<div class="BreadcrumbNav">当前位置：<a href="/">首页</a>&gt;<a href="/zwgk/">政务公开</a>&gt;<a href="/zwgk/fzzf/">法治政府建设年度报告</a></div>
<table class="xxgk" width="900"><tbody><tr><td>索引号：</td><td>{report.index_number}</td><td>发布机构：</td><td>{report.source}</td></tr>
<tr><td>发文字号：</td><td>{report.number}</td><td>发布日期：</td><td>{report.published}</td></tr>
<tr><td>名称：</td><td colspan="3">{report.title}</td></tr></tbody></table>
<div class="article"><h2 class="title">{report.title}</h2>
<div class="info"><span>发布时间：{report.published} 10:20</span><span>来源：{report.source}</span><span>浏览次数：<em id="hits">127</em></span>
<span>【字体：<a href="javascript:zoom(18)">大</a> <a href="javascript:zoom(16)">中</a> <a href="javascript:zoom(14)">小</a>】</span></div>
<div class="content"><div class="view TRS_UEDITOR trs_paper_default"><style>.TRS_Editor P {{ line-height: 2 }}</style><div class="TRS_Editor">
{text}
</div></div></div>
<div class="fujian">附件：<a href="./P0202401.docx">{report.title}.docx</a></div>
<div class="share">分享到：<a href="javascript:void(0)">微信</a><a href="javascript:void(0)">微博</a></div>
<p class="tools"><a href="javascript:print()">【打印本页】</a><a href="javascript:close()">【关闭窗口】</a></p>
<div class="page"><p>上一篇：<a href="/a1.html">{RELATED[0]}</a></p><p>下一篇：<a href="/a2.html">{RELATED[1]}</a></p></div></div>
<div class="related"><h3>相关链接</h3><ul>{_links(RELATED)}</ul></div>
<div class="footer"><p>版权所有：{SITE}　主办单位：穗川县人民政府办公室</p><p>网站标识码：3301000001　<a href="https://beian.miit.gov.cn">粤ICP备05000001号</a></p>
<p><img src="ewm.png"/>扫一扫在手机打开当前页</p></div>
<!-- 页面生成时间，不是正文。 -->
</body></html>
"""


def hanweb(report: Report) -> str:
    """大汉版通: divs, the text in div#zoom, entities for quotes, labels in spans, spans inside paragraphs."""

    def paragraph(words: str) -> str:
        words = words.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("·", "&middot;")
        half = words.find("，") + 1
        return f'<p style="text-align:justify;"><span style="font-family:仿宋_GB2312;font-size:21px;">&nbsp; &nbsp; {words[:half]}</span><span>{words[half:]}</span></p>'

    return f"""<!DOCTYPE html>
<html><head><meta charset="UTF-8"><meta name="SiteName" content="{SITE}">
<meta name="publishdate" content="{report.published}">
<title>{SITE} 法治政府建设 {report.title}</title></head>
<body>
<div id="bodyTop" class="top"><a href="/">繁体</a><a href="/">无障碍</a><span>今天是2024年3月1日 星期五</span></div>
<div class="menu"><ul>{_links(NAVIGATION)}</ul></div>
<div class="main"><div class="dqwz">您现在的位置 &gt; <a href="/">首页</a> &gt; <a href="/col/">信息公开</a></div>
<div class="bt"><span class="arttitle">{report.title}</span></div>
<div class="bt-xx"><span class="fl">信息来源：</span><span class="b">{report.source}</span><span class="fl">索 引 号：</span><span>{report.index_number}</span>
<span>发文字号：</span><span>{report.number}</span><span>发布日期：{report.published}</span> <span>浏览量：<b>55</b></span></div>
<div class="bdsharebuttonbox"><a href="#" class="bds_more">分享到：</a><a href="#">QQ空间</a></div>
<div id="zoom"><!--ZJEG_RSS.content.begin--><meta name="ContentStart">
{report.marked(paragraph)}
<meta name="ContentEnd"><!--ZJEG_RSS.content.end--></div>
<div class="xgxx"><div class="tit">相关信息</div><dl><dd>[2024-01-05] <a href="/1.html">{RELATED[0]}</a></dd><dd>[2024-01-09] <a href="/2.html">{RELATED[1]}</a></dd></dl></div>
</div>
<div class="bottom"><a href="/map">网站地图</a> | <a href="/us">联系我们</a><br>主办：{SITE}办公室　承办：穗川县大数据中心<br>公网安备33010002000001号</div>
<div style="display:none"><p>您访问的链接即将离开“{SITE}”门户网站，是否继续？</p></div>
</body></html>
"""


def word(report: Report) -> str:
    """A text pasted from Word into a site: mso markup, conditional comments, o:p, namespaces."""

    def paragraph(words: str) -> str:
        half = len(words) // 2
        return (
            f"<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt'><span\n"
            f"style='font-size:16.0pt;font-family:仿宋;mso-hansi-font-family:\"Times New Roman\"'>{words[:half]}<!--[if gte mso 9]><xml>"
            f"<w:WordDocument>批注，不是正文。</w:WordDocument></xml><![endif]-->{words[half:]}<span lang=EN-US><o:p></o:p></span></span></p>"
        )

    return f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><title>{report.title}-{SITE}</title>
<!--[if gte mso 9]><xml><o:shapedefaults v:ext="edit" spidmax="2050"/></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal {{mso-style-parent:""; font-family:宋体;}} --></style></head>
<body lang=ZH-CN><div id=nav>{_links(NAVIGATION, "span")}</div>
<div class=con><div class=titles><h1>{report.title}</h1></div><p class=time>{report.published}　来源：{report.source}</p>
<div class=UCAPCONTENT><ucapcontent>
<![if !supportEmptyParas]><p class=MsoNormal><span lang=EN-US>&nbsp;<o:p></o:p></span></p><![endif]>
{report.marked(paragraph)}
</ucapcontent></div></div>
<table border=0 width=100%><tr><td align=center>版权所有 {SITE} 未经允许不得转载</td></tr></table>
</body></html>
"""


def br(report: Report) -> str:
    """Paragraphs are nothing but line breaks; source lines are folded inside them."""
    text = "<br /><br />\n".join("&nbsp;&nbsp;&#12288;" + _fold(escape(p, False), 40) for p in report.paragraphs)
    return f"""<html><head><meta charset="utf-8"><title>{report.title} - {SITE}</title></head><body>
<p><a href="/">首页</a> &gt;&gt; <a href="/a">镇街动态</a> &gt;&gt; 正文</p>
<center><b>{report.title}</b></center>
<div>日期：{report.published}  作者：张三  <a href="javascript:window.print()">打印</a></div>
<div id="content">
{text}
</div>
<div><a href="/x">上一条：{RELATED[0]}</a></div>
<div>地址：穗川县云溪镇云溪路1号　电话：000-1234567　网站标识码：3301000001</div>
</body></html>
"""


def filtered(report: Report) -> str:
    """Word's own “filtered” web page: no wrapper but a section, lines folded at about eighty columns, CR LF."""

    def paragraph(words: str) -> str:
        inner = _fold(words, 38)
        return f"<p class=MsoNormal style='text-indent:32.0pt'><span style='font-size:16.0pt;\nfont-family:仿宋'>{inner}</span></p>\n"

    text = f"""<html>
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=Generator content="Microsoft Word 15 (filtered)">
<style><!-- @font-face {{font-family:仿宋;}} --></style></head>
<body lang=ZH-CN style='text-justify-trim:punctuation'><div class=WordSection1 style='layout-grid:15.6pt'>
<p class=MsoNormal align=center style='text-align:center'><span style='font-size:22.0pt'>{report.title}</span></p>
<p class=MsoNormal><span lang=EN-US>&nbsp;</span></p>
{report.marked(paragraph)}
</div></body></html>
"""
    return text.replace("\n", "\r\n")


def table(report: Report) -> str:
    """An old page: tables in tables, uppercase tags, nothing closed, GB 2312."""
    text = report.marked(lambda p: f"<P>\u3000\u3000{p}").replace("</P>", "")
    menu = "\n".join(f'<TR><TD class=menu><A HREF="list.asp?id={i}">{n}</A>' for i, n in enumerate(NAVIGATION))
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=gb2312"><TITLE>{report.title}|{SITE}</TITLE></HEAD>
<BODY BGCOLOR=#FFFFFF><TABLE WIDTH=980 ALIGN=center><TR><TD COLSPAN=2><IMG SRC="top.jpg">
<TR><TD WIDTH=200 VALIGN=top><TABLE>{menu}</TABLE>
<TD VALIGN=top><TABLE WIDTH=100%><TR><TD>您当前的位置：<A HREF=/>首页</A> → <A HREF=/fz>法治政府</A></TD></TR>
<TR><TD ALIGN=center><FONT SIZE=5 COLOR=red><B>{report.title}</B></FONT></TD></TR>
<TR><TD ALIGN=center>发布时间：{report.published}&nbsp;&nbsp;来源：{report.source}&nbsp;&nbsp;点击数：31</TD></TR>
<TR><TD><HR></TD></TR><TR><TD CLASS=zw>
{text}
</TD></TR><TR><TD ALIGN=right>【<A HREF="javascript:window.print()">打印</A>】【<A HREF="javascript:window.close()">关闭</A>】</TD></TR></TABLE>
</TD></TR><TR><TD COLSPAN=2 ALIGN=center>版权所有：{SITE}　技术支持：穗川县信息中心<BR>建议使用1024*768分辨率浏览</TD></TR></TABLE>
</BODY></HTML>
"""


def bare(report: Report) -> str:
    """A page with nothing around the text."""
    text = report.marked(lambda p: f"<p>{p}</p>")
    return f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{report.title}</title>\n</head>\n<body>\n<h1>{report.title}</h1>\n{text}\n</body>\n</html>\n'


_BUILDERS: dict[str, tuple[Body, str]] = {
    "trs": (trs, "utf-8"),
    "hanweb": (hanweb, "utf-8"),
    "word": (word, "utf-8"),
    "br": (br, "utf-8"),
    "filtered": (filtered, "gb18030"),
    "table": (table, "gb18030"),
    "plain": (bare, "utf-8"),
}
STYLES = tuple(_BUILDERS)


def build_page(
    title: str,
    paragraphs: Sequence[str],
    *,
    style: str = "trs",
    levels: Sequence[int] = (),
    encoding: str | None = None,
) -> bytes:
    """Return a saved page that holds a report.

    Args:
        title: the heading of the article; most styles have it outside the text.
        paragraphs: the text, one paragraph each.
        style: one of ``STYLES``.
        levels: heading level of each paragraph (0 or missing: none); ``br`` has no headings.
        encoding: of the bytes, where it is not the one the page declares.
    """
    builder, declared = _BUILDERS[style]
    return builder(Report(title, paragraphs, levels)).encode(encoding or declared)


def build_mhtml(*pages: bytes, charset: str = "utf-8", start: int | None = None) -> bytes:
    """Return a MIME file of pages as browsers save one, in quoted-printable.

    Args:
        pages: the HTML parts in the order of the file.
        charset: declared for each.
        start: index of the part that the header names as the root.
    """
    from quopri import encodestring

    named = f'; start="<frame-{start}@x>"' if start is not None else ""
    parts = [
        f"------B\r\nContent-Type: text/html; charset={charset}\r\nContent-ID: <frame-{i}@x>\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: http://x/{i}.html\r\n\r\n".encode()
        + encodestring(page).replace(b"\n", b"\r\n")
        + b"\r\n"
        for i, page in enumerate(pages)
    ]
    head = f'From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"{named}; boundary="----B"\r\n\r\n'
    return head.encode() + b"".join(parts) + b"------B--\r\n"
