"""Words by which lines around a report on a web page, and lines of a report, are told. Used by ``main``.

All patterns look at a line without its blanks.
"""

from __future__ import annotations

import re

from validator.loaders.web.meta import is_label_line
from validator.loaders.web.tree import Element

BLANKS = re.compile(r"[\s\u3000\xa0\u200b\ufeff]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STOP = re.compile("[，。；：！？]")
NUMBERED = re.compile(
    r"第[一二三四五六七八九十]+(?:部分|章|节|、|，)|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}[.、．](?!\d)|[①-⑳㈠-㈩]"
)
PART = re.compile("[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)]")
TITLE_END = re.compile(r"(?:报告|总结|汇报|情况|意见|通知|公告|办法|方案|要点)(?:[（(].*[)）])?$")
DATE = re.compile(r"[（(]?(?:(?:19|20)\d\d|二[〇○零Oo0].{2})年.{1,3}月.{1,3}日[)）]?")
DAY = re.compile(r"[\[（(]?(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?")
"""As lists of links have it beside each."""
YEAR_FIRST = re.compile(r"(?:关于)?20\d\d年")
SIGNED = re.compile(r".{2,30}(?:政府|办事处|委员会|办公室|管委会|党委|工委|[局厅院委办处站队])(?:[（(].*[)）])?")
DOCUMENT_NUMBER = re.compile(r".{2,14}[〔\[（(]20\d\d[〕\])）]第?\d{1,4}号")

_BUTTON = (
    "打印|关闭|分享|收藏|返回|顶部|首页|列表|上一页|字体|字号|大小|大|中|小|特大|放大|缩小|默认|还原|复制|链接|新浪|腾讯|微信|微博|朋友圈|QQ|空间|好友|"
    "扫一扫|手机|浏览|阅读|纠错|朗读|播放|暂停|停止|语音|播报|收听|本页|本文|全文|页面|窗口|此页|文章|我要|当前|打开|下载|保存|举报|推荐|点赞|转发|"
    "正文|点击|文字|背景|保护视力色|视力|保护|无障碍|长者|模式|切换|更多|繁体|简体|适老化|内容|网页"
)
_BUTTONS = re.compile(
    rf"(?=.*(?:{_BUTTON}))(?:{_BUTTON}|[到在版查看听普通色a-zA-Z+\-*>|｜/·、，。.：:【】\[\]()（）“”\d])+",
    re.IGNORECASE,
)
_CRUMB = re.compile(
    r"(?:您|你)?(?:现在|当前)的?(?:所在)?的?位置|(?:您|你)(?:现在|当前)?的?(?:所)?在?的?位置|(?:所在)?位置[：:>]|当前(?:栏目|页面)[：:>]"
    r"|(?:网站|本站)?首页[>＞»›/\-－—→·|《\\]"
)
_TAIL = re.compile(
    r"[【〔\[（]?(?:[上下前后]一[篇条]|(?:相关|推荐|延伸|热门|关联|更多)(?:链接|阅读|文章|稿件|信息|附件|文件|解读|政策|新闻|报道|推荐|内容|资料|文档|下载|图片)"
    r"(?:推荐|列表)?(?:[：:】〕\]）>》]|$)|(?:附件|文件)下载|扫一扫|扫描?(?:二维)?码(?:分享|阅读|查看|关注|下载|手机|$)|(?:网友|我要|发表|最新|用户|全部|精彩)(?:评论|留言)"
    r"|评论[（(]\d|评论区|责任编辑|分享(?:到|至|给)|(?:打印|关闭)(?:本|窗口|页面))"
)
_FOOT = re.compile(
    r"版权所有|ICP备(?:案号)?\d|公网安备\d|网安备\d|网站标识码|copyright|©|建议使用.{0,12}(?:分辨率|浏览器)",
    re.IGNORECASE,
)
_FOOT_START = re.compile(
    r"技术支持[：:]|(?:主办|承办|协办|运维)(?:单位)?[：:]|网站地图|联系我们|关于我们|网站声明"
    r"|免责声明|隐私声明|版权声明|使用帮助|友情链接|网站导航"
)
_LEAVING = re.compile(r"您?(?:访问|点击|正在访问)的链接即将离开|即将离开.{2,20}(?:网站|门户)")
_ROUND = 60
"""What is longer is no line of a toolbar by its first words alone."""
_FOOT_LENGTH = 300

_AROUND = """nav navs navbar menu breadcrumb breadcrumbs crumb crumbs bread position location dqwz foot footer bottom
    copyright head header top topbar share bdsharebuttonbox bshare social print fontsize related relate relevant xgxx
    xgyd xglj xgwj prev next page pages pager pagination comment comments pinglun qrcode ewm code sidebar side aside
    toolbar tool tools search login logo banner ad ads float friend friendlink links link recommend hot rank tags tag
    popup dialog modal fujian fj attach attachment annex info infobar source"""
AROUND_NAMES = frozenset(_AROUND.split())
"""Parts of classes and ids that things around a text have. They are hints: words or links must say the same."""
TALKING_NAMES = frozenset({"comment", "comments", "pinglun", "foot", "footer", "copyright", "dialog", "popup", "modal"})
"""Those of things that hold prose of their own."""
_TITLES = "title titles tit bt biaoti headline ucaptitle arttitle articletitle contitle wztitle newstitle"
_TITLE_NAMES = frozenset(_TITLES.split())
_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def is_tool(text: str) -> bool:
    """Tell whether a line is a breadcrumb, buttons or a label with its value."""
    if _CRUMB.match(text) is not None or _BUTTONS.fullmatch(text) is not None:
        return True
    return not text.endswith("。") and is_label_line(text)


def is_foot(text: str) -> bool:
    """Tell whether a line is of a footer."""
    if len(text) > _FOOT_LENGTH or "。" in text[:-1]:
        return False
    return _FOOT.search(text) is not None or _FOOT_START.match(text) is not None


def is_tail(text: str) -> bool:
    """Tell whether a line begins what comes after a text: 上一篇, 相关链接, comments."""
    return len(text) <= 2 * _ROUND and _TAIL.match(text) is not None and not text.endswith("。")


def is_around(text: str, linked: bool) -> bool:
    """Tell whether the words of a line alone say that it is none of a report's."""
    if _LEAVING.search(text) is not None or is_foot(text) or is_tail(text):
        return True
    return is_tool(text) if len(text) <= _ROUND else linked and _CRUMB.match(text) is not None


def tells(text: str) -> bool:
    """Tell whether words of a footer or of links stand anywhere in a line."""
    return _FOOT.search(text) is not None or _TAIL.search(text) is not None


def names_of(element: Element) -> frozenset[str]:
    """Return class and id of an element, whole and in parts, in lower case."""
    names = element.names()
    return frozenset(p.lower() for p in _NAME_PART.findall(names)).union(names.lower().split())


def is_title_element(element: Element | None) -> bool:
    """Tell whether an element, or one close around it, is named a title."""
    for _ in range(3):
        if element is None:
            return False
        if element.tag == "ucaptitle" or names_of(element) & _TITLE_NAMES:
            return True
        if element.last - element.first > 3:
            return False
        element = element.parent
    return False
