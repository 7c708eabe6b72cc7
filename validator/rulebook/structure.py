"""How the rules on genre, parts, themes, the principal, headings and title are checked, in sentences for people."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from validator.checks.own_heading import PART_NAMES
from validator.kinds import (
    ConcreteCheck,
    DeedsCheck,
    GenreCheck,
    HeadingOrderCheck,
    Mention,
    NumberingCheck,
    OwnHeadingCheck,
    PairsCheck,
    PartCheck,
    PartName,
    SectionCheck,
    ThemeCheck,
    TitleCheck,
)
from validator.rulebook.sayings import Asked, Saying, listed, quoted

ENGLISH_PARTS = MappingProxyType(
    {
        "measures": "measures and results",
        "problems": "problems and their causes",
        "principal": "the first responsible person",
        "plan": "the plan for next year",
    }
)
_EVIDENCE = MappingProxyType(
    {
        "QUANTITY": ("数量", "quantity"),
        "PERCENT": ("百分比", "percentage"),
        "FREQUENCY": ("频次", "frequency"),
        "DATE": ("日期", "date"),
        "DOCUMENT": ("文件名称", "named document"),
        "ORGAN": ("机构名称", "named institution"),
        "MEETING": ("会议名称", "named meeting"),
        "DEED": ("具体事项", "particular deed"),
        "FORMULA": ("固定提法", "set phrase"),
    }
)


def name_parts(parts: Iterable[PartName]) -> tuple[str, str]:
    """Return the names of parts in one line, in Chinese and in English."""
    every = tuple(parts)
    return "".join(f"“{PART_NAMES[p]}”" for p in every), "; ".join(ENGLISH_PARTS[p] for p in every)


def explain_genre(asked: Asked[GenreCheck]) -> tuple[Saying, ...]:
    """Explain a genre rule."""
    needed, signs = asked.check.content_needed, len(asked.check.content)
    return (
        Saying(
            "先看标题是不是这种报告；标题看不出的，看开头是怎么说的。",
            "First the title: does it name such a report? Where it does not tell, the opening is read.",
        ),
        Saying(
            f"标题和开头都看不出的，看正文：{signs}类常见内容要有{needed}类以上，而且是用本单位的口气写的。",
            f"Where neither tells, the text: at least {needed} of {signs} usual contents must be there, "
            "told in the body's own voice.",
        ),
        Saying(
            "写明是别的文种的，不通过，其余各条不再检查。",
            "A text that names itself something else fails, and nothing further is checked.",
        ),
    )


def explain_part(asked: Asked[PartCheck]) -> tuple[Saying, ...]:
    """Explain a part rule."""
    zh, en = name_parts((asked.check.part,))
    said = [
        Saying(
            f"先看标题：有没有一个标题写明{zh}，标题下有没有写出内容。换个说法的标题也认。",
            f"First the headings: is there one that names this part ({en}), with content under it? "
            "Other words for the same are accepted.",
        )
    ]
    if asked.check.thematic:
        said.append(
            Saying(
                "用几个工作主题作标题，每个主题下都写了做过的事，也算。",
                "Two or more headings for fields of work, each with deeds under it, count as well.",
            )
        )
    if asked.check.not_under:
        others, parts = name_parts(asked.check.not_under)
        said.append(
            Saying(f"写在{others}下面的小标题不算。", f"Sub-headings below other parts do not count ({parts}).")
        )
    if asked.check.content_if_merged:
        said.append(
            Saying(
                "与别的内容合用一个标题的，标题下要确实写到这一部分。",
                "Under a heading shared with other matters this part must really be told.",
            )
        )
    said.append(
        Saying(
            "没有标题但正文里写到了的，或者标题下的内容不具体的，请人复核；标题和正文都没有的，不通过。",
            "Told without a heading, or a heading with little under it: a person decides. "
            "Neither heading nor text: it fails.",
        )
    )
    return tuple(said)


def explain_own_heading(asked: Asked[OwnHeadingCheck]) -> tuple[Saying, ...]:
    """Explain a rule on headings of their own."""
    zh, en = name_parts(asked.check.parts)
    return (
        Saying(
            f"逐个看{zh}：写到了的部分，有没有自己的一级标题。",
            f"For each part that is there, a level-1 heading of its own is looked for ({en}).",
        ),
        Saying(
            "合写在一个标题里、放在下级标题里或者没有标题的，逐个指出。",
            "Each one that shares a heading, stands at a lower level or has no heading is named.",
        ),
    )


def explain_section(asked: Asked[SectionCheck]) -> tuple[Saying, ...]:
    """Explain a rule on a section that a bureau names itself."""
    looked = Saying(
        "逐个看标题，有说到“{title}”的、下面有文字，就通过。",
        "The headings are read; one that names this, with text under it, is enough: {title}.",
        {"title": asked.rule.title},
    )
    if not asked.check.content:
        return (looked,)
    return (
        looked,
        Saying(
            "标题下面没有写到相应内容的，请人核对。",
            "Where nothing of the matter stands under the heading, a person decides.",
        ),
    )


def explain_heading_order(asked: Asked[HeadingOrderCheck]) -> tuple[Saying, ...]:
    """Explain a rule on the order of headings."""
    zh, en = name_parts(asked.check.parts)
    return (
        Saying(f"看一级标题的先后是不是：{zh}。", f"The level-1 headings should stand in this order: {en}."),
        Saying("有一个部分没有一级标题的，不适用。", "Not applicable where a part has no level-1 heading."),
    )


def explain_theme(asked: Asked[ThemeCheck]) -> tuple[Saying, ...]:
    """Explain a theme rule."""
    mentions = [m for group in asked.check.any_of for m in group.all_of]
    several = len(asked.check.any_of) > 1
    said = [
        Saying(
            f"在写本年度工作的文字里找{'下面任何一种内容' if several else ''}：{{groups}}。",
            f"Looked for in the account of the year's work{', any one of' if several else ''}: {{groups}}.",
            {"groups": "；或者：".join(group.name for group in asked.check.any_of)},
        ),
        Saying("认的字样：{terms}。", "Words that count: {terms}.", {"terms": _terms(mentions)}),
    ]
    if all(m.needs for m in mentions):
        said.append(
            Saying(
                "只有字样不够，同一句里还要写出做了什么。",
                "The words alone are not enough: the sentence must say what was done.",
            )
        )
    elif any(m.needs for m in mentions):
        said.append(
            Saying(
                "意思宽的字样，同一句里还要写出做了什么才算。",
                "Broad words count only where the sentence says what was done.",
            )
        )
    bars_zh, bars_en = ["文件名称里的字样", "别的单位做的事"], ["titles of documents", "what others did"]
    if any(m.made_documents_count for m in mentions):
        bars_zh[0] += "（本单位制定的文件除外）"
        bars_en[0] += " (but for those that the body made)"
    if not asked.check.names_count:
        bars_zh.append("平台和机构的名称")
        bars_en.append("names of platforms and units")
    if not asked.check.services_count:
        bars_zh.append("律师提供的服务")
        bars_en.append("services of lawyers")
    said.append(
        Saying(
            f"{'、'.join(bars_zh)}、问题部分里提到的，都不算。",
            f"Not counted: {', '.join(bars_en)}, and the problems part.",
        )
    )
    if asked.check.in_plan == "review":
        said.append(
            Saying("只写在下一年安排里的，请人复核。", "Where only the plan for next year names it, a person decides.")
        )
    else:
        said.append(Saying("只写在下一年安排里的，也不算。", "The plan for next year does not count either."))
    if asked.check.weak:
        said.append(
            Saying(
                "只写到下面这些的，也请人复核：{weak}。",
                "A person decides too where there is only this: {weak}.",
                {"weak": "；".join(group.name for group in asked.check.weak)},
            )
        )
    return tuple(said)


def _terms(mentions: list[Mention]) -> str:
    """Return some words of each mention: six of a single one, three of each of several."""
    each = 6 if len(mentions) == 1 else 3
    return quoted((t for m in mentions for t in m.terms[:each]), len({t for m in mentions for t in m.terms}))


def explain_deeds(asked: Asked[DeedsCheck]) -> tuple[Saying, ...]:
    """Explain a rule on the deeds of a formula."""
    said = [
        Saying(
            "在写本年度工作的文字里，逐个找：{deeds}。缺哪个，指出哪个。",
            "Looked for one by one in the account of the year's work: {deeds}. Each that lacks is named.",
            {"deeds": listed(asked.check.deeds)},
        ),
        Saying(
            "“{adverb}”后面写这些动词也认：{verbs}。",
            "Verbs that count after “{adverb}”: {verbs}.",
            {
                "adverb": asked.check.adverb,
                "verbs": listed((v for verbs in asked.check.deeds.values() for v in verbs), 24),
            },
        ),
    ]
    if asked.check.terms:
        said.append(
            Saying(
                "直接写“{terms}”也算。", "The name itself counts too: {terms}.", {"terms": listed(asked.check.terms)}
            )
        )
    said.append(
        Saying(
            "别人做的，写在问题和安排里的，不算。",
            "What others did, and what stands under problems or plan, does not count.",
        )
    )
    return tuple(said)


def explain_pairs(asked: Asked[PairsCheck]) -> tuple[Saying, ...]:
    """Explain a rule on the exact wording of pairs."""
    said = [
        Saying(
            "报告里成对写到“{term}”的话，逐个与这几句对照：{right}。不一致的逐个指出。",
            "Every phrase with “{term}” is compared with these: {right}. Each that differs is named.",
            {"term": asked.check.term, "right": listed(asked.check.right)},
        )
    ]
    if asked.check.accepted:
        said.append(Saying("写成“{also}”也认。", "Accepted too: {also}.", {"also": listed(asked.check.accepted)}))
    said.append(Saying("没有引用的，不算错。", "A report that quotes none of them passes."))
    return tuple(said)


def explain_concrete(asked: Asked[ConcreteCheck]) -> tuple[Saying, ...]:
    """Explain a rule on concrete deeds of the principal."""
    kinds = [_EVIDENCE[label] for label in dict.fromkeys(p.label for p in asked.check.proofs)]
    return (
        Saying(
            f"逐句读写主要负责人的文字，要有一句写出具体的内容，有一样就行：{'、'.join(zh for zh, _ in kinds)}。",
            "The sentences about the principal are read one by one; one of them must have at least one of these: "
            f"{', '.join(en for _, en in kinds)}.",
        ),
        Saying(
            "概括的话、固定说法里的数字、文件名称里的字样、别人做的事，都不算。",
            "General phrases, numbers of set phrases and what others did do not count.",
        ),
    )


def explain_numbering(_: Asked[NumberingCheck]) -> tuple[Saying, ...]:
    """Explain a rule on numbering."""
    return (
        Saying(
            "把各级标题的序号和“一是、二是”连起来看：从一开始，不断号，不重号，同一级用同一种写法。",
            "The numbers of headings and lists are read in a row: they begin at one, have no gap and no repeat, "
            "and keep one style at one level.",
        ),
        Saying("断号、重号、丢号、写法不一，逐处指出。", "Each gap, repeat, lost number and mixed style is named."),
    )


def explain_title(asked: Asked[TitleCheck]) -> tuple[Saying, ...]:
    """Explain a rule on the title."""
    names = {"organ": ("单位", "the body"), "year": ("年度", "the year"), "genre": ("文种", "the kind of document")}
    if len(asked.check.needs) < len(names):
        chosen = [names[n] for n in asked.check.needs]
        zh, en = "、".join(n for n, _ in chosen), " and ".join(n for _, n in chosen)
        return (Saying(f"看标题的{zh}是不是照要求写的。", f"The title should name {en} as required."),)
    return (
        Saying(
            "看标题有没有单位、年度、文种三样。单位和年度写在标题旁边也算。缺哪样，指出哪样。",
            "The title should name the body, the year and the kind of document; body and year may stand beside it. "
            "What lacks is named.",
        ),
    )
