"""Name of an organ → the region it belongs to and one spelling of it, so that two spellings of one organ are equal.

Names are read by their grammar: regions in front (江州市云溪县), then the organ (柳河镇人民政府). One organ are:

- a town, township or street office with its party committee, its government and its general office: they report
  together, and the duty to report is theirs, not the office's;
- a region with its party committee and its government. The office of a government from the county up is an organ of its
  own: it reports for itself as every department does;
- a department under its official name and under the short forms in ``_SHORT``. Other short forms are for the roster.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from validator.normalise.characters import DROPPED, fold

GOVERNMENT = "政府"
"""The organ that is the government of its region."""

_LONGEST = 120
"""A longer text is no name; it is cut, so that every look at it is bounded."""
_PLAIN = re.compile(r"[\u4e00-\u9fa5]{1,60}")
_HAN = r"[\u4e00-\u9fff]"
_UNIT = re.compile(
    rf"(?![街局委厅办院处部]){_HAN}(?:(?![街局委厅办院处部省市县区旗盟镇乡]){_HAN}|[镇乡](?=[市县区旗])|[市县旗](?=[县区旗])){{0,9}}?"
    r"(?:自治区|特别行政区|自治州|自治县|自治旗|地区|[省市县区旗盟])(?![县区旗盟域])"
)
"""One region at the front. 沙市区 and 新乡县 are one unit each, 江州市市中区 are two."""
_ONE_CHARACTER = re.compile(r"[城郊矿东西南北]区|.县")
"""Regions whose name is one character; 园区, 社区 and 城市 are none."""
_CITY_AFFAIRS = re.compile("[省市县区州旗盟]?城市")
"""县城市管理局 is the bureau of a county that manages its town, not one of a city 县城."""
_NO_REGION = re.compile(
    r"^[全各本我该].$|治[省市县区旗州]$|(?:社|小|景|校|军|辖|行政)区$|(?:小|中心|大|新)城市$|(?:少数民族|民族)地区$"
)
_ZONE = re.compile(
    r"(?:新|高新|经开|开发|园|示范|度假|保税|自贸|贸易|合作|试验|实验|功能|集聚|保护|名胜|工业|产业|管理|旅游)区$"
)
_RANKS = {"省": 0, "自治区": 0, "特别行政区": 0, "市": 1, "州": 1, "盟": 1, "地区": 1}
_JOINT = re.compile(
    rf"({_HAN}{{1,40}}?(?:[省市县区旗州盟镇乡街]|街道))(?:党委|党工委|党的工作委员会|工作委员会|工委|委员会|委)"
    r"[、，,和及]?[^局厅部]{0,40}?(?:人民政府|政府|办事处|街道办|管委会|管理委员会)"
)
"""中共柳河镇委员会、柳河镇人民政府: party committee and government of one place."""
_PLACE_BEHIND = re.compile(r"([^（）]+)（([^（）]{2,20})）")
"""柳河镇（云溪县）"""
_OWN_GOVERNMENT = re.compile(r"(?:党委|委员会|委)?[、和]?[省市县区旗州盟]?(?:人民政府|政府)?")
_TOWNSHIP = re.compile(
    r"(.{1,14}?)(镇|乡|苏木|街道|街)"
    r"(?:党委|党工委|党的工作委员会|工作委员会|工委|委员会|委)?[、和]?"
    r"(?:[镇乡]?(?:人民政府|政府)|街道办事处|办事处|街道办|办)?(?:(?:党政)?(?:综合)?办公室|党政(?:综合)?办)?"
)
_STREET_OFFICE = re.compile(r"([^驻区]{2,12})(?<!街道)办事处")
_TOWNSHIP_END = re.compile(
    r"(?:镇|乡|苏木|街道|街)(?:党委|党工委|工委|委员会)?(?:人民政府|政府|街道办事处|办事处|街道办|办)?$"
)
_BARE_START = re.compile(r"(?:镇|乡|苏木|街)")
_SCOPE = re.compile(
    r"[本我]?([省市县区旗州盟])(?!场|监局|容|域|划|块|会|城|乡|政(?:管理|工程|园林|公用|设施|建设|局|处)|民(?:中心|服务|热线))"
    r"(?=.*(?:局|委|办|厅|政府|会|中心|院|署|队|社|部|室|处|所|站|馆)$)"
)
"""县司法局: the name says that it belongs to a county, not to which."""
_COMMITTEE = re.compile(r"(.+[区园城港])(?:党工委|工委)?[、和]?管委会")
_NAMELESS = re.compile(
    r"(?:镇|乡|街道|街)?(?:人民政府|政府|党委|党工委|工委|委员会|委|办事处|街道办|管委会|办公室|办)?"
    r"|[省市县区州]?(?:局|厅|委|办|中心|单位|机关|部门)"
)
_SHORT = {
    "市监": "市场监管",
    "药监": "药品监管",
    "人社": "人力资源社会保障",
    "人力社保": "人力资源社会保障",
    "发改": "发展改革",
    "住建": "住房城乡建设",
    "卫健": "卫生健康",
    "文旅": "文化旅游",
    "文广旅": "文化广电旅游",
    "文广旅体": "文化广电旅游体育",
    "资规": "自然资源规划",
    "自规": "自然资源规划",
    "应急": "应急管理",
    "交通": "交通运输",
    "工信": "工业信息化",
    "科技": "科学技术",
    "城管": "城市管理",
    "教体": "教育体育",
    "林草": "林业草原",
    "医保": "医疗保障",
    "退役军人": "退役军人事务",
    "国资": "国有资产监督管理",
    "民宗": "民族宗教事务",
}
"""Short forms in general official use, each of one department only."""
_EITHER = frozenset({"发展改革", "住房城乡建设", "卫生健康", "农业农村", "交通运输"})
"""A region has one of each, called 局 or 委员会."""
_REMARK = re.compile(
    r"[（(〔\[【]"
    r"(?:第?[0-9一二三四五六七八九十]{1,3}|[^（()）〔〕\[\]【】]{0,12}"
    r"(?:稿|版|修订|修改|更正|补正|盖章|签章|扫描|签字|公开|印发|正式|更新|副本|复件|备份|存档|附件|上报|报送|最新|最终|[Ff]inal|FINAL|[Cc]opy|[Nn]ew)"
    r"[^（()）〔〕\[\]【】]{0,8})"
    r"[）)〕\]】]"
)


class Name(NamedTuple):
    """A name taken apart.

    ``units``: the regions it belongs to, outermost first; empty: unknown. ``body``: the organ within its region, in one
    spelling. ``scope``: 县 where the name says 县司法局 and nothing tells which county.
    """

    units: tuple[str, ...]
    body: str
    scope: str = ""

    @property
    def place(self) -> str:
        """The smallest region without 县 or 市, so that 云溪 and 云溪县 can be looked up; empty: unknown."""
        if not self.units:
            return ""
        last = self.units[-1]
        return last[:-1] if len(last) > 2 and last[-1] in "省市县区旗州盟" else last

    @property
    def is_named(self) -> bool:
        """Tell whether the name says more than 人民政府 or 镇政府."""
        if self.body == GOVERNMENT:
            return bool(self.units or self.scope)
        return not _NAMELESS.fullmatch(self.body)


def organ_key(name: str, region: str | None) -> str:
    """Return one spelling of an organ with its region: the same for all spellings, another for every other organ.

    Args:
        name: as path, report or roster have it.
        region: where it is known; a region in the name itself counts more.
    """
    return key_of(parse_name(name, region))


def key_of(name: Name) -> str:
    """Return the key of a name that was taken apart."""
    body = name.scope + name.body
    return f"{name_region(name.units)}/{body}" if name.units else body


def name_region(units: tuple[str, ...]) -> str | None:
    """Return the smallest region; a district with its city, since many cities have districts of one name."""
    if not units:
        return None
    return "".join(units[-2:]) if units[-1].endswith("区") else units[-1]


def drop_remarks(text: str) -> str:
    """Return a name without remarks in brackets such as （修订稿） or (1); brackets that belong to the name stay."""
    return _REMARK.sub("", text)


def parse_name(name: str, region: str | None) -> Name:
    """Take a name apart; ``region`` is what else is known of where the organ belongs."""
    text = re.sub(r"^(?:中共|中国共产党)", "", drop_remarks(_spell(name)))
    given = _read_region(region) if region else ()
    if (place := _PLACE_BEHIND.fullmatch(text)) and _UNIT.fullmatch(place.group(2)):
        text, given = place.group(1), _join(given, _read_region(place.group(2)))
    joint = _JOINT.fullmatch(text)
    if joint:
        text = joint.group(1)
    own, rest = split_front(text, given)
    units = _join(given, own)
    if not own and (scope := _SCOPE.match(rest)):
        within = next((i for i in range(len(given), 0, -1) if given[i - 1].endswith(scope.group(1))), 0)
        if within or not given:
            body = _spell_body(rest[scope.end() :])
            return Name(given[:within], body, "" if within else scope.group(1))
    return Name(units, _spell_body(rest))


def may_be_same(one: Name, other: Name) -> bool:
    """Tell whether two names can mean one organ: same body, and nothing that is known of their regions differs."""
    if one.body != other.body:
        return False
    if not one.units or not other.units:
        scopes = [n.scope or (n.units[-1][-1] if n.units else "") for n in (one, other)]
        return "" in scopes or scopes[0] == scopes[1] or not (one.scope or other.scope)
    if not _same_unit(one.units[-1], other.units[-1]):
        return False
    known = {_rank(u): u for u in one.units[:-1]}
    return all(known.get(_rank(u), u) == u for u in other.units[:-1])


def is_like_organ(text: str) -> bool:
    """Tell whether a text ends as the name of an organ does, and has a name before that."""
    name = parse_name(text, None)
    body = re.sub(r"（[^（）]*）$", "", name.body)
    return name.is_named and len(body) >= 2 and bool(_ORGAN_END.search(body))


_ORGAN_END = re.compile(
    r"(?:镇|乡|苏木|街道|政府|局|厅|委|办|中心|支队|总队|大队|署|院|馆|所|站|处|社|台|会|部|公司|集团|学校|区|园|农场|林场|团|师)$"
)


def split_front(text: str, given: tuple[str, ...] = ()) -> tuple[tuple[str, ...], str]:
    """Return the regions that a name begins with, and the rest of it.

    Args:
        text: in one spelling.
        given: regions that are known; they are also taken off without 县 or 市 (云溪司法局).
    """
    units: list[str] = []
    at = 0
    while (unit := _next_unit(text, at, given, bool(units))) is not None:
        units.append(unit)
        at += len(unit)
    if not units and given:
        base = given[-1][:-1]
        rest = text[len(base) :]
        if (
            len(base) >= 2
            and text.startswith(base)
            and len(rest) >= 3
            and re.search(r"(?:局|厅|委|委员会|管委会)$", rest)
        ):
            is_market = given[-1][-1] == "市" == rest[0]
            if is_market or not re.match(r"[省市县区旗州盟镇乡街]", rest):
                return given[-1:], rest
    return tuple(units), text[at:]


def _next_unit(text: str, at: int, given: tuple[str, ...], is_inside: bool) -> str | None:
    """Return the region that stands at a place, unless what follows shows that it is part of another name."""
    known = next((g for g in given if g[-1] in "省市县区旗州盟" and text.startswith(g, at)), None)
    hit = None if known else _UNIT.match(text, at)
    unit = known or (hit.group() if hit else None)
    if unit is None or (known is None and (_NO_REGION.search(unit) or _CITY_AFFAIRS.fullmatch(unit))):
        return None
    rest = text[at + len(unit) :]
    if _BARE_START.match(rest) or (unit[-1] == "市" and re.match(r"场|容", rest)):
        return None
    if known is None:
        name = re.sub(r"(?:自治|特别行政|地)?.$", "", unit)
        if len(name) < 2 and not (_ONE_CHARACTER.fullmatch(unit) and (is_inside or unit[-1] == "县")):
            return None
    if _ZONE.search(unit) and not _TOWNSHIP_END.search(rest):
        return None
    return unit


def _join(given: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the regions of an organ from what is known and what its name says; the name counts more."""
    if not own or not given:
        return own or given
    if own[0] in given:
        return given[: given.index(own[0])] + own
    if _rank(own[0]) > _rank(given[-1]):
        return given + own
    return own


def _same_unit(one: str, other: str) -> bool:
    """云溪 and 云溪县 are the same, 云溪县 and 云溪区 are not."""
    return one == other or (len(one) > 2 and one[:-1] == other) or (len(other) > 2 and other[:-1] == one)


def _rank(unit: str) -> int:
    return next((r for end, r in _RANKS.items() if unit.endswith(end)), 2)


@lru_cache(maxsize=4096)
def _read_region(region: str) -> tuple[str, ...]:
    """Return the regions that a region is written with (江州市云溪县: two)."""
    return region_units(region) or (drop_remarks(_spell(region)),)


def region_units(text: str) -> tuple[str, ...]:
    """Return the regions that a text is made of, outermost first; nothing when it is anything else."""
    spelled = drop_remarks(_spell(text))
    units: list[str] = []
    at = 0
    while at < len(spelled) and (hit := _UNIT.match(spelled, at)) and not _NO_REGION.search(hit.group()):
        units.append(hit.group())
        at = hit.end()
    return tuple(units) if at == len(spelled) else ()


def _spell(text: str) -> str:
    if _PLAIN.fullmatch(text) and _is_simplified(text):
        return text
    folded = fold(unicodedata.normalize("NFC", text[:_LONGEST])).replace(DROPPED, "")
    return "".join(folded.replace("/", "").split())


def _is_simplified(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _spell_body(rest: str) -> str:
    if _OWN_GOVERNMENT.fullmatch(rest):
        return GOVERNMENT
    if town := _TOWNSHIP.fullmatch(rest):
        kind = "街道" if town.group(2) == "街" else town.group(2)
        return town.group(1) + kind
    if street := _STREET_OFFICE.fullmatch(rest):
        return street.group(1) + "街道"
    return _spell_department(rest)


def _spell_department(rest: str) -> str:
    text = re.sub(r"(?<=[局委办厅会])(?:党组|党委)$", "", rest).replace("管理委员会", "管委会")
    text = text.replace("经济技术开发区", "经开区").replace("高新技术产业开发区", "高新区")
    if zone := _COMMITTEE.fullmatch(text):
        return zone.group(1)
    text = re.sub(r"委员会$", "委", text)
    text = re.sub(r"办公[室厅]$", "办", text).replace("人民政府", "政府")
    text = re.sub("^府办$", "政府办", text)
    if not (text and text[-1] in "局委厅"):
        return text
    stem = re.sub(r"[和与、]", "", text[:-1])
    if text[-1] != "委":
        stem = stem.replace("监督管理", "监管")
    stem = _SHORT.get(stem, stem)
    return stem + ("局" if stem in _EITHER and text[-1] == "委" else text[-1])
