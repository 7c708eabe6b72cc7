"""A rule set that loads → every remark on it, in the order of files and lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from validator.authoring.lint.dead_terms import Texts, find_dead_terms
from validator.authoring.lint.examples import find_missing_examples, find_wrong_examples
from validator.authoring.lint.exceptions import Exceptions, Kept, leave_out, read_exceptions
from validator.authoring.lint.patterns import find_bad_patterns, find_overlaps, list_shared
from validator.authoring.lint.remark import Remark, Written
from validator.document import Document
from validator.errors import LoadError
from validator.loaders.archive import Archives
from validator.loaders.reader import Reader
from validator.normalise import normalise
from validator.options import DEFAULT_LIMITS, Limits
from validator.rule_drafts import Draft
from validator.ruleset import RuleSet
from validator.settings.reading import read_small
from validator.sources import Source, read_source
from validator.yaml_file import YamlFile, read_yaml

_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Linted:
    """What lint found. ``needless``: exceptions that no remark needed, and where their file is."""

    remarks: tuple[Remark, ...]
    kept: int
    needless: tuple[Kept, ...]

    @property
    def mistakes(self) -> tuple[Remark, ...]:
        """The remarks that decide the exit code."""
        return tuple(r for r in self.remarks if r.is_mistake)

    @property
    def notices(self) -> tuple[Remark, ...]:
        """The others."""
        return tuple(r for r in self.remarks if not r.is_mistake)


def lint_rules(
    ruleset: RuleSet,
    folder: Path,
    *,
    deep: bool = False,
    reports: Iterable[Document] = (),
    draft: Draft | None = None,
) -> Linted:
    """Look for what is wrong or doubtful in rules that load.

    Args:
        ruleset: the rules.
        folder: the folder that they were read from, with the shared data and ``lint.yaml``.
        deep: run every example, and look for terms that match nowhere.
        reports: where terms are looked for beside the examples.
        draft: the same rules with packs laid on them, so that remarks point into the pack (without packs: none).

    Raises:
        RuleFileError: ``lint.yaml`` breaks the schema.
        OptionError: a file cannot be read again.
    """
    paths = ruleset.paths
    files = draft.rule_files if draft else {i: _open(folder.parent / name, name) for i, name in paths.items()}
    written = tuple(Written(r, files[r.id]) for r in ruleset.rules)
    shared = {n: _open(folder / n, f"{folder.name}/{n}") for n in list_shared(ruleset) if (folder / n).is_file()}
    if draft:
        own = {"lexicon.yaml": draft.lexicon_file, "titles.yaml": draft.titles_file}
        shared |= {n: file for n, file in own.items() if n in shared}
    found = [*find_missing_examples(written), *find_bad_patterns(ruleset, written, shared), *find_overlaps(written)]
    if deep:
        slow = any(r.code == "slow_pattern" for r in found)
        found += find_wrong_examples(ruleset, written)
        if not slow:  # looking for terms would never end
            found += find_dead_terms(ruleset, written, shared, Texts(ruleset, reports))
    read = read_exceptions(folder)
    kept = read[1] if read else Exceptions()
    left, needless = leave_out(found, kept)
    ran = {"wrong_example", "never_passes", "never_fails", "dead_term"} if not deep else set()
    return Linted(tuple(sorted(left)), len(found) - len(left), tuple(k for k in needless if k.code not in ran))


def read_reports(
    sources: Iterable[Source], limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[Document, ...], tuple[tuple[str, str], ...]]:
    """Return the documents of a corpus, and the paths of files that cannot be read, with why."""
    documents: list[Document] = []
    unread: list[tuple[str, str]] = []
    with Reader(limits) as reader:
        archives = Archives(limits)
        try:
            for source in sources:
                try:
                    documents.append(normalise(reader.read(source.path, read_source(source, archives))))
                except LoadError as exc:
                    unread.append((source.path, str(exc)))
        finally:
            archives.close()
    return tuple(documents), tuple(unread)


def _open(path: Path, name: str) -> YamlFile:
    """Read a file of the rule set again: a rule set holds no places."""
    return read_yaml(name, read_small(path, f"规则文件 {name} ", _MOST_BYTES))
