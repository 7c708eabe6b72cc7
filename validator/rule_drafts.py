"""Rule files → Draft: read and held to their models, not yet cross-checked, so that packs can be laid on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from validator.errors import RuleFileError
from validator.explaining import explain_refusal
from validator.recipe import SHARED_FILES, default_rules_path, digest_part, list_rule_files
from validator.result import PackUse
from validator.rule import Formulas, Landmark, Landmarks, Lexicon, Matters, Profile, Rule, Source, Spans, Titles
from validator.yaml_file import Place, YamlFile, read_yaml

_M = TypeVar("_M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Draft:
    """Rule files that were read. A file goes with its data, so that what is wrong between files can be pointed at.

    ``off`` are the rules that packs switched off, with the reason; ``packs`` are those laid on so far.
    """

    profile: Profile
    profile_file: YamlFile
    rules: Mapping[str, Rule]
    rule_files: Mapping[str, YamlFile]
    sources: Mapping[str, Source]
    lexicon: Lexicon
    lexicon_file: YamlFile
    titles: Titles
    titles_file: YamlFile
    matters: Matters
    spans: Spans
    landmarks: tuple[Landmark, ...]
    formulas: Formulas
    digest: Any
    off: Mapping[str, str]
    packs: tuple[PackUse, ...]

    def severity(self, rule_id: str) -> str:
        """Return how grave a rule is: as the profile says, or as the rule says."""
        return self.profile.severities.get(rule_id, self.rules[rule_id].severity)


def read_draft(
    folder: Path | None = None, profile: str = "default", overlay: Mapping[Path, bytes] | None = None
) -> Draft:
    """Read the files of a rule folder.

    Args:
        folder: the rules; without one, those that come with the program.
        profile: the name of the profile.
        overlay: files below ``folder`` that are taken from here and not from the disk (an editor has them open).

    Raises:
        RuleFileError: a file is unreadable or breaks the schema.
        OptionError: there is no profile of that name.
    """
    root = folder or default_rules_path()
    opened = overlay or {}
    *rest, profile_path = list(list_rule_files(root, profile, opened))[len(SHARED_FILES) :]
    store = _Store(root, opened, hashlib.sha256())
    lexicon_file = store.read(root / "lexicon.yaml")
    lexicon = parse(lexicon_file, Lexicon)
    matters = parse(store.read(root / "matters.yaml"), Matters)
    spans = parse(store.read(root / "spans.yaml"), Spans)
    landmarks = parse(store.read(root / "landmarks.yaml"), Landmarks).landmarks
    titles_file = store.read(root / "titles.yaml")
    titles = parse(titles_file, Titles)
    formulas = parse(store.read(root / "formulas.yaml"), Formulas)
    sources: dict[str, Source] = {}
    for path in (p for p in rest if p.parent.name == "sources"):
        file = store.read(path)
        source = parse(file, Source)
        require_stem(file, source.id, path)
        sources[source.id] = source
    rules: dict[str, Rule] = {}
    files: dict[str, YamlFile] = {}
    for path in (p for p in rest if p.parent.name != "sources"):
        file = store.read(path)
        rule = parse(file, Rule)
        require_stem(file, rule.id, path)
        if rule.id in rules:
            raise file.error(("id",), f"规则编号 {rule.id} 重复，另一处在 {files[rule.id].name}")
        rules[rule.id] = rule
        files[rule.id] = file
    profile_file = store.read(profile_path)
    chosen = parse(profile_file, Profile)
    require_stem(profile_file, chosen.id, profile_path)
    return Draft(
        chosen,
        profile_file,
        rules,
        files,
        sources,
        lexicon,
        lexicon_file,
        titles,
        titles_file,
        matters,
        spans,
        landmarks,
        formulas,
        store.digest,
        {},
        (),
    )


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


def parse(file: YamlFile, model: type[_M]) -> _M:
    """Validate the data of a file against a model.

    Raises:
        RuleFileError: the first thing that is wrong; unknown keys come before all else.
    """
    if not isinstance(file.data, dict):
        raise file.error((), "应是“键: 值”的映射")
    try:
        return model.model_validate(file.data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        raise file.error(_place_of(file, first["loc"]), explain_refusal(first, model)) from exc


def _place_of(file: YamlFile, loc: tuple[str | int, ...], place: Place = ()) -> Place:
    """Drop the union tags that pydantic puts into a location; a tag may be called like a key beside it."""
    if not loc:
        return place
    without = _place_of(file, loc[1:], place)
    if not file.has((*place, loc[0])):
        return without
    return max(_place_of(file, loc[1:], (*place, loc[0])), without, key=len)


def require_stem(file: YamlFile, identifier: str, path: Path) -> None:
    """Refuse a file that is not named after what it holds.

    Raises:
        RuleFileError: it is not.
    """
    if path.stem != identifier:
        raise file.error(("id",), f"编号 {identifier} 与文件名 {path.name} 不一致")
