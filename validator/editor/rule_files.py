"""Rule files in an editor → diagnostics: the first mistake of the rule set, and examples that go wrong.

Files that are open are taken as they stand in the editor, all others as they stand on the disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from lsprotocol.types import Diagnostic, DiagnosticSeverity

from validator.cases import Case, run_cases
from validator.editor.diagnostics import SOURCE
from validator.editor.text_map import TextMap, encode_text, map_text
from validator.errors import PackProfileError, RuleFileError, ValidatorError
from validator.pack_files import PACK_FILE
from validator.recipe import default_rules_path
from validator.reporters.words import OUTCOME_WORDS
from validator.ruleset import RuleSet, load_ruleset
from validator.yaml_file import LOADER

_DEFAULT = "default"


def find_rules_folder(path: Path) -> Path | None:
    """Return the folder of rules that a file lies in.

    That is the nearest one above with ``profiles/`` and ``lexicon.yaml``, or a pack: the nearest with ``pack.yaml``.
    """
    if path.suffix != ".yaml":
        return None
    return next((p for p in path.parents if _is_pack(p) or _is_whole(p)), None)


def _is_whole(folder: Path) -> bool:
    return (folder / "lexicon.yaml").is_file() and (folder / "profiles").is_dir()


def _is_pack(folder: Path) -> bool:
    return (folder / PACK_FILE).is_file()


def check_rules(folder: Path, opened: Mapping[Path, TextMap]) -> dict[Path, list[Diagnostic]]:
    """Check a rules folder, or a pack on the rules that come with the program, with the texts open in the editor.

    Returns:
        The diagnostics of every open file (no diagnostics: it is right), and of another that has the first mistake.
    """
    found: dict[Path, list[Diagnostic]] = {path: [] for path in opened}
    overlay = {path: encode_text(text.text) for path, text in opened.items()}
    is_pack = _is_pack(folder)
    base = default_rules_path() if is_pack else folder
    for profile in _profiles(base, opened, every=is_pack):
        try:
            if is_pack:
                ruleset = load_ruleset(None, profile, overlay, [folder])
            else:
                ruleset = load_ruleset(folder, profile, overlay)
        except PackProfileError:
            continue
        except RuleFileError as exc:
            path = base.parent / exc.path
            text = opened.get(path) or _read(path)
            place = text.rest_of_line(exc.line, exc.column)
            found.setdefault(path, []).append(Diagnostic(place, exc.message, DiagnosticSeverity.Error, source=SOURCE))
            return found
        names = {base.parent / name: rule_id for rule_id, name in ruleset.paths.items()}
        for path, text in opened.items():
            rule_id = names.get(path)
            if rule_id is not None and not found[path]:
                found[path] = list(_wrong_examples(ruleset, rule_id, text))
        if is_pack:
            break
    return found


def _profiles(folder: Path, opened: Mapping[Path, TextMap], *, every: bool) -> list[str]:
    """Return the profiles to load: the default one (or the first), and those that are open, or every other."""
    there = {p.stem for p in (folder / "profiles").glob("*.yaml")}
    wanted = set(there) if every else {p.stem for p in opened if p.parent == folder / "profiles"}
    there |= wanted
    first = _DEFAULT if _DEFAULT in there or not there else min(there)
    return [first, *sorted(wanted - {first})]


def _read(path: Path) -> TextMap:
    try:
        return map_text(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return map_text("")


def _wrong_examples(ruleset: RuleSet, rule_id: str, text: TextMap) -> Iterator[Diagnostic]:
    """Run the examples of a rule; each that gets another outcome than it states is a warning where it stands."""
    places = _example_places(text.text)
    try:
        for case in run_cases(ruleset, rule_id):
            if not case.is_right:
                place = text.rest_of_line(*places.get(case.name, (1, 1)))
                yield Diagnostic(place, _describe(case), DiagnosticSeverity.Warning, rule_id, source=SOURCE)
    except ValidatorError as exc:
        place = text.range_of(None)
        yield Diagnostic(place, f"有例子不能检查：{exc}", DiagnosticSeverity.Warning, rule_id, source=SOURCE)


def _describe(case: Case) -> str:
    reason = f"（{case.reason}）" if case.reason else ""
    return f"例子 {case.name} 应为{OUTCOME_WORDS[case.wanted]}，得到{OUTCOME_WORDS[case.got]}{reason}。"


def _example_places(text: str) -> dict[str, tuple[int, int]]:
    """Return line and column (1-based) of every example by the name that it has in ``validator.cases``."""
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return {}
    places = {}
    for group, examples in _entries(_value(root, "examples")):
        if isinstance(examples, yaml.SequenceNode):
            for number, node in enumerate(examples.value, 1):
                places[f"{group}-{number}"] = (node.start_mark.line + 1, node.start_mark.column + 1)
    return places


def _entries(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)


def _value(node: Any, name: str) -> Any:
    return next((value for key, value in _entries(node) if key == name), None)
