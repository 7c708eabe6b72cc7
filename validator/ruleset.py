"""``rules/`` → RuleSet. Every mistake is a RuleFileError with path, line and column; nothing is half-loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from validator.errors import RuleFileError
from validator.kinds import PLACEHOLDER, RUNTIME_PLACEHOLDERS, ActivityCheck, ThemeCheck
from validator.recipe import SHARED_FILES, default_rules_path, digest_part, list_rule_files
from validator.rule import Formulas, Landmark, Landmarks, Lexicon, Matters, Profile, Rule, Source, Spans, Titles
from validator.yaml_file import Place, YamlFile, read_yaml

_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A loaded rule set. ``rules`` stand in the order of the profile; ``digest`` covers every file read."""

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


def load_ruleset(
    folder: Path | None = None, profile: str = "default", overlay: Mapping[Path, bytes] | None = None
) -> RuleSet:
    """Load and cross-check a rule set.

    Args:
        folder: the rules; without one, those that come with the program.
        profile: the name of the profile.
        overlay: files below ``folder`` that are taken from here and not from the disk (an editor has them open).

    Raises:
        RuleFileError: any file is unreadable, breaks the schema, or cites what does not exist.
        OptionError: there is no profile of that name.
    """
    root = folder or default_rules_path()
    opened = overlay or {}
    *rest, profile_path = list(list_rule_files(root, profile, opened))[len(SHARED_FILES) :]
    store = _Store(root, opened, hashlib.sha256())
    lexicon_file = store.read(root / "lexicon.yaml")
    lexicon = _parse(lexicon_file, Lexicon)
    matters = _parse(store.read(root / "matters.yaml"), Matters)
    spans = _parse(store.read(root / "spans.yaml"), Spans)
    landmarks = _parse(store.read(root / "landmarks.yaml"), Landmarks).landmarks
    titles = _parse(store.read(root / "titles.yaml"), Titles)
    formulas = _parse(store.read(root / "formulas.yaml"), Formulas)
    sources: dict[str, Source] = {}
    for path in (p for p in rest if p.parent.name == "sources"):
        file = store.read(path)
        source = _parse(file, Source)
        _require_stem(file, source.id, path)
        sources[source.id] = source
    rules: dict[str, Rule] = {}
    paths: dict[str, str] = {}
    files: dict[str, YamlFile] = {}
    for path in (p for p in rest if p.parent.name != "sources"):
        file = store.read(path)
        rule = _parse(file, Rule)
        _require_stem(file, rule.id, path)
        if rule.id in rules:
            raise file.error(("id",), f"规则编号 {rule.id} 重复，另一处在 {paths[rule.id]}")
        _check_basis(file, rule, sources)
        _check_placeholders(file, lexicon)
        rules[rule.id] = rule
        paths[rule.id] = file.name
        files[rule.id] = file
    for rule_id, file in files.items():
        _check_references(file, rules[rule_id], rules)
    file = store.read(profile_path)
    chosen = _parse(file, Profile)
    _require_stem(file, chosen.id, profile_path)
    ordered = _order(file, chosen, rules)
    return RuleSet(
        chosen.version,
        f"sha256:{store.digest.hexdigest()}",
        chosen,
        ordered,
        sources,
        lexicon,
        matters,
        spans,
        landmarks,
        titles,
        formulas,
        paths,
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
    rule = _parse(file, Rule)
    _require_stem(file, rule.id, Path(name))
    if rule.id in ruleset.paths:
        raise file.error(("id",), f"规则编号 {rule.id} 重复，另一处在 {ruleset.paths[rule.id]}")
    _check_basis(file, rule, ruleset.sources)
    _check_placeholders(file, ruleset.lexicon)
    _check_references(file, rule, {**{r.id: r for r in ruleset.rules}, rule.id: rule})
    return rule


@dataclass(frozen=True, slots=True)
class _Store:
    """The files of a rule folder: those of the overlay first, the others from the disk. ``digest`` covers all read."""

    root: Path
    overlay: Mapping[Path, bytes]
    digest: Any

    def read(self, path: Path) -> YamlFile:
        """Read and parse a file."""
        name = path.relative_to(self.root.parent).as_posix()
        try:
            data = self.overlay[path] if path in self.overlay else path.read_bytes()
        except OSError as exc:
            raise RuleFileError(name, 1, 1, "文件不存在或读不出来") from exc
        self.digest.update(digest_part(self.root, path, data))
        return read_yaml(name, data)


def _parse(file: YamlFile, model: type[_M]) -> _M:
    """Validate the data of a file against a model."""
    if not isinstance(file.data, dict):
        raise file.error((), "应是“键: 值”的映射")
    try:
        return model.model_validate(file.data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        name = str(first["loc"][-1]) if first["loc"] else ""
        raise file.error(_place_of(file, first["loc"]), _explain(first["type"], name, first["msg"])) from exc


def _place_of(file: YamlFile, loc: tuple[str | int, ...]) -> Place:
    """Drop the union tags that pydantic puts into a location."""
    place: Place = ()
    for step in loc:
        if (*place, step) in file.marks:
            place = (*place, step)
    return place


def _explain(kind: str, name: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"不认识的键 {name}"
    if kind == "missing":
        return f"缺少键 {name}"
    if kind == "union_tag_invalid":
        return "kind 不是已知的规则类型"
    if kind == "union_tag_not_found":
        return "缺少键 kind"
    return f"{name}：{message.removeprefix('Value error, ')}"


def _require_stem(file: YamlFile, identifier: str, path: Path) -> None:
    if path.stem != identifier:
        raise file.error(("id",), f"编号 {identifier} 与文件名 {path.name} 不一致")


def _check_basis(file: YamlFile, rule: Rule, sources: Mapping[str, Source]) -> None:
    for index, basis in enumerate(rule.basis):
        place: Place = ("basis", index)
        source = sources.get(basis.source)
        if source is None:
            raise file.error((*place, "source"), f"没有名为 {basis.source} 的依据")
        article = next((a for a in source.articles if a.id == basis.article), None)
        if article is None:
            raise file.error((*place, "article"), f"依据 {basis.source} 里没有“{basis.article}”")
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
                raise file.error(place, f"词表 {name} 不存在")


def _check_references(file: YamlFile, rule: Rule, rules: Mapping[str, Rule]) -> None:
    """Refuse a rule that names one that does not exist, or waits for itself."""
    for name in rule.only_if:
        if name not in rules:
            raise file.error(("only_if", name), f"没有编号为 {name} 的规则")
    waiting = list(rule.only_if)
    while waiting:
        name = waiting.pop()
        if name == rule.id:
            raise file.error(("only_if",), f"规则 {rule.id} 以自己为前提")
        waiting += list(rules[name].only_if) if name in rules and name != rule.id else []
    if isinstance(rule.check, ActivityCheck):
        theme = rules.get(rule.check.theme)
        if theme is None or not isinstance(theme.check, ThemeCheck):
            raise file.error(("check", "theme"), f"{rule.check.theme} 不是主题规则")


def _strings(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*place, index))


def _order(file: YamlFile, profile: Profile, rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Put rules into the profile's order with its severities; each rule stands in the profile once."""
    for index, identifier in enumerate(profile.rules):
        if identifier not in rules:
            raise file.error(("rules", index), f"没有编号为 {identifier} 的规则")
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
