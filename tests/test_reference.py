"""The pages that the reference site makes: every setting, every field of the contract, and links that hold."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import jsonschema
import pytest

from reference.contract import contract_types, write_contract, write_schema
from reference.pages import OUTSIDE, is_english, join_lines, turn_links
from reference.rules import escape_markdown, list_pages, write_rule_pages
from reference.settings import LIMITS, allowed_values, explain_setting, write_settings
from tests.conftest import ROOT, SPECIMENS, run_fazhi, shipped_rules
from validator.options import Limits
from validator.result import RuleResult, RunResult
from validator.settings.keys import DEFAULTS, KEYS


def test_every_setting_is_explained() -> None:
    page = write_settings()
    for name, key in KEYS.items():
        [row] = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert cells[1] == explain_setting(name)
        assert cells[1].endswith("。")
        assert cells[2] == allowed_values(key)
        assert cells[3] == DEFAULTS[name]
    assert list(LIMITS) == [f.name for f in dataclasses.fields(Limits)]


def test_every_field_of_the_result_is_in_the_contract() -> None:
    page = write_contract("{}\n")
    kinds = contract_types()
    assert kinds[0] is RunResult
    assert RuleResult in kinds
    for kind in kinds:
        section = page.split(f"\n## {kind.__name__}\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| `(\w+)` \|", section, re.M)
        assert rows == [f.name for f in dataclasses.fields(kind)]
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= {k.__name__.lower() for k in kinds}


def test_what_the_command_writes_fits_the_schema(tmp_path: Path) -> None:
    schema = json.loads(write_schema())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    files = [SPECIMENS / name for name in ("missing-plan.txt", "genre-xinxi-gongkai.txt")]
    written = json.loads(run_fazhi(tmp_path, ["check", *files, "nowhere.txt", "-f", "json", "--select", "G,P"]).stdout)
    validator.validate(written)
    written["files"][0]["rules"][0]["outcome"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(written)


def test_links_of_the_repository_become_links_of_the_site() -> None:
    def turned(text: str, name: str) -> str:
        return turn_links(text, name)

    assert turned("[a](../benchmarks/README.md#b)", "audit.md") == "[a](benchmarks.md#b)"
    assert turned("[a](../validator/audit/schema.sql)", "audit.md") == "[a](schema.sql)"
    assert turned("[a](docs/start/office.md)", "manual.md") == "[a](start/office.md)"
    assert turned("[a](../../README.zh-CN.md)", "start/office.md") == "[a](../manual.md)"
    assert turned("[a](integration.md)", "editors.md") == "[a](integration.md)"
    for same in ("[a](https://example.org/x.md)", "[a](#b)", "![a](../benchmarks/README.md)", "[a](../pyproject.toml)"):
        assert turned(same, "audit.md") == same
    assert all((ROOT / path).is_file() for path in OUTSIDE)
    assert is_english("---\n# How\n")
    assert not is_english("# 怎么做\n\n# How\n")


def test_a_rule_page_is_made_for_each_rule_and_nothing_else() -> None:
    rules = shipped_rules()
    names = {f"rules/{r.id}.md" for r in rules.rules}
    pages = write_rule_pages(rules, rules)
    assert set(pages) == {*names, "rules/index.md", "rules/sources.md"}
    assert set(re.findall(r"rules/\w+\.md", str(list_pages(rules)))) == {*names, "rules/sources.md"}


def test_a_profile_that_weighs_a_rule_otherwise_is_named() -> None:
    rules = shipped_rules()
    lighter = tuple(r.model_copy(update={"severity": "warning"}) if r.id == "T301" else r for r in rules.rules)
    pages = write_rule_pages(rules, dataclasses.replace(rules, rules=lighter))
    assert [n for n, text in pages.items() if "statutory" in text] == ["rules/T301.md"]
    assert "这一条是应改项。" in pages["rules/T301.md"]


def test_a_line_of_markdown_has_no_marks() -> None:
    assert escape_markdown("a *b*\n# <c> `d` {e}") == r"a \*b\* \# &lt;c&gt; \`d\` \{e\}"


def test_chinese_lines_are_joined_but_not_those_of_reports() -> None:
    kept = "<blockquote>一、甲。\n二、乙。</blockquote><pre>甲\n乙</pre>"
    assert join_lines(f"<p>甲。\n乙，\nA</p>{kept}<p>甲\n“乙</p>") == f"<p>甲。乙，\nA</p>{kept}<p>甲“乙</p>"
