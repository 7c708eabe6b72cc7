"""The words that templates use: labels in the language of the page, and around everything else its own language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from validator.language import Language, translator
from validator.reporters.page.safe import show
from validator.reporters.page.voice import Phrase

if TYPE_CHECKING:
    from markupsafe import Markup

_QUOTED = '<span lang="zh-CN">{}</span>'


def name_words(language: Language) -> dict[str, object]:
    """Return what templates call by name.

    ``_`` translates a label. ``quoted`` writes words of a rule, a report or a person inside a sentence, ``say`` a whole
    phrase. ``zh`` is the attribute of an element that holds only such words, ``en`` of a label inside of one. On a
    Chinese page nothing has to be told apart.
    """
    from markupsafe import Markup

    is_chinese = language == "zh"
    quote = _leave if is_chinese else _quote
    return {
        "_": translator(language),
        "lang": "zh-CN" if is_chinese else language,
        "zh": Markup("" if is_chinese else ' lang="zh-CN"'),
        "en": Markup("" if is_chinese else f' lang="{language}"'),
        "quoted": quote,
        "say": lambda phrase: _say(phrase, quote),
    }


def _leave(text: str) -> str:
    return text


def _quote(text: str) -> Markup:
    from markupsafe import Markup, escape

    words = show(text)
    return escape(words) if text.isascii() else Markup(_QUOTED).format(words)


def _say(phrase: Phrase, quote: Callable[[str], str]) -> Markup:
    from markupsafe import Markup

    return Markup("").join(quote(show(b.text)) if b.is_quoted else show(b.text) for b in phrase)
