"""The law of the shared data: landmarks are dated, sourced and unambiguous; titles are written once."""

from __future__ import annotations

import pytest

from tests.conftest import shipped_rules
from validator.checks.references import build_references, plain, title_key
from validator.rule import Landmark

RULESET = shipped_rules()
LANDMARKS = RULESET.landmarks


@pytest.mark.parametrize("landmark", LANDMARKS, ids=lambda x: x.name)
def test_dates_run_forward_and_say_where_they_are_from(landmark: Landmark) -> None:
    assert landmark.superseded_on is None or landmark.citable_from < landmark.superseded_on
    assert ("记忆" in landmark.source) == (landmark.verification == "memory")
    assert landmark.superseded_by is None or landmark.superseded_on is not None


def test_no_name_means_two_things() -> None:
    seen: dict[str, str] = {}
    for landmark in LANDMARKS:
        for name in {plain(n) for n in landmark.names}:
            assert seen.setdefault(name, landmark.name) == landmark.name, name


def test_names_are_long_enough_to_be_told_from_other_words() -> None:
    short = {n for x in LANDMARKS for n in x.names if len(plain(n)) < 3}
    assert not short, short


def test_every_kind_of_landmark_is_looked_for_by_some_rule() -> None:
    looked = {k for r in RULESET.rules for k in getattr(r.check, "kinds", ())}
    assert {x.kind for x in LANDMARKS} <= looked


def test_titles_are_written_once_and_without_the_name_of_the_state() -> None:
    titles = RULESET.titles.all
    assert len(titles) == len(set(titles))
    assert not [
        t for t in titles if t.startswith("中华人民共和国") or "《" in t or ("“" in t and t.count("“") != t.count("”"))
    ]


def test_a_right_title_is_never_a_near_miss_of_another() -> None:
    references = build_references(LANDMARKS, RULESET.titles)
    for title in RULESET.titles.all:
        assert title_key(title) in references.titles


def test_no_address_stands_in_the_shared_data() -> None:
    from tests.conftest import ROOT

    for name in ("landmarks.yaml", "titles.yaml", "matters.yaml", "spans.yaml", "formulas.yaml"):
        text = (ROOT / "rules" / name).read_text("utf-8")
        assert "http" not in text
        assert ".com" not in text
        assert ".cn" not in text
