"""What a person probably meant to write: the nearest known name. Bottom of the flow, imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable

_LEAST = 60.0
"""So alike (0 to 100) two names must be."""
_MOST_SHOWN = 12


def suggest_nearest(name: str, known: Iterable[str]) -> str:
    """Return “，您是不是要写 X？” for the known name nearest to one that is unknown, or nothing when none is near."""
    from rapidfuzz.distance import OSA  # swapped letters are one mistake

    best = min(((-100 * OSA.normalized_similarity(name.lower(), k.lower()), k) for k in known), default=None)
    return f"，您是不是要写 {best[1]}？" if best is not None and -best[0] >= _LEAST else ""


def list_names(names: Iterable[str]) -> str:
    """Return names in words, not too many of them."""
    every = list(names)
    return "、".join(every[:_MOST_SHOWN]) + ("等" if len(every) > _MOST_SHOWN else "")
