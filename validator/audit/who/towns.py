"""Entries of the roster without a region → the one region their files are of, or that nobody can tell which.

柳河镇 stands in the roster once and without region; if the files are of 柳河镇 in 云溪县 and in 月湖县, these are two
organs, and the roster does not say which of them must submit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Placed(NamedTuple):
    """A file of an entry without region. ``key`` as in ``Identity``; ``is_sure``: found by its path.

    ``said``: what path and report say of where it belongs, the larger region first.
    """

    file: int
    entry: int
    key: str
    is_sure: bool
    said: tuple[str, ...] = ()


class Towns(NamedTuple):
    """What the regions of the files say.

    ``keys``: files whose key is to be another, that of their organ in the one region there is. ``unclear``: by line,
    the regions of the entries that can mean several organs, in order.
    """

    keys: Mapping[int, str]
    unclear: Mapping[int, tuple[str, ...]]


def part_towns(files: Iterable[Placed]) -> Towns:
    """Return which entries mean one organ, and which can mean several.

    Args:
        files: those of the entries without region.
    """
    groups: defaultdict[int, list[Placed]] = defaultdict(list)
    for file in files:
        groups[file.entry].append(file)
    keys: dict[int, str] = {}
    unclear: dict[int, tuple[str, ...]] = {}
    for line, group in sorted(groups.items()):
        around: defaultdict[str, set[str]] = defaultdict(set)
        for file in group:
            if known := _region_of(file):
                around[known].update(file.said)
        regions = _narrowest(around)
        if len(regions) > 1:
            unclear[line] = regions
        elif regions:
            full = next(f.key for f in group if _region_of(f) == regions[0])
            keys.update((f.file, full) for f in group if f.key != full)
    return Towns(keys, unclear)


def explain_unclear(organ: str, regions: Iterable[str]) -> str:
    """Return why a file of one of these regions cannot be taken for an organ of the roster."""
    return f"名册里的“{organ}”没有写地区，{_join(tuple(regions))}都有，分不清是哪一个。"


def _region_of(file: Placed) -> str:
    region, slash, _ = file.key.partition("/")
    return region if slash else ""


def _narrowest(around: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the regions that differ, in order; 江州市 is none beside 云溪县 in it, and 云溪 is 云溪县."""
    return tuple(
        sorted(r for r in around if not any(_holds(r, other, around[other]) for other in around if other != r))
    )


def _holds(region: str, other: str, written: Iterable[str]) -> bool:
    """Tell whether a region is another one less fully said, or one that this lies in as paths and reports write it."""
    if other.endswith(region) or (len(other) > 2 and other[:-1] == region):
        return True
    return any(region in text.partition(other)[0] for text in written if other in text)


def _join(regions: tuple[str, ...]) -> str:
    shown = regions[:3]
    if len(regions) > len(shown):
        return f"{'、'.join(shown)}等{len(regions)}个地区"
    return "和".join(("、".join(shown[:-1]), shown[-1]))
