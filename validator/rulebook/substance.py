"""How the rules on evidence, numbers, references, wording, problems and plan are checked, in sentences for people."""

from __future__ import annotations

from types import MappingProxyType

from validator.kinds import (
    ActivityCheck,
    ClosureCheck,
    ItemsCheck,
    LandmarksCheck,
    PersonalDataCheck,
    PunctuationCheck,
    RepeatedCheck,
    SameMeasureCheck,
    StatementCheck,
    SumsCheck,
    TitlesCheck,
    WordingCheck,
    YearsCheck,
)
from validator.kinds.substance import LandmarkKind
from validator.rulebook.sayings import Asked, Saying, listed
from validator.rulebook.structure import name_parts

_NEVER_FAILS = Saying("只请人核对，不直接判不通过。", "A person decides; it never fails by itself.")
LANDMARK_WORDS: MappingProxyType[LandmarkKind, tuple[str, str]] = MappingProxyType(
    {
        "law": ("法律", "laws"),
        "regulation": ("法规", "regulations"),
        "party_regulation": ("党内法规", "party regulations"),
        "judicial": ("司法解释", "judicial interpretations"),
        "policy": ("政策文件", "policy documents"),
        "plan": ("规划、纲要", "plans and outlines"),
        "congress": ("党的代表大会和全会", "party congresses and plenums"),
        "meeting": ("会议", "meetings"),
        "formula": ("固定提法", "set phrases"),
        "campaign": ("专项活动", "campaigns"),
        "agency": ("机构", "agencies"),
        "exam": ("考试", "examinations"),
        "day": ("宣传日", "observance days"),
        "body": ("议事机构", "commissions"),
        "book": ("著作", "books"),
        "institution": ("制度", "institutions"),
    }
)
_FAULTS = MappingProxyType(
    {
        "stale": (
            "报告年度年底以前已经失效或者被替代的，逐个指出。",
            "Each one that was repealed or replaced before the end of the reporting year is named.",
        ),
        "renamed": (
            "报告年度开始以前已经改名的，逐个指出。",
            "Each name that had changed before the reporting year began is named.",
        ),
        "premature": (
            "到报告年度次年4月30日还没有的，逐个指出。",
            "Each one that was not there by 30 April of the following year is named.",
        ),
    }
)


def explain_statement(asked: Asked[StatementCheck]) -> tuple[Saying, ...]:
    """Explain a rule on what a part states."""
    zh, en = name_parts((asked.check.part,))
    return (
        Saying(
            f"逐句读{zh}部分，有一句做到“{{title}}”就通过。",
            f"The sentences of one part ({en}) are read; one that does this is enough: {{title}}.",
            {"title": asked.rule.title},
        ),
        Saying(
            "标题里的字样和套话不算；一句也没有的，会指出“{lacking}”。",
            "Words of a heading and empty phrases do not count. Without such a sentence it says: {lacking}.",
            {"lacking": asked.check.lacking},
        ),
    )


def explain_items(asked: Asked[ItemsCheck]) -> tuple[Saying, ...]:
    """Explain a rule on the number of items."""
    zh, en = name_parts((asked.check.part,))
    return (
        Saying(
            f"数{zh}部分写出的具体事情，至少要有{asked.check.least}件。",
            f"The distinct matters of one part ({en}) are counted; there must be {asked.check.least} or more.",
        ),
        Saying("开场话不算，说同一件事的只算一件。", "Openings do not count, and the same matter counts once."),
    )


def explain_closure(asked: Asked[ClosureCheck]) -> tuple[Saying, ...]:
    """Explain a rule on problems and plan."""
    matters = asked.ruleset.matters.matters
    return (
        Saying(
            "把每个问题与下一年的安排逐条对照，看说的是不是同一件事。",
            "Every problem is compared with the items of the plan: is any about the same matter?",
        ),
        Saying(
            f"事情按{len(matters)}类来比，例如{{matters}}；归不进去的，比用词。",
            f"There are {len(matters)} matters, such as {{matters}}; what fits none is compared by its words.",
            {"matters": "、".join(m.name for m in matters[:4])},
        ),
        Saying("找不到下文的问题，逐个列出。", "Problems without an answer are listed."),
        _NEVER_FAILS,
    )


def explain_activity(asked: Asked[ActivityCheck]) -> tuple[Saying, ...]:
    """Explain a rule on counted activities."""
    theme = next(r for r in asked.ruleset.rules if r.id == asked.check.theme)
    said = [
        Saying(
            f"先找写到这项内容的那一节：{{theme}}（{theme.id}）。再看那一节里有没有写出数量的活动。",
            f"First the section that names this theme is found: {{theme}} ({theme.id}). "
            "Then an activity with a number is looked for there.",
            {"theme": theme.title},
        ),
        Saying("认这些单位：{units}。", "Units that count: {units}.", {"units": listed(asked.check.units)}),
    ]
    if asked.check.frequency:
        said.append(Saying("写“每月”“每季度”这样的频次也算。", "A frequency, such as every month, counts too."))
    said.append(Saying("数量说的是别的事的，不算。", "A number of something else does not count."))
    return tuple(said)


def explain_sums(_: Asked[SumsCheck]) -> tuple[Saying, ...]:
    """Explain a rule on sums."""
    return (
        Saying(
            "找到既写总数、又列分项的地方，把分项加起来与总数比。对不上的，列出算式。",
            "Where a total stands with its parts, the parts are added up. Where they do not agree, the sum is shown.",
        ),
        Saying(
            "约数、互相重叠的分项不算；没有这样的地方，不适用。",
            "Rounded numbers and overlapping parts are left out. Not applicable without such a place.",
        ),
        _NEVER_FAILS,
    )


def explain_same_measure(_: Asked[SameMeasureCheck]) -> tuple[Saying, ...]:
    """Explain a rule on measures that are told twice."""
    return (
        Saying(
            "同一个指标（名称和单位都相同）在几处出现的，比较各处的数。不一样的，把两处都列出来。",
            "A measure that is told in several places, with one name and unit, is compared. Both values are shown.",
        ),
        Saying(
            "时间、地方、单位不同的数，不放在一起比。",
            "Numbers of different periods, places or bodies are not compared.",
        ),
        _NEVER_FAILS,
    )


def explain_landmarks(asked: Asked[LandmarksCheck]) -> tuple[Saying, ...]:
    """Explain a rule on references in their time."""
    known = [x for x in asked.ruleset.landmarks if x.kind in asked.check.kinds]
    zh, en = _FAULTS[asked.check.fault]
    said = [
        Saying(
            f"报告里写到的{_name_kinds(asked.check.kinds)[0]}，与名录里{len(known)}个名称的起止日期比。{zh}",
            f"Names in the report are compared with the dates of {len(known)} known names "
            f"({_name_kinds(asked.check.kinds)[1]}). {en}",
        )
    ]
    if asked.check.title_only:
        titled_zh, titled_en = _name_kinds(asked.check.title_only)
        said.append(Saying(f"{titled_zh}只看书名号里的完整名称。", f"Whole titles in title marks only: {titled_en}."))
    said.append(
        Saying(
            "写明是过去的事或者还没有定下来的，不算。",
            "What is told as history, or as still to come, does not count.",
        )
    )
    if any(x.verification == "memory" for x in known):
        said.append(
            Saying(
                "名录里有的日期没有与原文核对，结论里会写明。",
                "Some of the dates were not compared with the official text; the finding says so.",
            )
        )
    return tuple(said)


def _name_kinds(kinds: tuple[LandmarkKind, ...]) -> tuple[str, str]:
    return "、".join(LANDMARK_WORDS[k][0] for k in kinds), ", ".join(LANDMARK_WORDS[k][1] for k in kinds)


def explain_titles(asked: Asked[TitlesCheck]) -> tuple[Saying, ...]:
    """Explain a rule on cited titles."""
    return (
        Saying(
            f"书名号里的名称，与名录里{len(asked.ruleset.titles.all)}个国家法律和文件的名称比。差几个字的，列出正确的名称。",
            f"Titles in title marks are compared with {len(asked.ruleset.titles.all)} national laws and documents. "
            "Where a few characters differ, the right title is shown.",
        ),
        Saying("本地和本单位的文件不看。", "Documents of the place and of the body itself are left alone."),
        _NEVER_FAILS,
    )


def explain_years(_: Asked[YearsCheck]) -> tuple[Saying, ...]:
    """Explain a rule on years."""
    return (
        Saying(
            "标题、开头、各部分标题写的年度应是报告年度，下一年安排写的应是下一年。对不上的，逐处指出。",
            "Title, opening and headings should say the reporting year, the plan the year after. "
            "Each that does not is named.",
        ),
    )


def explain_wording(asked: Asked[WordingCheck]) -> tuple[Saying, ...]:
    """Explain a rule on fixed wording."""
    right = [use.right for use in asked.check.wrong if use.right and len(use.right) > 1]
    names = [name for near in asked.check.near for name in near.right]
    said = [
        Saying(
            "在全文里找不该有的写法，找到一处指出一处。文件名称里的不看。",
            "Wrong wordings are looked for in the whole text, and each is named. Titles of documents are left alone.",
        )
    ]
    if right:
        said.append(
            Saying(
                "会给出正确的字样，例如：{right}。",
                "The right words are given, such as: {right}.",
                {"right": listed(right, 6)},
            )
        )
    if names:
        said.append(
            Saying(
                "这些名称差一个字也要指出：{names}。",
                "These names must be exact to the character: {names}.",
                {"names": listed(names)},
            )
        )
    if asked.check.unless:
        said.append(Saying("本来就该这样写的，不算错。", "Where the words are right as they are, nothing is said."))
    return tuple(said)


def explain_repeated(_: Asked[RepeatedCheck]) -> tuple[Saying, ...]:
    """Explain a rule on repetition."""
    return (
        Saying(
            "找连着写了两遍的字、词和句子，逐处指出。本来可以重叠的说法不算。",
            "Characters, words and clauses that stand twice in a row are named. Right repetitions are left alone.",
        ),
    )


def explain_punctuation(_: Asked[PunctuationCheck]) -> tuple[Saying, ...]:
    """Explain a rule on marks."""
    return (
        Saying(
            "看汉字旁边有没有半角的逗号、分号、冒号、问号，独占一行的标题末尾有没有句号、分号、逗号。逐处指出。",
            "Half-width commas, semicolons, colons and question marks beside Chinese are named, "
            "and headings on a line of their own that end in a mark.",
        ),
    )


def explain_personal_data(_: Asked[PersonalDataCheck]) -> tuple[Saying, ...]:
    """Explain a rule on personal data."""
    return (
        Saying(
            "在全文里找身份证号、手机号、银行卡号，用校验位排除巧合。找到一处指出一处，结果里遮住中间几位。",
            "Identity, mobile and bank card numbers are looked for, with check digits against chance. "
            "Each is named, with its middle masked.",
        ),
        Saying("写明是编号、代码之类的，不算。", "Numbers that are said to be something else do not count."),
    )
