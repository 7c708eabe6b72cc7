"""Organs that do not exist: cities with counties, their townships and departments, and the words of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.dice import Dice

_FIRST = (
    "云青苍松石桃梅兰竹杏棠荷莲菱芦鹭雁鹤鹿凤银玉翠碧丹紫霞虹雾霜雪露"
    "澄沐澜沧漳汀泽泠岚峦崧岱屏嵩垣砚砺瑶琅璞璟昭晞暄煦穗稷黍榆槐桂椿栎蓼蕙"
)
_SECOND = "溪河湖泉塘湾浦洲屿岭岗坪坡峪谷峰岩坝渡集寨堡亭阁园原川沙港埠陂畈坞垄圩墩桥澳嘴屏樟栗榕竺芷"
_STOCK = len(_FIRST) * len(_SECOND)
_STEP = 1021
"""Prime, and no divisor of the stock, so that steps of this size visit every name once."""
_PREFIXES = ("", "东", "西", "南", "北", "新", "上", "下", "前", "后")
_BUREAUS = (
    ("民政局", "社会救助股"),
    ("教育局", "督导股"),
    ("财政局", "会计股"),
    ("水利局", "水政监察大队"),
    ("农业农村局", "农业执法大队"),
    ("林业局", "森林资源股"),
    ("交通运输局", "运输执法大队"),
    ("自然资源局", "自然资源监察大队"),
    ("文化和旅游局", "文化市场执法大队"),
    ("卫生健康局", "卫生监督所"),
    ("市场监督管理局", "稽查大队"),
    ("生态环境局", "环境监察大队"),
    ("应急管理局", "应急执法大队"),
    ("人力资源和社会保障局", "劳动监察大队"),
    ("住房和城乡建设局", "建设监察大队"),
    ("城市管理局", "城管执法大队"),
    ("审计局", "综合股"),
    ("统计局", "普查中心"),
    ("商务局", "市场秩序股"),
    ("医疗保障局", "基金监管股"),
    ("司法局", "行政执法协调股"),
    ("退役军人事务局", "优抚股"),
)
SINGLE, DOUBLE = (2023,), (2022, 2023)


@dataclass(frozen=True)
class Organ:
    """An organ that must submit a report.

    ``form`` is what organs that write alike share (镇, 街道, 民政局); ``places`` are the names that another organ's
    copy would have to replace, the longest first.
    """

    index: int
    name: str
    level: str
    form: str
    region: str
    places: tuple[str, ...]
    aliases: tuple[str, ...]
    years: tuple[int, ...]
    words: dict[str, str]


def place_name(number: int) -> str:
    """Return the place name of a number; different numbers have different names."""
    spot = number * _STEP % _STOCK
    name = _FIRST[spot // len(_SECOND)] + _SECOND[spot % len(_SECOND)]
    return _PREFIXES[number // _STOCK % len(_PREFIXES)] + name


def list_organs(seed: int, block: int, first: int) -> Iterator[Organ]:
    """Yield the organs of one city with its counties.

    Args:
        seed: of the whole run.
        block: the number of the city, from 0.
        first: the index of its first organ.
    """
    dice = Dice(seed, 1, block)
    start = Dice(seed, 2).below(_STOCK)
    city = place_name(start + block * 5) + "市"
    index = first
    if dice.chance(0.5):
        yield _government(dice, seed, index, city, "市", city, "省")
        index += 1
    for number in range(1, 5):
        county = place_name(start + block * 5 + number) + ("县" if dice.chance(0.7) else "区")
        for organ in _county(dice, seed, index, county, city):
            yield organ
            index += 1


def _county(dice: Dice, seed: int, index: int, county: str, city: str) -> Iterator[Organ]:
    yield _government(dice, seed, index, county, county[-1], city, "市")
    towns = dice.sample(range(_STOCK), dice.between(6, 12))
    for number in towns:
        index += 1
        yield _town(dice, seed, index, place_name(number), county, city)
    for bureau, team in dice.sample(_BUREAUS, dice.between(5, 9)):
        index += 1
        yield _bureau(dice, seed, index, bureau, team, county, city)


def _years(dice: Dice) -> tuple[int, ...]:
    return DOUBLE if dice.chance(0.4) else SINGLE


def _villages(seed: int, index: int) -> dict[str, str]:
    dice = Dice(seed, 3, index)
    return {f"v{n}": place_name(spot) for n, spot in enumerate(dice.sample(range(0, _STOCK, 7), 8), 1)}


def _upper(mark: str) -> dict[str, str]:
    return {"upper": f"{mark}委、{mark}政府", "upname": f"全{mark}"}


def _government(dice: Dice, seed: int, index: int, name: str, mark: str, city: str, above: str) -> Organ:
    words = {
        **_villages(seed, index),
        **_upper(above),
        "organ": f"{name}人民政府",
        "short": name,
        "area": name,
        "xian": mark,
        "party": f"{mark}委",
        "meeting": f"{mark}政府常务会议",
        "units": f"{mark}直各部门",
        "sub": "乡镇" if mark != "市" else "县区",
        "team": "综合行政执法局",
        "office": f"{mark}司法局",
        "boss": f"{mark}政府主要负责同志",
    }
    return Organ(
        index,
        words["organ"],
        "市级" if mark == "市" else "县级",
        f"政府{mark}",
        name,
        (name, city),
        (f"{name}政府", name),
        _years(dice),
        words,
    )


def _town(dice: Dice, seed: int, index: int, name: str, county: str, city: str) -> Organ:
    mark = dice.pick(("镇", "镇", "镇", "乡", "街道"))
    full = name + mark
    street = mark == "街道"
    words = {
        **_villages(seed, index),
        **_upper(county[-1]),
        "organ": f"{full}办事处" if street else f"{full}人民政府",
        "short": full,
        "area": full,
        "xian": county[-1],
        "party": f"{mark}党工委" if street else f"{mark}党委",
        "meeting": "街道党工委会议" if street else f"{mark}党委会议",
        "units": dice.pick(("各站所", "各办公室", "各科室")),
        "sub": "社区" if street else "村级",
        "team": "综合行政执法队",
        "office": dice.pick(("司法所", "党政综合办")),
        "boss": "街道党工委书记、办事处主任" if street else f"{mark}党委书记、{mark}长",
    }
    aliases = (full, f"{full}办") if street else (full, f"{full}政府")
    return Organ(index, words["organ"], "乡镇", mark, county, (full, county, city), aliases, _years(dice), words)


def _bureau(dice: Dice, seed: int, index: int, bureau: str, team: str, county: str, city: str) -> Organ:
    words = {
        **_villages(seed, index),
        **_upper(county[-1]),
        "organ": county + bureau,
        "short": county + bureau,
        "area": county,
        "xian": county[-1],
        "party": "局党组",
        "meeting": "局党组会议",
        "units": "各股室",
        "sub": dice.pick(("基层站所", "下属单位")),
        "team": team,
        "office": dice.pick(("法规股", "政策法规股", "局办公室")),
        "boss": "局党组书记、局长",
    }
    aliases = (county[-1] + bureau, bureau)
    return Organ(index, words["organ"], "部门", bureau, county, (county, city), aliases, _years(dice), words)
