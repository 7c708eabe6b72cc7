"""What each key of ``check`` is for, by rule kind, in Chinese. A test holds that every key stands here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PARTS = "measures 举措成效，problems 不足和原因，principal 第一责任人，plan 下一年安排"

KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "activity": "主题要写出活动的数量",
        "closure": "每个问题都有对应的安排",
        "concrete": "写主要负责人要有具体事项",
        "deeds": "一组动作都要写到",
        "genre": "是不是这种报告",
        "heading_order": "标题的先后",
        "items": "某个部分至少写几条",
        "landmarks": "引用的文件、会议在当时有效",
        "numbering": "序号连续",
        "own_heading": "各部分单列标题",
        "pairs": "成对的提法要准确",
        "part": "四个部分之一",
        "personal_data": "没有个人信息",
        "publication": "按时公开，或者在规定的栏目公开",
        "punctuation": "标点规范",
        "repeated": "没有重复的字句",
        "same_measure": "同一指标只有一个数",
        "section": "有某个部分：有这样的标题，下面有内容",
        "statement": "某个部分写到某件事",
        "sums": "合计与分项对得上",
        "theme": "本单位做了某件事",
        "title": "标题写全",
        "titles": "法规名称写对",
        "wording": "固定用语写对",
        "years": "年份前后一致",
    }
)

KIND_KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "GenreCheck": {
            "accept": "标题里有就是这种报告。",
            "neutral": "标题里有，但还要看开头和正文。",
            "reject": "标题里有就不是这种报告。",
            "opening": "第一个标题以前写明是这种报告的话。",
            "reject_opening": "第一个标题以前写明是别的文种的话。",
            "reject_text": "正文里有就不是这种报告。",
            "content": "这种报告常有的内容，一项一个。",
            "content_needed": "至少要有几项内容。",
            "own_voice": "以本单位口气写的话。",
        },
        "PartCheck": {
            "part": f"哪一部分：{_PARTS}。",
            "precedence": "合写的标题先读哪一部分，1最先，各条不同。",
            "headings": "标题里有就是这一部分。",
            "not_headings": "标题里有就不是这一部分。",
            "weak_headings": "标题里有、下面又有相应内容才是这一部分。",
            "content": "标题下面至少要有其中一项。",
            "content_if_merged": "标题还写了别的部分时，下面要有其中一项。",
            "content_if_weak": "标题不够明确时，下面要有其中一项。",
            "same_matter": "标题里的这些话不算另一个部分。",
            "running": "没有标题，但正文里这样写也说到了这一部分。",
            "not_running": "有这些词，正文里的那句话就不算。",
            "not_under": f"在这些部分下面的标题不算：{_PARTS}。",
            "thematic": "写 true：两个以上写各项工作的一级标题也算这一部分。",
        },
        "SectionCheck": {
            "headings": "标题里有就是这个部分。",
            "not_headings": "标题里有就不是这个部分。",
            "content": "标题下面至少要有其中一项。不写则有文字就行。",
        },
        "OwnHeadingCheck": {"parts": f"哪些部分：{_PARTS}。"},
        "HeadingOrderCheck": {"parts": f"各部分应有的先后：{_PARTS}。"},
        "Mention": {
            "terms": "要写到的词，不加引号。写到一个就算。",
            "needs": "同一句里还要有其中一项。",
            "needs_near": "同一段或上面的标题里还要有其中一项。",
            "not_before": "紧挨在前面有这些词就不算。",
            "not_after": "紧跟在后面有这些词就不算。",
            "not_in_clause": "同一小句里有这些词就不算。",
            "not_in_sentence": "同一句里有这些词就不算。",
            "made_documents_count": "写 true：本单位制定的文件，名称里写到也算。",
        },
        "MentionGroup": {
            "name": "说明找的是什么，不通过时会告诉用户。",
            "all_of": "每一项都要写到。",
        },
        "ThemeCheck": {
            "any_of": "满足其中一组就通过。",
            "weak": "只满足其中一组，请人复核。",
            "related": "相近的词。缺了的时候拿来指出最接近的地方。",
            "names_count": "写 true：只出现在平台、机构名称里也算。",
            "services_count": "写 true：律师、法律顾问做的也算。",
            "in_plan": "只写在下一年安排里怎么办：review 请人复核，fail 不通过。",
        },
        "DeedsCheck": {
            "adverb": "每个动作前面的词。",
            "deeds": "各个动作，以及可以用的动词。",
            "terms": "整个提法的名称，写到一个就算全写了。",
            "other_actors": "有这些词，说的就是别人。",
        },
        "PairsCheck": {
            "term": "对象和动作中间的词。",
            "pattern": "怎样找出一对：要有 object 和 deed 两个命名组。",
            "right": "对的搭配。",
            "accepted": "也可以的搭配。",
        },
        "Proof": {
            "label": "什么样的证据。",
            "before": "同一小句里、在它前面必须有的。",
            "not_before": "紧挨在前面有就不算。",
            "not_after": "紧跟在后面有就不算。",
        },
        "ConcreteCheck": {
            "subjects": "主要负责人的称谓。",
            "other_subjects": "别人的称谓。",
            "proofs": "算数的证据。",
            "not_enough": "这些词里的数字、名称不算证据。",
        },
        "NumberingCheck": {},
        "TitleCheck": {
            "genre": "标题里的文种。",
            "needs": "标题里要有哪几样：organ 单位，year 年度，genre 文种。不写则三样都要。",
        },
        "PublicationCheck": {
            "by": "下一年几月几日以前公开，写月和日，例如 04-01。",
            "column": "要在网站的哪个栏目公开。",
        },
        "ActivityCheck": {
            "theme": "哪条主题规则，写编号。",
            "activity": "哪些活动，同一小句或前面要有。",
            "other": "有这些词，数量说的就是别的事。",
            "units": "哪些单位的数量算，例如 次、场。",
            "frequency": "写 true：每月、每季度这样的频次也算。",
            "same_subject": "没有写主题名称的句子里，有这些词仍算。",
            "other_subject": "没有写主题名称的句子里，有这些词就不算。",
        },
        "SumsCheck": {
            "markers": "引出分项的词，例如 其中。",
            "total": "说明是合计的词。",
            "activity": "小句开头有这些词，它的数就是另一件事。",
            "overlapping": "一件事可以同时有的几种状态，不相加。",
            "compared": "同比等，有就不算。",
        },
        "SameMeasureCheck": {
            "lead": "指标名称前面的词，例如 共、累计。",
            "scope": "说明是别的时间、地方或单位的词。",
            "least": "指标名称至少几个字。",
        },
        "LandmarksCheck": {
            "fault": "找哪种错：stale 年底以前已经失效，renamed 年初以前已经改名，premature 那时还没有。",
            "kinds": "找哪些种类。",
            "title_only": "这些种类只有写在书名号里才算。",
            "not_after": "紧跟在后面有就是别的词。",
            "history": "旁边有这些词，就是在讲过去或将来。",
        },
        "TitlesCheck": {
            "local": "地方和本单位文件的名称，不比较。",
            "prefix": "对的名称前面可以有的字。",
        },
        "YearsCheck": {
            "reporting": "从开头找报告年度，第一个组是年份。",
            "planning": "从安排的句子找下一年，第一个组是年份。",
            "plan_headings": "从一级标题找下一年，第一个组是年份。",
        },
        "WrongUse": {
            "pattern": "错的写法。可以用命名组 wrong 圈出要改的字。",
            "right": "改成什么。",
            "needs": "同一句里要有其中一项才算错。",
        },
        "NearName": {
            "token": "怎样找出这类名称。",
            "right": "对的名称。只差一个字的算错。",
        },
        "WordingCheck": {
            "wrong": "错的写法。",
            "near": "差一个字也算错的名称。",
            "unless": "落在这些写法里面就不算错。",
        },
        "RepeatedCheck": {
            "allowed": "可以重复的写法。",
            "words": "短词里查哪些。",
            "particles": "单个字重复算错的。",
        },
        "PunctuationCheck": {},
        "PersonalDataCheck": {"numbered": "号码前面有这些词，就不是个人的号码。"},
        "StatementCheck": {
            "part": f"哪一部分：{_PARTS}。",
            "patterns": "有一句写到其中一项就通过。",
            "not_patterns": "先去掉的话。",
            "lacking": "没有写到的句子说了什么，会告诉用户。",
        },
        "ItemsCheck": {
            "part": f"哪一部分：{_PARTS}。",
            "least": "至少几条。",
            "content": "每条要有其中一项。",
            "empty": "先去掉的空话。",
            "single": "说明只有一个问题的句子。",
        },
        "ClosureCheck": {
            "content": "没有分条时，有其中一项的句子是问题。",
            "empty": "先去掉的空话。",
        },
    }
)
