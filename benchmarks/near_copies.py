"""How long copies are looked for, and in how much memory: ``python -m benchmarks.near_copies [REPORTS …]``.

Reports of invented towns are made of clauses that a seed chooses, with planted copies (whole sentences, names and figures
changed, a word changed) and sentences that all towns share; what is found is held against what was planted. Each size runs
in a process of its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from validator.audit.across.copies import CopyFound, find_copies
from validator.audit.across.sketches import COLUMNS, WHOLE_BANDS, sketch
from validator.audit.across.table import Sketched
from validator.audit.records import Passage
from validator.document import Location
from validator.ruleset import load_ruleset

SIZES = (5_000, 10_000, 20_000, 40_000)
SENTENCES = 60
_COPIED_EVERY = 10
_COPIED_SENTENCES = 4
_COMMON = 40
_PLACE = Location(1, 1, 1, 1)
_WHEN = "年初 上半年 汛期 秋收后 开学前 集市日 年底前 换届后 雨季 农闲时".split()
_WHO = "司法所 综治中心 执法队 党政办 经发办 农技站 水利站 文化站 调解室 网格员 法律顾问 包村干部 派出所 林长办 财政所 食安办".split()
_DID = "牵头梳理 逐户走访 集中复核 联合抽查 挂牌整治 逐条登记 上门解释 当场演示 分组清点 轮流值守 公开评议 现场调处 重新测绘 统一换发 逐项比对 跟踪回访".split()
_WHAT = (
    "沿河商铺占道摊点 老旧小区电梯合同 村级公章使用台账 林地承包合同附图 山塘放水顺序约定 校车行驶路线备案 集体鱼塘招租底价 宅基地相邻通道 "
    "农机停放场地 祠堂修缮款项 夜市油烟排放口 石料运输限行牌 果园灌溉用电 渡口救生设备 养殖场粪污去向 危桥限重标志 快递站消防通道 茶叶收购秤具 "
    "古树保护围栏 公墓用地边界 水厂取水许可 民宿旅客登记簿 砂场开采期限 烟花零售点间距 光伏板租地协议 蜂农转场证明"
).split()
_HOW = (
    "以抓阄方式排定先后 请三位老村民作证 把结果贴在祠堂门口 用方言录成广播 给每户发一张明白卡 按亩数分摊费用 当天录入纸质底册 由镇人大代表监督 "
    "邀请邻镇同行旁听 把争议点画成示意图 限期自行搬离 留出十天异议期 逐项附照片存档 交由村民小组表决 先易后难分三批办 约定下不为例"
).split()
_SO = (
    "群众送来手写感谢信 同类投诉降到个位数 拖了多年的欠账结清 两个村恢复通车 没有一户提出异议 费用比原先省下一半 沿线积水当月排净 摊主主动换了位置 "
    "老人不用再跑县城 合同纠纷没有再起 登记簿第一次补齐 夜间噪声明显减少 界桩全部重新埋设 秤具全部校准"
).split()


def _sentence(chance: random.Random) -> str:
    number = chance.randint(2, 400)
    return (
        f"{chance.choice(_WHEN)}{chance.choice(_WHO)}{chance.choice(_DID)}{chance.choice(_WHAT)}{number}处，"
        f"{chance.choice(_HOW)}，{chance.choice(_SO)}，{chance.choice(_WHO)}又{chance.choice(_DID)}{chance.choice(_WHAT)}。"
    )


def make_report(number: int) -> tuple[Passage, ...]:
    """Return the sentences of a report: its own, some that all share, and in each tenth some of the one before."""
    chance = random.Random(number)
    own = [_sentence(chance) for _ in range(SENTENCES - 5)]
    common = random.Random(-1)
    shared = [_sentence(common) for _ in range(_COMMON)]
    own += chance.sample(shared, 5)
    if _is_copier(number):
        before = random.Random(number - 1)
        taken = [_sentence(before) for _ in range(_COPIED_SENTENCES)]
        own[10 : 10 + len(taken)] = [t.replace("年", "岁", 1).replace("处，", "处（次），") for t in taken]
    return tuple(Passage(text, "own", _PLACE) for text in own)


def _is_copier(number: int) -> bool:
    return number % _COPIED_EVERY == 7


def _make(path: Path, size: int) -> None:
    """Write the sketches of all reports to a file, as an audit keeps them in its database."""
    formulas = load_ruleset().formulas
    spent = 0.0
    with path.open("wb") as file:
        for number in range(size):
            passages = make_report(number)
            started = time.perf_counter()
            made = sketch(passages, formulas)
            spent += time.perf_counter() - started
            file.write(b"".join(made))
    print(json.dumps({"reports": size, "sketch ms": round(spent / size * 1000, 2), "MiB": path.stat().st_size >> 20}))


def _read(path: Path, size: int) -> Iterator[Sketched]:
    """Yield the sketches in a file."""
    length, whole = SENTENCES * COLUMNS * 4, WHOLE_BANDS * 4
    with path.open("rb") as file:
        for number in range(size):
            yield Sketched(number, f"organ {number}", None, 2024, file.read(length), file.read(whole))


def _find(path: Path, size: int) -> None:
    """Find the copies and tell what it took."""
    formulas = load_ruleset().formulas
    before = _peak()
    found, first, common = set(), 0.0, 0
    started = time.perf_counter()

    def advance(done: int, _total: int) -> None:
        nonlocal first
        first = first or time.perf_counter() - started

    for item in find_copies(_read(path, size), make_report, formulas, advance=advance):
        if isinstance(item, CopyFound):
            found.add((item.here, item.there))
        else:
            common += 1
    planted = {(n, n - 1) for n in range(size) if _is_copier(n)}
    told = {
        "reports": size,
        "sorting s": round(first, 1),
        "all s": round(time.perf_counter() - started, 1),
        "peak before MiB": before,
        "peak MiB": _peak(),
        "planted": len(planted),
        "found": len(planted & found),
        "others": len(found - planted),
        "common": common,
    }
    print(json.dumps(told))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main(arguments: list[str]) -> None:
    """Make and compare reports of every size, each step in a process of its own."""
    if arguments[:1] in (["--make"], ["--find"]):
        step = _make if arguments[0] == "--make" else _find
        step(Path(arguments[1]), int(arguments[2]))
        return
    for size in map(int, arguments or map(str, SIZES)):
        with TemporaryDirectory() as folder:
            for step_name in ("--make", "--find"):
                words = [sys.executable, "-m", "benchmarks.near_copies", step_name, f"{folder}/sketches", str(size)]
                subprocess.run(words, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
