"""Rule + Facts + what the user states → why the rule does not apply to a report. What is unknown hides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validator.facts import Facts
from validator.options import CheckOptions, OrganKind, OrganLevel
from validator.regions import is_elsewhere
from validator.rule import Applies, Rule, Years

LEVEL_NAMES: Mapping[OrganLevel, str] = {
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡镇（街道）",
    "department": "部门",
    "zone": "开发区、片区",
    "other": "其他单位",
}
KIND_NAMES: Mapping[OrganKind, str] = {
    "government": "政府",
    "town": "乡镇",
    "subdistrict": "街道",
    "zone": "开发区、片区",
    "department": "部门",
    "other": "其他单位",
}
_NO_POWER = re.compile(r"档案馆$|机关事务(?:管理|服务|保障)?(?:局|中心|处|办公室|委员会)$")
"""Names of organs that enforce no law. A bureau of archives (档案局) does: it is not among them."""


def exempt_reason(rule: Rule, facts: Facts, options: CheckOptions) -> str | None:
    """Return why a rule does not apply to a report, in one plain sentence; ``None``: it does.

    The name of an organ can show that it enforces no law; a mandatory rule needs that to be stated.
    """
    applies = rule.applies
    years = describe_years(applies.years)
    if facts.year is not None and not _is_within(facts.year, applies.years):
        return f"本规则{years}，这份报告是{facts.year}年度的"
    if applies.levels and facts.organ_level is not None and facts.organ_level not in applies.levels:
        return f"本规则只查{describe_levels(applies)}的报告，这个单位是{LEVEL_NAMES[facts.organ_level]}"
    if applies.kinds and facts.organ_kind is not None and facts.organ_kind not in applies.kinds:
        return f"本规则只查{describe_kinds(applies)}的报告，这个单位是{KIND_NAMES[facts.organ_kind]}"
    if applies.regions and options.region is not None and is_elsewhere(options.region, applies.regions):
        return f"本规则只查{'、'.join(applies.regions)}的报告，这个单位在{options.region}"
    if applies.enforcement is None:
        return None
    if applies.enforcement and options.enforcement == "no":
        return "本规则只查有行政执法职能的单位，这个单位没有"
    if not applies.enforcement and options.enforcement == "yes":
        return "本规则只查没有行政执法职能的单位，这个单位有"
    by_name = facts.organ is not None and _NO_POWER.search(facts.organ) is not None
    if applies.enforcement and options.enforcement == "unknown" and by_name and rule.severity != "error":
        return "本规则只查有行政执法职能的单位，从名称看这个单位没有；如果有，请注明"
    return None


def describe_applies(applies: Applies) -> str:
    """Return to whose reports a rule applies, in words; nothing when to all."""
    said = [
        f"只查{describe_levels(applies)}的报告" if applies.levels else "",
        f"只查{describe_kinds(applies)}的报告" if applies.kinds else "",
        f"只查{'、'.join(applies.regions)}的报告" if applies.regions else "",
        "" if applies.enforcement is None else f"只查{'有' if applies.enforcement else '没有'}行政执法职能的单位",
        describe_years(applies.years),
    ]
    return "；".join(s for s in said if s)


def describe_years(years: Years) -> str:
    """Return reporting years in words; nothing when every year is meant."""
    last = years.until - 1 if years.until is not None else None
    if years.first is None:
        return "" if last is None else f"适用到{last}年度"
    if last is None:
        return f"从{years.first}年度起适用"
    return f"只适用于{years.first}年度" if last == years.first else f"适用于{years.first}年度到{last}年度"


def describe_levels(applies: Applies) -> str:
    """Return the levels of a rule in words."""
    return "、".join(LEVEL_NAMES[level] for level in applies.levels)


def describe_kinds(applies: Applies) -> str:
    """Return the kinds of organ of a rule in words."""
    return "、".join(KIND_NAMES[kind] for kind in applies.kinds)


def _is_within(year: int, years: Years) -> bool:
    return (years.first is None or years.first <= year) and (years.until is None or year < years.until)
