"""How long copies are looked for, and in how much memory: ``python -m benchmarks.near_copies [REPORTS …]``.

Reports of invented towns are made of words that a seed chooses. Each tenth has four sentences of the one before with
other figures, each twentieth with another word in each too, and all have sentences that they share; what is found is
held against what was planted. Each step of each size runs in a process of its own.
"""

from __future__ import annotations

import json
import random
import re
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
_VERBS = (
    "梳理走访复核抽查整治登记解释演示清点值守评议调处测绘换发比对回访巡护勘界公示收购修缮疏浚"
    "加固迁移补种检修编号拆除围挡消杀摸排认领兑付封存转运培训约谈听证备案清退"
)
_NOUNS = (
    "河堤摊点电梯公章台账附图山塘校车鱼塘通道农机祠堂款项油烟石料果园渡口粪污危桥快递秤具古树公墓水厂民宿砂场烟花光伏蜂箱茶山"
    "竹林沼气井盖路灯菜场围墙界桩牌匾合同票据仓房冷库船只渔网药材花木苗圃沟渠泵站窑址戏台球场车棚晒场粮种化肥篷布屋顶石阶护栏"
)
_HOW = "逐户分批当场连夜按亩轮流抓阄张榜依次随船徒步沿河入户定点抽签挂牌限时错峰隔周借窑"
_THEN = "后并再才也均先仍"
"""Words of two characters each, and of one."""


def _word(chance: random.Random, words: str) -> str:
    at = chance.randrange(len(words) // 2) * 2
    return words[at : at + 2]


def _sentence(chance: random.Random) -> str:
    clauses = [
        f"{_word(chance, _HOW)}{_word(chance, _VERBS)}{_word(chance, _NOUNS)}{_word(chance, _NOUNS)}"
        f"{chance.randint(2, 400)}处{chance.choice(_THEN)}{_word(chance, _VERBS)}{_word(chance, _NOUNS)}"
        for _ in range(chance.randint(2, 5))
    ]
    return "，".join(clauses) + "。"


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
        own[10 : 10 + len(taken)] = [_disguise(t, number) for t in taken]
    return tuple(Passage(text, "own", _PLACE) for text in own)


def _disguise(text: str, number: int) -> str:
    """Return a copied sentence with other figures; every second copier also puts another word into it."""
    text = re.sub(r"\d", "7", text)
    return text if number % 20 < 10 else text[:4] + "另行" + text[6:]


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
    found, first, common, pairs = set(), 0.0, 0, 0
    started = time.perf_counter()

    def advance(_done: int, total: int) -> None:
        nonlocal first, pairs
        first, pairs = first or time.perf_counter() - started, total

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
        "pairs": pairs,
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
        step(Path(arguments[1]), int(arguments[2]))  # ``_find`` reads the first of them
        return
    sizes = [int(a) for a in arguments] or SIZES
    with TemporaryDirectory() as folder:
        for step_name, size in (("--make", max(sizes)), *(("--find", s) for s in sizes)):
            words = [sys.executable, "-m", "benchmarks.near_copies", step_name, f"{folder}/sketches", str(size)]
            subprocess.run(words, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
