"""Every command in the documentation: those with output give exactly that output, the others are ones that exist."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs_examples import PAGES, find_blocks, find_commands, page_params, refuse, run_command, run_page
from validator.cases import run_cases
from validator.ruleset import load_ruleset


@pytest.fixture
def new_folder(tmp_path: Path) -> Callable[[], Path]:
    numbers = iter(range(1000))

    def make() -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return folder

    return make


@pytest.mark.parametrize("name", page_params())
def test_a_page_shows_what_its_commands_write(name: str, new_folder: Callable[[], Path]) -> None:
    path = ROOT / name
    text = path.read_text("utf-8")
    real = run_page(text, new_folder)
    if "FAZHI_UPDATE_GOLDEN" in os.environ:
        path.write_text(real, "utf-8", newline="\n")
    else:
        assert real == text


@pytest.mark.parametrize("name", PAGES)
def test_commands_that_are_only_shown_exist(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert [said for command, whole in find_commands(text) if (said := refuse(command, whole))] == []


def test_other_programs_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])
    found: dict[str, set[str]] = {"make": set(), "extra": set(), "module": set()}
    for name in PAGES:
        text = (ROOT / name).read_text("utf-8")
        found["make"] |= set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.M))
        found["extra"] |= set(re.findall(r"fazhi-validator\[(\w+)\]", text))
        for module, rest in re.findall(r"python -m\s+((?:benchmarks|tests)\.\w+)([^`\n]*)", text):
            found["module"].add(module)
            source = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")
            assert [o for o in re.findall(r"--[a-z-]+", rest) if f'"{o}"' not in source] == []
    assert all(found.values())
    assert found["make"] <= targets
    assert found["extra"] <= extras


def test_the_rule_that_is_shown_as_an_example_is_one(tmp_path: Path) -> None:
    blocks = find_blocks((ROOT / "docs" / "writing-rules.md").read_text("utf-8"))
    shown = next(b for b in blocks if b.language == "yaml")
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (rules / "themes" / "T302.yaml").write_text("\n".join(shown.lines), "utf-8")
    cases = list(run_cases(load_ruleset(rules), "T302"))
    assert len(cases) == 3
    assert [c for c in cases if not c.is_right] == []


def test_the_settings_that_are_shown_as_an_example_hold(tmp_path: Path) -> None:
    blocks = find_blocks((ROOT / "docs" / "repository.md").read_text("utf-8"))
    shown = next(b for b in blocks if b.language == "toml")
    (tmp_path / "共用").mkdir()
    (tmp_path / "共用" / "fazhi.toml").write_text("", "utf-8")
    (tmp_path / "报告" / "街道").mkdir(parents=True)
    (tmp_path / "报告" / "fazhi.toml").write_text("\n".join(shown.lines), "utf-8")
    output, code = run_command("fazhi config show 街道/甲.txt", tmp_path / "报告")
    assert code == 0
    assert 'organ-level = "township"' in output


PAGE = """# 页

<!-- docs: file 报告.txt = fixtures/reports/missing-plan.txt -->
```console
$ fazhi check 报告.txt --select P101 --quiet
{first}$ echo $?
0
```

<!-- docs: file 甲/乙.txt -->
```text
内容
```

```console
$ cat 甲/乙.txt
{second}```
"""


def test_what_a_command_writes_is_put_where_it_belongs(new_folder: Callable[[], Path]) -> None:
    """Nothing, too much or something else becomes what the command really writes; a second run changes nothing."""
    real = run_page(PAGE.format(first="", second=""), new_folder)
    assert "\n✓ 符合  报告.txt\n" in real
    assert real.endswith("$ cat 甲/乙.txt\n内容\n```\n")
    wrong = PAGE.format(first="✗ 不符合  报告.txt\n", second="内容\n别的\n")
    assert run_page(wrong, new_folder) == run_page(real, new_folder) == real


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("```console\n$ fazhi rules show P999\n```", AssertionError),
        ("<!-- docs: exit 1 -->\n```console\n$ fazhi --version\n```", AssertionError),
        ("<!-- docs: exits 1 -->\n```console\n$ fazhi --version\n```", ValueError),
        ("<!-- docs: file a = nowhere.txt -->\n```console\n$ fazhi --version\n```", OSError),
        ("<!-- docs: slow -->\n", ValueError),
        ("```console\n$ fazhi --version\n", ValueError),
        ("```console\nfazhi 0\n```", ValueError),
        ("```console\n$ rm -rf x\n```", ValueError),
    ],
)
def test_a_page_that_is_wrong_is_no_page(page: str, wrong: type[Exception], new_folder: Callable[[], Path]) -> None:
    with pytest.raises(wrong):
        run_page(page, new_folder)


@pytest.mark.parametrize(
    ("command", "whole"),
    [
        ("fazhi chekc 报告.txt", True),
        ("fazhi rules shew", False),
        ("fazhi check", True),
        ("fazhi check 报告.txt --colour", False),
        ("fazhi check 报告.txt --format doc", True),
        ("fazhi check 报告.txt --year 23", True),
        ("fazhi audit 报告 --out 结果 --pages", True),
    ],
)
def test_a_command_that_does_not_exist_is_found(command: str, whole: bool) -> None:
    assert refuse(command, whole)


def test_commands_are_found_in_blocks_and_sentences() -> None:
    text = "Run `fazhi init`.\n\n```sh\nfazhi check a \\\n  --quiet  # note\nmake test\n```\n\n```yaml\nrun: `fazhi x`\n```\n"
    assert list(find_commands(text)) == [("fazhi check a    --quiet  # note", True), ("fazhi init", False)]
    assert not refuse("fazhi check a    --quiet  # note", True)
