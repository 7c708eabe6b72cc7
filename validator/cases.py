"""Run the examples that every rule carries: each must get the outcome it states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validator.engine import Engine, build_engine, evaluate_rule
from validator.loaders.text import load_text
from validator.normalise import normalise
from validator.options import CheckOptions
from validator.result import Outcome
from validator.rule import Example, Rule
from validator.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a rule, and what the rule said to it."""

    rule: str
    name: str
    text: str
    wanted: Outcome
    got: Outcome
    reason: str | None

    @property
    def is_right(self) -> bool:
        """Tell whether the rule gave the outcome that the example states."""
        return self.wanted == self.got


class CaseRunner:
    """Runs the examples of one rule set. Examples with the same facts share an engine."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._ruleset = ruleset
        self._engines: dict[CheckOptions, Engine] = {}

    def run(self, rule_id: str | None = None) -> Iterator[Case]:
        """Run the examples of all rules, or of one; a rule that is switched off has none to run."""
        for rule in self._ruleset.rules:
            if rule.id not in self._ruleset.off and (rule_id is None or rule.id == rule_id):
                for name, example, wanted in list_examples(rule):
                    yield self._run(rule, name, example, wanted)

    def _run(self, rule: Rule, name: str, example: Example, wanted: Outcome) -> Case:
        options = CheckOptions(
            year=example.year, organ_level=example.organ_level, region=example.region, enforcement=example.enforcement
        )
        if options not in self._engines:
            self._engines[options] = build_engine(self._ruleset, options)
        document = normalise(load_text(f"{rule.id}-{name}", example.text.encode()))
        result = evaluate_rule(self._engines[options], rule, document)
        return Case(rule.id, name, example.text, wanted, result.outcome, result.reason)


def run_cases(ruleset: RuleSet, rule_id: str | None = None) -> Iterator[Case]:
    """Run the examples of all rules, or of one."""
    return CaseRunner(ruleset).run(rule_id)


def list_examples(rule: Rule) -> Iterator[tuple[str, Example, Outcome]]:
    """Yield the examples of a rule: the name of the case, the example, and the outcome that it states."""
    groups: tuple[tuple[str, tuple[Example, ...], Outcome], ...] = (
        ("pass", rule.examples.passing, "pass"),
        ("fail", rule.examples.failing, "fail"),
        ("near_miss", rule.examples.near_miss, "pass"),
    )
    for group, examples, outcome in groups:
        for index, example in enumerate(examples, 1):
            yield f"{group}-{index}", example, example.outcome or outcome
