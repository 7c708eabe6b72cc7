"""One spaCy pipeline a process: patterns of ``spans.yaml`` in a span ruler, and the trained model's entities if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from validator.kinds import EntityLabel
from validator.nlp.model import Model, load_model
from validator.rule import ModelEntity, Spans

GROUP = "fazhi"
SENTENCES = "fazhi_sentences"
_RUNAWAY = re.compile(r"[\d.,零〇一二三四五六七八九十百千万亿两]{24,}")
"""No quantity is this long; in a hostile text such a run would match at every length from every place."""
_SENTENCE_ENDS = "。！？；!?;"


class Entity(NamedTuple):
    """A marked passage: its label and its half-open offsets into the text that was read."""

    label: EntityLabel
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Reads entities. spaCy is imported and the pipeline built at the first sentence, once a process."""

    spans: Spans
    model: Model | None
    _built: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pipeline in one word, without building it."""
        return f"{self.model.name} {self.model.version}" if self.model else "zh (char) + span_ruler"

    def read(self, text: str) -> tuple[Entity, ...]:
        """Return the entities of a text in order; patterns win over the trained model where they overlap."""
        nlp = self._built.get("nlp")
        if nlp is None:
            nlp = self._built["nlp"] = _build(self.spans)
            self._built["trained"] = load_model(self.model) if self.model else None
        doc = nlp(_RUNAWAY.sub(lambda run: "-" * len(run.group()), text))
        found = _longest(Entity(s.label_, s.start_char, s.end_char) for s in doc.spans[GROUP])
        trained = self._built["trained"]
        if trained is not None:
            for entity in trained(text).ents:
                label = accept_entity(self.spans.model_entities, entity.label_, entity.text)
                start, end = entity.start_char, entity.end_char
                if label is not None and all(end <= e.start or start >= e.end for e in found):
                    found.append(Entity(label, start, end))
        return tuple(sorted(found, key=lambda e: e.start))


def _longest(entities: Iterable[Entity]) -> list[Entity]:
    """Keep the longest of entities that overlap; of two on the same words a fixed phrase wins (一项 is no number)."""
    kept: list[Entity] = []
    taken = bytearray()
    for entity in sorted(entities, key=lambda e: (e.start - e.end, e.start, e.label != "FORMULA", e.label)):
        taken.extend(bytes(max(0, entity.end - len(taken))))
        if not any(taken[entity.start : entity.end]):
            kept.append(entity)
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    return kept


def accept_entity(known: Mapping[str, ModelEntity], label: str, text: str) -> EntityLabel | None:
    """Return our label for an entity of the trained model, if its words are of the kind that rules mean by it."""
    wanted = known.get(label)
    if wanted is None or re.search(wanted.must, text) is None:
        return None
    return wanted.label


def _build(spans: Spans) -> Any:
    """Return ``spacy.blank("zh")`` (one token a character) with sentence splitter and span ruler."""
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc

    nlp = spacy.blank("zh")
    ends = {nlp.vocab.strings.add(mark) for mark in _SENTENCE_ENDS}

    @Language.component(SENTENCES)
    def _split(doc: Doc) -> Doc:
        """Begin a sentence after each Chinese end mark; a token is one character."""
        for index, word in enumerate(doc.to_array("ORTH").tolist()[:-1]):
            if word in ends:
                doc[index + 1].is_sent_start = True
        return doc

    nlp.add_pipe(SENTENCES)
    ruler: Any = nlp.add_pipe("span_ruler", config={"spans_key": GROUP})
    patterns: list[dict[str, Any]] = []
    for rule in spans.spans:
        patterns += [{"label": rule.label, "pattern": phrase} for phrase in rule.phrases]
        patterns += [{"label": rule.label, "pattern": [dict(t) for t in tokens]} for tokens in rule.tokens]
    ruler.add_patterns(patterns)
    return nlp
