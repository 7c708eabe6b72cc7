"""Names of regions, as people state them: 湖北省, 湖北省咸宁市. Nothing is guessed from the text of a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_UNIT = re.compile(
    r"([\u4e00-\u9fff]{1,12}?)(自治区|特别行政区|自治州|自治县|自治旗|地区|[省市盟县区旗])(?!(?!市[中南北]区)[市县区旗])"
)
_RANKS = {"省": 0, "自治区": 0, "特别行政区": 0, "市": 1, "自治州": 1, "盟": 1, "地区": 1}
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")


def is_elsewhere(stated: str, regions: Iterable[str]) -> bool:
    """Tell whether a stated region is surely none of some regions: for each, one of its units is named otherwise."""
    units = _units(stated)
    return all(_differ(units, _units(region)) for region in regions)


def _differ(here: Mapping[int, str], there: Mapping[int, str]) -> bool:
    return any(here[rank] != there[rank] for rank in here.keys() & there.keys())


def _units(region: str) -> dict[int, str]:
    """Return the units of a region by rank: 0 for provinces, 1 for cities, 2 for counties. 湖北省咸宁市 has two."""
    found: dict[int, str] = {}
    for unit in _UNIT.findall(region):
        name, end = unit
        rank = 0 if name + end in _MUNICIPALITIES else _RANKS.get(end, 2)
        found.setdefault(2 if rank in found else rank, name + end)
    return found


def is_region(text: str) -> bool:
    """Tell whether a text names a province, city or county by its full name."""
    return bool(_units(text))
