"""Draft (and packs laid on it) → RuleSet. Every mistake is a RuleFileError with path, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from validator.kinds import PLACEHOLDER, RUNTIME_PLACEHOLDERS, ActivityCheck, GenreCheck, ThemeCheck
from validator.nearest import suggest_nearest
from validator.result import PackUse, RuleSetId
from validator.rule import Formulas, Landmark, Lexicon, Matters, Profile, Rule, Source, Spans, Titles
from validator.rule_drafts import Draft, parse, read_draft, require_stem
from validator.yaml_file import Place, YamlFile, read_yaml


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A loaded rule set. ``rules`` stand in the order of the profile; ``digest`` covers every file read.

    ``off`` are rules that are not asked, with the reason; ``packs`` are what was laid on the rules of the profile.
    """

    version: str
    digest: str
    profile: Profile
    rules: tuple[Rule, ...]
    sources: Mapping[str, Source]
    lexicon: Lexicon
    matters: Matters
    spans: Spans
    landmarks: tuple[Landmark, ...]
    titles: Titles
    formulas: Formulas
    paths: Mapping[str, str]
    off: Mapping[str, str]
    packs: tuple[PackUse, ...]

    @property
    def identity(self) -> RuleSetId:
        """What results say of the rules that were applied."""
        return RuleSetId(self.version, self.digest, self.packs)


def load_ruleset(
    folder: Path | None = None,
    profile: str = "default",
    overlay: Mapping[Path, bytes] | None = None,
    packs: Sequence[Path] = (),
) -> RuleSet:
    """Load and cross-check a rule set.

    Args:
        folder: the rules; without one, those that come with the program.
        profile: the name of the profile.
        overlay: files below ``folder`` or a pack that are taken from here and not from the disk (an editor has them
            open).
        packs: folders of packs, or names of shipped ones, in the order in which they are laid on the rules.

    Raises:
        RuleFileError: any file is unreadable, breaks the schema, or cites what does not exist.
        OptionError: there is no profile of that name.
    """
    draft = read_draft(folder, profile, overlay)
    if packs:
        from validator.packs import lay_packs

        draft = lay_packs(draft, packs, overlay)
    return finish_draft(draft)


def finish_draft(draft: Draft) -> RuleSet:
    """Cross-check what was read.

    Raises:
        RuleFileError: a file cites what does not exist.
    """
    rules = draft.rules
    for rule_id, file in draft.rule_files.items():
        _check_basis(file, rules[rule_id], draft.sources)
        _check_placeholders(file, draft.lexicon)
        if isinstance(rules[rule_id].check, GenreCheck) and rules[rule_id].applies.model_fields_set:
            raise file.error(("applies",), "文种规则对所有报告都查，不能写 applies")
    for rule_id, file in draft.rule_files.items():
        _check_references(file, rules[rule_id], rules)
    version = "+".join((draft.profile.version, *(f"{p.id}-{p.version}" for p in draft.packs)))
    return RuleSet(
        version,
        f"sha256:{draft.digest.hexdigest()}",
        draft.profile,
        _order(draft.profile_file, draft.profile, rules),
        draft.sources,
        draft.lexicon,
        draft.matters,
        draft.spans,
        draft.landmarks,
        draft.titles,
        draft.formulas,
        {rule_id: file.name for rule_id, file in draft.rule_files.items()},
        draft.off,
        draft.packs,
    )


def read_rule(name: str, data: bytes, ruleset: RuleSet) -> Rule:
    """Read a rule file that is to stand beside the rules of a rule set.

    Args:
        name: the path of the file, shown in errors; its stem must be the id of the rule.
        data: its bytes.
        ruleset: what the rule may cite and refer to.

    Raises:
        RuleFileError: it breaks the schema, has an id that is taken, or cites what does not exist.
    """
    file = read_yaml(name, data)
    rule = parse(file, Rule)
    require_stem(file, rule.id, Path(name))
    if rule.id in ruleset.paths:
        raise file.error(("id",), f"规则编号 {rule.id} 重复，另一处在 {ruleset.paths[rule.id]}")
    _check_basis(file, rule, ruleset.sources)
    _check_placeholders(file, ruleset.lexicon)
    _check_references(file, rule, {**{r.id: r for r in ruleset.rules}, rule.id: rule})
    return rule


def _check_basis(file: YamlFile, rule: Rule, sources: Mapping[str, Source]) -> None:
    for index, basis in enumerate(rule.basis):
        place: Place = ("basis", index)
        source = sources.get(basis.source)
        if source is None:
            near = suggest_nearest(basis.source, sources)
            raise file.error((*place, "source"), f"没有名为 {basis.source} 的依据{near}")
        article = next((a for a in source.articles if a.id == basis.article), None)
        if article is None:
            near = suggest_nearest(basis.article, (a.id for a in source.articles))
            raise file.error((*place, "article"), f"依据 {basis.source} 里没有“{basis.article}”{near}")
        if basis.quote not in article.text:
            raise file.error((*place, "quote"), f"引文不在 {basis.source}“{basis.article}”的条文里")
        if source.kind == "editorial" and basis.relation != "editorial":
            raise file.error((*place, "relation"), "编辑惯例不能写成法定要求")


def _check_placeholders(file: YamlFile, lexicon: Lexicon) -> None:
    for place, value in _strings(file.data, ()):
        if place[0] != "check":
            continue
        for name in PLACEHOLDER.findall(value):
            if name not in lexicon.words and name not in RUNTIME_PLACEHOLDERS:
                near = suggest_nearest(name, (*lexicon.words, *RUNTIME_PLACEHOLDERS))
                raise file.error(place, f"词表 {name} 不存在{near}")


def _check_references(file: YamlFile, rule: Rule, rules: Mapping[str, Rule]) -> None:
    """Refuse a rule that names one that does not exist, or waits for itself."""
    for name in rule.only_if:
        if name not in rules:
            raise file.error(("only_if", name), _no_rule(name, rules))
    waiting, seen = list(rule.only_if), set[str]()
    while waiting:
        name = waiting.pop()
        if name == rule.id:
            raise file.error(("only_if",), f"规则 {rule.id} 以自己为前提")
        if name not in seen and name in rules:
            seen.add(name)
            waiting += rules[name].only_if
    if isinstance(rule.check, ActivityCheck):
        theme = rules.get(rule.check.theme)
        if theme is None or not isinstance(theme.check, ThemeCheck):
            themes = (r.id for r in rules.values() if isinstance(r.check, ThemeCheck))
            near = suggest_nearest(rule.check.theme, themes)
            raise file.error(("check", "theme"), f"{rule.check.theme} 不是主题规则{near}")


def _strings(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*place, index))


def _no_rule(name: str, rules: Iterable[str]) -> str:
    return f"没有编号为 {name} 的规则{suggest_nearest(name, rules)}"


def _order(file: YamlFile, profile: Profile, rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Put rules into the profile's order with its severities; each rule stands in the profile once."""
    for index, identifier in enumerate(profile.rules):
        if identifier not in rules:
            raise file.error(("rules", index), _no_rule(identifier, rules))
        if profile.rules.index(identifier) != index:
            raise file.error(("rules", index), f"规则 {identifier} 在方案里出现了两次")
    for identifier in profile.severities:
        if identifier not in profile.rules:
            raise file.error(("severities", identifier), f"方案里没有规则 {identifier}")
    for index, name in enumerate(profile.not_waivable):
        if not any(name in (i, i[0]) for i in profile.rules):
            raise file.error(("not_waivable", index), f"方案里没有规则 {name}")
    for identifier in rules:
        if identifier not in profile.rules:
            raise file.error(("rules",), f"规则 {identifier} 没有写进方案")
    severities = profile.severities
    return tuple(
        rules[i].model_copy(update={"severity": severities[i]}) if i in severities else rules[i] for i in profile.rules
    )
