"""What each key of rules, sources, profiles and shared data is for, in Chinese: the words that editors show.

A test holds that every key of every model stands here, and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Rule": {
            "id": "规则编号：一个大写字母加三位数字，例如 Y101。要与文件名一致，定了就不再改。",
            "title": "规则名称，几个字说清楚报告里要有什么。",
            "severity": "轻重：error 必备项，warning 应改项，note 质量提示。只有必备项决定结论。",
            "basis": "依据：哪份文件、哪一条、哪句话。没有依据的习惯写“编辑惯例”（bianji）。",
            "reference_for": "依据没有点名、只是参照执行的单位种类。结果里会写明“参照”。",
            "rationale": "为什么有这条规则。",
            "expected": "应写在报告的什么地方。",
            "stands_in": "缺了的时候，批注放在哪一部分。不写则放在标题处。",
            "message": "结果里说的话。",
            "wording": "可以照着改的写法。数字留空，写成〔  〕。",
            "check": "怎么查。先写 kind，再写这一类要的键。",
            "only_if": "前提：另外的规则要得到什么结果，这条才适用。",
            "safe_fix": "写 true：fazhi fix 可以直接把错的写法换成对的。",
            "examples": "例子：通过的、不通过的、容易弄错的。fazhi rules test 会逐个运行。",
            "applies": "对哪些单位、哪些年度适用。写了的条件都要满足，不知道的算满足。",
        },
        "Applies": {
            "levels": "哪些层级的单位。",
            "kinds": "哪些种类的单位。",
            "regions": "哪些地区，写全称，例如 湖北省、重庆市江北区。",
            "enforcement": "写 true：只查有行政执法职能的单位。写 false：只查没有的。",
            "years": "哪些报告年度。",
        },
        "Years": {
            "from": "从哪个报告年度起，含这一年度。",
            "until": "到哪个报告年度止，不含这一年度。",
        },
        "Pack": {
            "id": "清单的编号，小写字母、数字和短横，例如 yunhe。",
            "title": "清单的名称。",
            "version": '版本，加引号写，例如 "1"。',
            "extends": "先读哪些清单：别的清单文件夹，从本文件夹算起；或者随程序附带的清单的名称。",
            "profiles": "配合哪些方案用。不写则都可以。",
            "source_note": "这份清单是从哪里来的。",
            "after": "新加的规则排在哪条后面，新编号对已有的编号。",
            "change": "改别处规则的哪些键。改必备项的查法、依据，或降低分量，要写 reason。",
            "terms": "往词表或规则的词里加词、去词，按规则编号或词表名称。",
            "off": "不查哪些规则，每条写明 reason。结果里仍列出，写不适用。",
            "not_waivable": "另外不许豁免的规则编号，或者一个字母表示一组。",
        },
        "SwitchedOff": {
            "reason": "为什么不查。会写进每份结果。",
        },
        "TermChange": {
            "in": "规则里的哪个键。",
            "beside": "规则有几组词时，写这一组里已有的一个词。",
            "add": "加哪些词。",
            "remove": "去哪些词。",
            "reason": "为什么。改必备项或共用的词表要写。",
        },
        "RuleBasis": {
            "source": "依据的编号，就是 sources 里的文件名。",
            "article": "哪一条，与依据文件里的 id 一致。",
            "quote": "引用的原文，必须在那一条里找得到。",
            "relation": "依据说的是什么：content 规定报告要写，duty 规定单位要做，editorial 编辑惯例。",
        },
        "Messages": {
            "fail": "不通过时说的话。",
            "review": "需要人工复核时说的话。",
        },
        "Examples": {
            "pass": "应当通过的例子。",
            "fail": "应当不通过的例子。",
            "near_miss": "容易弄错的例子，写明 outcome 和 why。两个方向最好都有。",
        },
        "Example": {
            "text": "例子的文字，一两句话就够，不要写真实的单位。",
            "outcome": "应当得到的结果：pass 通过，fail 不通过，review 需复核，not_applicable 不适用。",
            "why": "为什么容易弄错。",
            "year": "报告年度，不写是2023。",
            "organ_level": "单位层级，不写则不指定。",
            "region": "所在地区的全称，不写则不指定。",
            "enforcement": "有没有行政执法职能：yes、no 或 unknown，加引号写。",
        },
        "Source": {
            "id": "依据的编号，要与文件名一致。",
            "title": "文件全名，不加书名号。",
            "number": "文号。没有就不写。",
            "issuer": "制定机关。",
            "kind": "文件种类：party_regulation 党内法规，law 法律，regulation 法规规章，policy 政策文件，"
            "standard 标准，editorial 编辑惯例。",
            "in_force": "从哪一天起施行（含当天）。",
            "repealed": "从哪一天起失效。还有效就不写。",
            "binds": "约束哪些单位。",
            "source_status": "核对到什么程度：verified 对过原文，restated 据转述，unverified 没有核实。",
            "note": "说明。",
            "articles": "要引用的条文。",
        },
        "Article": {
            "id": "条文编号或位置，例如 第三条。",
            "text": "条文原文。",
            "article_status": "条文编号核对到什么程度：verified 对过原文，restated 据转述，unverified 没有核实。",
        },
        "Profile": {
            "id": "方案的编号，要与文件名一致。",
            "title": "方案的名称。",
            "version": '版本，加引号写，例如 "2026.1"。',
            "rules": "规则编号，按清单的顺序，每条一次。",
            "severities": "与规则文件不同的轻重，规则编号对轻重。",
            "not_waivable": "不许豁免的规则编号，或者一个字母表示一组。",
        },
        "Lexicon": {
            "words": "词表，规则的正则里用 {名称} 引用。",
            "name_after": "跟在后面就说明前面的词只是名称的一部分。",
            "set_up": "表示设立、创建的词。",
            "other_actor": "其他机关作主语的写法，其中的 court 组是机关名称。",
            "joint_action": "表示共同去做的词。",
            "joint_with_us": "表示会同本单位的写法。",
            "service_actor": "律师、法律顾问作主语的写法。",
            "negated": "放在前面表示没有做的词。",
            "conditional": "放在后面表示只是条件的词。",
            "made": "表示文件是本单位制定的词。",
            "plan_opening": "下一年安排的句子开头。",
            "problem_opening": "写问题的句子开头。",
            "not_problem": "看起来像、其实不是问题的写法。",
            "deed": "写做了什么的句子。",
            "later": "标题里表示以后要做的词。",
        },
        "Matters": {
            "matters": "问题和安排说的是哪些事项。",
            "general": "不说明任何事项的空话。",
        },
        "Matter": {
            "name": "事项名称。",
            "words": "说到这件事的词，正则表达式。",
            "broad": "写 true：这是一整个领域，只能回应没有说得更细的问题。",
        },
        "Spans": {
            "spans": "在句子里标出什么。",
            "model_entities": "训练过的语言模型的标签在这里叫什么。",
        },
        "SpanRule": {
            "label": "标成什么：QUANTITY 数量，PERCENT 百分比，FREQUENCY 频次，DATE 日期，DOCUMENT 文件，"
            "ORGAN 机构，MEETING 会议，DEED 具体事项，FORMULA 固定提法。",
            "tokens": "spaCy 的记号模式，一个字是一个记号。",
            "phrases": "固定的词语。",
        },
        "ModelEntity": {
            "label": "在这里叫什么标签。",
            "must": "词里必须有的内容，正则表达式。",
        },
        "Landmarks": {"landmarks": "法律、规划、会议、机构和固定提法，各有起止时间。"},
        "Landmark": {
            "name": "名称，不加书名号。",
            "aliases": "别的叫法。",
            "kind": "种类。",
            "citable_from": "从哪一天起可以引用。",
            "superseded_on": "从哪一天起不再是现行的。",
            "superseded_by": "被什么代替。",
            "told_as": "旁边有这些词，旧名称就不算错，正则表达式。",
            "source": "日期从哪里来。",
            "verification": "verified 对过正式文本，memory 没有对过，结果里会写明。",
            "note": "说明。",
        },
        "Titles": {
            "laws": "法律的名称，不加书名号，不写“中华人民共和国”。",
            "regulations": "法规的名称。",
            "party_regulations": "党内法规的名称。",
            "policies": "政策文件的名称。",
        },
        "Formulas": {
            "phrases": "大家都这样写、不算抄的话，正则表达式。",
            "leads": "紧跟在前面、一起去掉的话，正则表达式。",
            "names": "地方和单位的叫法，正则表达式。",
        },
    }
)
