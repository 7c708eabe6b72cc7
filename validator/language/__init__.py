"""The words of pages in English. Chinese is what everything is written in; a catalogue gives the English for it.

A catalogue is a JSON object from the Chinese words, as they stand in templates, to English ones. What a rule says and
what a report says stays in Chinese in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Translate = Callable[[str], str]
"""Chinese words → the same in the language of the page."""


def translator(language: Language) -> Translate:
    """Return what translates the words of pages; words that no catalogue knows stay Chinese."""
    if language == "zh":
        return str
    known = read_catalogue()
    return lambda words: known.get(words, words)


@cache
def read_catalogue() -> dict[str, str]:
    """Return all English words, from every catalogue of this folder."""
    found: dict[str, str] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            found.update(json.loads(file.read_text("utf-8")))
    return found
