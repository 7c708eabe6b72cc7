"""The patterns and words of a model of rule data, each with its place in the YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from validator.kinds.base import is_pattern_field
from validator.yaml_file import Place

_TERMS = frozenset({"terms", "related", "deeds", "words", "units"})
_CANCELLING = ("not_", "unless", "allowed", "other", "empty", "reject", "numbered", "local", "history", "scope")


class Leaf(NamedTuple):
    """A pattern or a plain word. ``cancels``: what it matches does not count."""

    place: Place
    text: str
    kind: Literal["pattern", "term"]
    cancels: bool


def find_leaves(data: BaseModel, place: Place = ("check",)) -> Iterator[Leaf]:
    """Yield the patterns and words of a model, in the order of its fields."""
    for name, field in type(data).model_fields.items():
        value = getattr(data, name)
        kind: Literal["pattern", "term"] | None = None
        if is_pattern_field(field):
            kind = "pattern"
        elif name in _TERMS:
            kind = "term"
        yield from _walk(value, (*place, name), kind, cancels=name.startswith(_CANCELLING))


def _walk(value: Any, place: Place, kind: Literal["pattern", "term"] | None, *, cancels: bool) -> Iterator[Leaf]:
    if isinstance(value, BaseModel):
        yield from find_leaves(value, place)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, (*place, index), kind, cancels=cancels)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*place, key), kind, cancels=cancels)
    elif isinstance(value, str) and kind is not None:
        yield Leaf(place, value, kind, cancels)
