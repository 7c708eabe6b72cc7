"""Numbers of ordered lists, which are not in the text of a web page. Used by ``lines``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from validator.loaders.web.tree import Element
from validator.loaders.word.number_formats import format_number

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_EDITOR = re.compile(r"\bcustom_(num|cn)([12]?)\b")
_NUMBER = re.compile(r"-?\d{1,6}")
_TYPED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[、.．）)](?!\d)|第[一二三四五六七八九十]{1,3}[章节条、，]|[①-⑳㈠-㈩⑴-⒛]"
)

_FORMATS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "1": ("", "decimal", "."),
        "decimal": ("", "decimal", "."),
        "decimal-leading-zero": ("", "decimalZero", "."),
        "a": ("", "lowerLetter", "."),
        "lower-alpha": ("", "lowerLetter", "."),
        "lower-latin": ("", "lowerLetter", "."),
        "upper-alpha": ("", "upperLetter", "."),
        "upper-latin": ("", "upperLetter", "."),
        "i": ("", "lowerRoman", "."),
        "lower-roman": ("", "lowerRoman", "."),
        "upper-roman": ("", "upperRoman", "."),
        "cjk-ideographic": ("", "chineseCountingThousand", "、"),
        "simp-chinese-informal": ("", "chineseCountingThousand", "、"),
        "trad-chinese-informal": ("", "chineseCountingThousand", "、"),
        "simp-chinese-formal": ("", "chineseLegalSimplified", "、"),
        "trad-chinese-formal": ("", "ideographLegalTraditional", "、"),
        "cjk-decimal": ("", "ideographDigital", "、"),
        "cjk-heavenly-stem": ("", "ideographTraditional", "、"),
        "cjk-earthly-branch": ("", "ideographZodiac", "、"),
        "custom_num": ("", "decimal", "."),
        "custom_num1": ("", "decimal", "）"),
        "custom_num2": ("（", "decimal", "）"),
        "custom_cn": ("", "chineseCountingThousand", "、"),
        "custom_cn1": ("", "chineseCountingThousand", "）"),
        "custom_cn2": ("（", "chineseCountingThousand", "）"),
    }
)
"""Types and styles of HTML and CSS, and the classes that the UEditor of many sites draws as pictures
→ (before, format, after)."""

_BARE = frozenset({"none", "disc", "circle", "square", "inherit"})


def has_number(text: str) -> bool:
    """Tell whether words begin with a number of their own."""
    return _TYPED.match(text) is not None


class Numbering:
    """Counts the items of one ordered list."""

    def __init__(self, element: Element) -> None:
        """``element`` is the list with all its children."""
        attributes = element.attributes
        self._form = _form_of(element) or _FORMATS["decimal"]
        self._bare = _is_bare(attributes)
        self._step = -1 if "reversed" in attributes else 1
        items = sum(1 for child in element.children if isinstance(child, Element) and child.tag == "li")
        self._value = _number(attributes.get("start", ""), items if self._step < 0 else 1)

    def next(self, item: Element) -> str:
        """Return the number of the next item as it is shown, and count it."""
        value = _number(item.attributes.get("value", ""), self._value)
        self._value = value + self._step
        if _is_bare(item.attributes) or (self._bare and not _form_of(item)):
            return ""
        before, form, after = _form_of(item) or self._form
        return before + format_number(value, form) + after


def _number(text: str, otherwise: int) -> int:
    found = _NUMBER.match(text.strip())
    return int(found.group()) if found else otherwise


def _form_of(element: Element) -> tuple[str, str, str] | None:
    """Return how numbers look by the style, type or class of a list or an item."""
    attributes = element.attributes
    if (style := _STYLE.search(attributes.get("style", ""))) is not None:
        for word in style.group(1).lower().split():
            if word in _FORMATS:
                return _FORMATS[word]
    kind = attributes.get("type", "")
    if kind in ("A", "I"):
        return _FORMATS["upper-alpha" if kind == "A" else "upper-roman"]
    if kind.lower() in _FORMATS:
        return _FORMATS[kind.lower()]
    editor = _EDITOR.search(attributes.get("class", ""))
    return _FORMATS.get(editor.group()) if editor else None


def _is_bare(attributes: dict[str, str]) -> bool:
    """Tell whether the style says that there is no number."""
    style = _STYLE.search(attributes.get("style", ""))
    return (
        style is not None and not _BARE.isdisjoint(style.group(1).lower().split()) and "inherit" not in style.group(1)
    )
