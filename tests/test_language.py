"""Every word that a template translates is in a catalogue, and every word of a catalogue is used."""

from __future__ import annotations

import json
import re
from pathlib import Path

from validator.language import read_catalogue, translator

PACKAGE = Path(__file__).resolve().parents[1] / "validator"
_WORDS = re.compile(r"""\b_\(\s*"([^"]+)"\s*\)""")


def used() -> set[str]:
    templates = [p for p in PACKAGE.rglob("*.html") if "_rules" not in p.parts]
    sources = [p for folder in ("reporters/page", "rulebook", "web") for p in (PACKAGE / folder).glob("*.py")]
    return {w for path in (*templates, *sources) for w in _WORDS.findall(path.read_text("utf-8"))}


def test_what_templates_translate_is_in_a_catalogue() -> None:
    assert sorted(used() - read_catalogue().keys()) == []


def test_catalogues_agree_on_what_several_of_them_translate() -> None:
    known = read_catalogue()
    for file in sorted((PACKAGE / "language").glob("*.json")):
        differing = {w: en for w, en in json.loads(file.read_text("utf-8")).items() if known[w] != en}
        assert differing == {}, file.name


def test_no_catalogue_has_chinese_on_its_english_side() -> None:
    assert [en for en in read_catalogue().values() if re.search("[\u4e00-\u9fff]", en)] == []


def test_unknown_words_stay_chinese() -> None:
    assert translator("en")("没有这样的话") == "没有这样的话"
    assert translator("zh")("依据") == "依据"
