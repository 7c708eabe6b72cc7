"""Shared fixtures: the shipped rule set, an engine, and short ways to read a text."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from typer.main import get_command

from tests.toy import Members, build_members, pack
from validator.checks.context import CheckContext
from validator.checks.references import References, build_references
from validator.cli import app
from validator.document import Document
from validator.engine import Engine, build_context, build_engine, evaluate
from validator.loaders.text import load_text
from validator.nlp.model import Model
from validator.nlp.pipeline import Pipeline
from validator.normalise import normalise
from validator.options import CheckOptions
from validator.recipe import default_rules_path, digest_rules
from validator.result import FileResult, RuleResult
from validator.rule import Landmark, Spans, Titles
from validator.rule_drafts import Draft, read_draft
from validator.ruleset import RuleSet, load_ruleset

ROOT = Path(__file__).resolve().parent.parent
SPECIMENS = ROOT / "fixtures" / "reports"
Run = Callable[..., subprocess.CompletedProcess[str]]


@cache
def shipped_rules() -> RuleSet:
    """Return the rule set of the default profile, read once a process."""
    return load_ruleset()


def read(text: str, name: str = "报告.txt") -> Document:
    """Return the normalised document of a text."""
    return normalise(load_text(name, text.encode()))


settings.register_profile("repeatable", derandomize=True)
if (
    "FAZHI_EXPLORE" not in os.environ
):  # `make explore` looks for new examples; the suite gives the same result each time
    settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return shipped_rules()


@pytest.fixture(scope="session")
def engine(ruleset: RuleSet) -> Engine:
    return build_engine(ruleset, CheckOptions())


@pytest.fixture(scope="session")
def engine_2023(ruleset: RuleSet) -> Engine:
    return build_engine(ruleset, CheckOptions(year=2023))


@pytest.fixture
def context(engine_2023: Engine) -> Callable[[str], CheckContext]:
    return lambda text: build_context(engine_2023, read(text))


@pytest.fixture
def check(engine: Engine) -> Callable[[str], FileResult]:
    return lambda text: evaluate(engine, read(text))


@pytest.fixture(scope="session")
def members(tmp_path_factory: pytest.TempPathFactory) -> Members:
    return build_members(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def wheel(tmp_path: Path, members: Members) -> Path:
    return pack(tmp_path / "下载", members)


def outcome_of(result: FileResult, rule_id: str) -> RuleResult:
    """Return the result of one rule."""
    return next(r for r in result.rules if r.id == rule_id)


@pytest.fixture(autouse=True, scope="session")
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep results of the tests apart from those of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAZHI_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


def run_fazhi(
    folder: Path, args: Iterable[object], stdin: bytes = b"", columns: int = 80, name: str = "python -m validator"
) -> subprocess.CompletedProcess[str]:
    """Run the command in this process and a folder, with streams of its own.

    Where it is called ``fazhi`` both streams are one, as in a terminal: all of it is ``stdout``.
    """
    from validator.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("NO_COLOR", "1")
        patch.setattr(sys, "argv", [name, *map(str, args)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", out if name == "fazhi" else err)
        with pytest.raises(SystemExit) as done:
            main()
    out.flush()
    err.flush()
    texts = (stream.buffer.getvalue().decode() for stream in (out, err))
    return subprocess.CompletedProcess(list(map(str, args)), int(done.value.code or 0), *texts)


@pytest.fixture
def fazhi(tmp_path: Path) -> Run:
    """Run the command in this process; ``test_the_command_is_installed`` starts a real one."""
    return lambda *args, stdin=b"", columns=80: run_fazhi(tmp_path, args, stdin, columns)


@pytest.fixture(autouse=True, scope="session")
def _shared_rules() -> Iterator[None]:
    """Read an unchanged rule set, and build what hangs on it, once a process: runs of the command are many."""
    rulesets: dict[tuple[str, str], RuleSet] = {}
    drafts: dict[tuple[str, str], Draft] = {}
    pipelines: dict[tuple[int, Model | None], Pipeline] = {}
    indexed: dict[tuple[int, int], tuple[References, object]] = {}

    def load(
        folder: Path | None = None,
        profile: str = "default",
        overlay: Mapping[Path, bytes] | None = None,
        packs: Sequence[Path] = (),
    ) -> RuleSet:
        if overlay:
            return load_ruleset(folder, profile, overlay, packs)
        key = (profile, digest_rules(folder or default_rules_path(), profile, packs))
        if key == (shipped_rules().profile.id, shipped_rules().digest):
            return shipped_rules()
        if key not in rulesets:
            rulesets[key] = load_ruleset(folder, profile, packs=packs)
        return rulesets[key]

    def draft(
        folder: Path | None = None, profile: str = "default", overlay: Mapping[Path, bytes] | None = None
    ) -> Draft:
        root = folder or default_rules_path()
        if any(p.is_relative_to(root) for p in overlay or ()):
            return read_draft(folder, profile, overlay)
        key = (profile, digest_rules(root, profile))
        if key not in drafts:
            drafts[key] = read_draft(folder, profile)
        return drafts[key]

    def build(spans: Spans, model: Model | None) -> Pipeline:
        return pipelines.setdefault((id(spans), model), Pipeline(spans, model))

    def refer(landmarks: tuple[Landmark, ...], titles: Titles) -> References:
        key = (id(landmarks), id(titles))
        if key not in indexed:  # what was indexed is kept, so that nothing else can have its identity
            indexed[key] = (build_references(landmarks, titles), (landmarks, titles))
        return indexed[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("validator.workbench.load_ruleset", load)
        patch.setattr("validator.workbench.Pipeline", build)
        patch.setattr("validator.ruleset.load_ruleset", load)
        patch.setattr("validator.ruleset.read_draft", draft)
        patch.setattr("validator.engine.build_references", refer)
        patch.setattr("validator.cli.app", get_command(app))
        yield
