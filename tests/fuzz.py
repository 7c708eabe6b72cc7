"""Mutated files of every format: no crash, no hang, no memory beyond the limit; a document or one plain sentence.

``make fuzz FORMAT=docx COUNT=20000`` prints what came out; the suite runs a short version. The same seed gives the same
files.
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from tests.seeds import OFFICE_SEEDS, SEEDS
from validator.errors import LoadError
from validator.loaders.archive import Archives
from validator.loaders.reader import Reader
from validator.normalise import normalise
from validator.options import Limits
from validator.sources import find_sources, read_source

LIMITS = Limits(seconds=10, memory_mib=500)
FAULTS = ("程序出错", "崩溃", "还没读完", "还没打开", "内存超过")
"""What a message must not say: each is a fault of ours, or a hang."""


@dataclass(slots=True)
class Tally:
    """What came out of a run. ``faults`` are messages that must not be, with the number of the mutation."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str]] = field(default_factory=list)
    slowest: float = 0.0


def mutate(data: bytes, dice: random.Random) -> bytes:
    """Change a file in one to four ways; a zip mostly inside its members."""
    ways = (_inside,) if data.startswith(b"PK") and dice.random() < 0.7 else _WAYS
    for _ in range(dice.choice((1, 1, 2, 4))):
        data = dice.choice(ways)(data, dice)
    return data


def _flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 20))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _drop(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.choice((1, 8, 100, 3000)) :]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    piece = data[at : at + dice.choice((1, 20, 400))]
    return data[:at] + piece * dice.choice((2, 50, 2000)) + data[at:]


def _swap_number(data: bytes, dice: random.Random) -> bytes:
    """Put an extreme number in place of one that is written in digits."""
    places = [i for i in range(len(data)) if data[i : i + 1].isdigit()] if len(data) < 200_000 else []
    if not places:
        return data
    at = dice.choice(places)
    return data[:at] + dice.choice((b"0", b"-1", b"99999999999", b"2147483648", b"NaN", b"1e308")) + data[at + 1 :]


def _inside(data: bytes, dice: random.Random) -> bytes:
    """Change a member of a zip and pack it again, so that its check sum is right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(i.filename, archive.read(i)) for i in archive.infolist()]
    except Exception:
        return _flip(data, dice)
    if not members:
        return data
    chosen = dice.randrange(len(members))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for index, (name, content) in enumerate(members):
            ways = _PLAIN_WAYS if dice.random() < 0.2 else (_change_tree,)
            changed = dice.choice(ways)(content, dice) if index == chosen else content
            archive.writestr(zipfile.ZipInfo(name), changed)
    return out.getvalue()


def _change_tree(data: bytes, dice: random.Random) -> bytes:
    """Drop, double, move or rename elements of an XML part, or change their values; it stays well-formed."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return _flip(data, dice)
    for _ in range(dice.choice((1, 3, 12))):
        nodes = [n for n in root.iter() if n is not root and isinstance(n.tag, str)]
        if not nodes:
            break
        node, other = dice.choice(nodes), dice.choice(nodes)
        parent = node.getparent()
        way = dice.randrange(6)
        if parent is None:
            continue
        if way == 0:
            parent.remove(node)
        elif way == 1:
            parent.insert(parent.index(node), deepcopy(node))
        elif way == 2 and other not in set(node.iter()):
            other.append(node)
        elif way == 3:
            node.tag = other.tag
        elif way == 4 and node.attrib:
            name = dice.choice(sorted(node.attrib))
            node.set(
                name, dice.choice(("", "0", "-1", "7", "99999999999", "甲", "1e9", "nan", str(node.get(name)) * 9))
            )
        else:
            node.text = dice.choice(("", "一、", "\u202e", "甲" * 5000, "%1%2%9", "g 99999 1", " "))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


_PLAIN_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _cut, _drop, _repeat, _swap_number)
_WAYS = (*_PLAIN_WAYS, _inside)


def mutations(kind: str, count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of mutated files of one format."""
    seeds = (SEEDS | OFFICE_SEEDS)[kind]()
    for index in range(count):
        dice = random.Random(f"{kind}-{seed}-{index}")
        name, data = dice.choice(seeds)
        yield name, mutate(data, dice)


def fuzz(kind: str, count: int, seed: int = 0, said: Callable[[int], None] = lambda _: None) -> Tally:
    """Read mutated files, each as a run would."""
    tally = Tally()
    limits = replace(LIMITS, seconds=60) if kind in OFFICE_SEEDS else LIMITS
    with Reader(limits) as reader:
        for index, (name, data) in enumerate(mutations(kind, count, seed)):
            began = time.perf_counter()
            try:
                if kind == "zip":
                    _read_members(data)
                else:
                    normalise(reader.read(name, data))
                tally.counts["read"] += 1
            except LoadError as exc:
                message = str(exc)
                tally.counts["refused"] += 1
                clean = message.endswith("。") and "\n" not in message and not any(f in message for f in FAULTS)
                if not clean:
                    tally.faults.append((index, message))
            tally.slowest = max(tally.slowest, time.perf_counter() - began)
            said(index)
    return tally


def _read_members(data: bytes) -> None:
    """Read every member of an archive; what is wrong with one must not hide the others."""
    with tempfile.TemporaryDirectory() as folder, Archives(LIMITS) as archives:
        file = Path(folder, "a.zip")
        file.write_bytes(data)
        for source in find_sources([str(file)], LIMITS)[0]:
            read_source(source, archives)


def main() -> None:
    """Run from the command line: format, count, seed."""
    kind, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0

    def said(index: int) -> None:
        if index % 1000 == 999:
            print(f"{kind}: {index + 1} of {count}", file=sys.stderr)

    tally = fuzz(kind, count, seed, said)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{kind}: {dict(tally.counts)}, slowest {tally.slowest:.2f} s, peak of the reading process {peak} MiB")
    for index, message in tally.faults[:50]:
        print(f"  {kind} {seed} {index}: {message}")
    sys.exit(bool(tally.faults))


if __name__ == "__main__":
    main()
