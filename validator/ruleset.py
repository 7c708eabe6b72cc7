"""``rules/`` → RuleSet. Every mistake is a RuleFileError with path, line and column; nothing is half-loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from validator.errors import OptionError, RuleFileError
from validator.kinds import PLACEHOLDER, RUNTIME_PLACEHOLDERS, ActivityCheck, ThemeCheck
from validator.rule import Landmark, Landmarks, Lexicon, Matters, Profile, Rule, Source, Spans, Titles

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Place = tuple[str | int, ...]
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
    paths: Mapping[str, str]


def default_rules_path() -> Path:
    """Return the shipped ``rules`` folder: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent / "rules"


def load_ruleset(folder: Path | None = None, profile: str = "default") -> RuleSet:
    """Load and cross-check a rule set.

    Raises:
        RuleFileError: any file is unreadable, breaks the schema, or cites what does not exist.
        OptionError: there is no profile of that name.
    """
    root = folder or default_rules_path()
    if not root.is_dir():
        raise RuleFileError(str(root), 1, 1, "规则目录不存在")
    digest = hashlib.sha256()
    lexicon_file = _read(root, root / "lexicon.yaml", digest)
    lexicon = lexicon_file.parse(Lexicon)
    matters = _read(root, root / "matters.yaml", digest).parse(Matters)
    spans = _read(root, root / "spans.yaml", digest).parse(Spans)
    landmarks = _read(root, root / "landmarks.yaml", digest).parse(Landmarks).landmarks
    titles = _read(root, root / "titles.yaml", digest).parse(Titles)
    sources: dict[str, Source] = {}
    for path in sorted((root / "sources").glob("*.yaml")):
        file = _read(root, path, digest)
        source = file.parse(Source)
        _require_stem(file, source.id, path)
        sources[source.id] = source
    rules: dict[str, Rule] = {}
    paths: dict[str, str] = {}
    files: dict[str, _File] = {}
    for path in sorted(root.glob("*/*.yaml")):
        if path.parent.name in ("sources", "profiles"):
            continue
        file = _read(root, path, digest)
        rule = file.parse(Rule)
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
    profile_path = root / "profiles" / f"{profile}.yaml"
    if not profile_path.is_file():
        names = "、".join(sorted(p.stem for p in profile_path.parent.glob("*.yaml")))
        raise OptionError(f"没有名为 {profile} 的方案，可用的有：{names}。")
    file = _read(root, profile_path, digest)
    chosen = file.parse(Profile)
    _require_stem(file, chosen.id, profile_path)
    ordered = _order(file, chosen, rules)
    return RuleSet(
        chosen.version,
        f"sha256:{digest.hexdigest()}",
        chosen,
        ordered,
        sources,
        lexicon,
        matters,
        spans,
        landmarks,
        titles,
        paths,
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A parsed YAML file with the place of every node."""

    name: str
    data: object
    marks: Mapping[_Place, tuple[int, int]]

    def error(self, place: _Place, message: str) -> RuleFileError:
        """Return an error at a node, or at the nearest one above it."""
        while place and place not in self.marks:
            place = place[:-1]
        line, column = self.marks.get(place, (1, 1))
        return RuleFileError(self.name, line, column, message)

    def parse(self, model: type[_M]) -> _M:
        """Validate the data against a model."""
        if not isinstance(self.data, dict):
            raise self.error((), "应是“键: 值”的映射")
        try:
            return model.model_validate(self.data)
        except ValidationError as exc:
            errors = exc.errors(include_url=False)
            first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
            place = self._place_of(first["loc"])
            name = str(first["loc"][-1]) if first["loc"] else ""
            raise self.error(place, _explain(first["type"], name, first["msg"])) from exc

    def _place_of(self, loc: tuple[str | int, ...]) -> _Place:
        """Drop the union tags that pydantic puts into a location."""
        place: _Place = ()
        for step in loc:
            if (*place, step) in self.marks:
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


def _read(root: Path, path: Path, digest: Any) -> _File:
    name = path.relative_to(root.parent).as_posix()
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except OSError as exc:
        raise RuleFileError(name, 1, 1, "文件不存在或读不出来") from exc
    except UnicodeDecodeError as exc:
        raise RuleFileError(name, 1, 1, "文件不是 UTF-8 编码") from exc
    digest.update(path.relative_to(root).as_posix().encode() + b"\0" + data + b"\0")
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            marks: dict[_Place, tuple[int, int]] = {}
            value = None if node is None else _construct(name, loader, node, (), marks)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RuleFileError(name, line, column, f"YAML 语法错误：{exc.problem}") from exc
    except yaml.YAMLError as exc:
        raise RuleFileError(name, 1, 1, "YAML 语法错误：有不允许的字符") from exc
    return _File(name, value, marks)


def _construct(name: str, loader: Any, node: Any, place: _Place, marks: dict[_Place, tuple[int, int]]) -> object:
    """Build plain data from YAML nodes, note where each stands, and refuse duplicate keys."""
    marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            at = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key, str | int):
                raise RuleFileError(name, *at, "键必须是文字")
            if key in mapping:
                raise RuleFileError(name, *at, f"键 {key} 重复")
            marks[(*place, key)] = at
            mapping[key] = _construct(name, loader, value_node, (*place, key), marks)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_construct(name, loader, item, (*place, i), marks) for i, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as exc:
        raise RuleFileError(name, *marks[place], f"“{node.value}”不是有效的值") from exc


def _require_stem(file: _File, identifier: str, path: Path) -> None:
    if path.stem != identifier:
        raise file.error(("id",), f"编号 {identifier} 与文件名 {path.name} 不一致")


def _check_basis(file: _File, rule: Rule, sources: Mapping[str, Source]) -> None:
    for index, basis in enumerate(rule.basis):
        place: _Place = ("basis", index)
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


def _check_placeholders(file: _File, lexicon: Lexicon) -> None:
    for place, value in _strings(file.data, ()):
        if place[0] != "check":
            continue
        for name in PLACEHOLDER.findall(value):
            if name not in lexicon.words and name not in RUNTIME_PLACEHOLDERS:
                raise file.error(place, f"词表 {name} 不存在")


def _check_references(file: _File, rule: Rule, rules: Mapping[str, Rule]) -> None:
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


def _strings(value: object, place: _Place) -> Iterator[tuple[_Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*place, index))


def _order(file: _File, profile: Profile, rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Put rules into the profile's order with its severities; each rule stands in the profile once."""
    for index, identifier in enumerate(profile.rules):
        if identifier not in rules:
            raise file.error(("rules", index), f"没有编号为 {identifier} 的规则")
        if profile.rules.index(identifier) != index:
            raise file.error(("rules", index), f"规则 {identifier} 在方案里出现了两次")
    for identifier in profile.severities:
        if identifier not in profile.rules:
            raise file.error(("severities", identifier), f"方案里没有规则 {identifier}")
    for identifier in rules:
        if identifier not in profile.rules:
            raise file.error(("rules",), f"规则 {identifier} 没有写进方案")
    severities = profile.severities
    return tuple(
        rules[i].model_copy(update={"severity": severities[i]}) if i in severities else rules[i] for i in profile.rules
    )
