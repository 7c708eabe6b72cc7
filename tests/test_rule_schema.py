"""The schemas of rule files: up to date, described in Chinese, and of one mind with the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft7Validator
from pydantic import BaseModel

from tests.conftest import ROOT, Run
from validator.authoring.keys import KEYS
from validator.authoring.kind_keys import KIND_KEYS, KIND_NAMES
from validator.authoring.schema import SCHEMAS, build_schema, render_schema, schema_name
from validator.kinds import Check
from validator.yaml_file import read_yaml

RULES = ROOT / "rules"
SHARED = {"lexicon", "matters", "spans", "landmarks", "titles", "formulas"}


def files_of(name: str) -> list[Path]:
    if name in SHARED:
        return [RULES / f"{name}.yaml"]
    if name in ("source", "profile"):
        return sorted((RULES / f"{name}s").glob("*.yaml"))
    if name == "pack":
        return sorted(RULES.glob("packs/*/pack.yaml"))
    return sorted(p for p in RULES.glob("*/*.yaml") if p.parent.name not in ("sources", "profiles"))


def plain(value: object) -> Any:
    """Return YAML data as an editor sees it: a day is text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def read(path: Path) -> Any:
    return plain(read_yaml(path.name, path.read_bytes()).data)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schema_is_up_to_date(name: str) -> None:
    said = "运行 fazhi rules schema --out rules/schema"
    assert (RULES / "schema" / schema_name(name)).read_text("utf-8") == render_schema(name), said


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_file_fits_its_schema(name: str) -> None:
    schema = build_schema(name)
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    paths = files_of(name)
    assert paths
    for path in paths:
        assert [e.message for e in validator.iter_errors(read(path))] == [], path


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", "fatal"),
        ("id", "T31"),
        ("titel", "…"),
        ("title", "  "),
        ("stands_in", "middle"),
        ("check", {"kind": "them"}),
        ("check", {"kind": "theme", "any_off": []}),
        ("check", {"kind": "theme"}),
        ("check", {"any_of": []}),
        ("examples", {"pass": [], "fail": [{"text": "甲"}], "near_miss": [{"text": "乙"}]}),
    ],
)
def test_a_mistake_does_not_fit(key: str, value: object) -> None:
    validator = Draft7Validator(build_schema("rule"))
    data = read(RULES / "themes" / "T301.yaml")
    assert validator.is_valid(data)
    assert not validator.is_valid(data | {key: value})


def test_a_wrong_key_is_told_of_the_kind_that_was_chosen() -> None:
    data = read(RULES / "themes" / "T301.yaml")
    data["check"]["term"] = []
    errors = list(Draft7Validator(build_schema("rule")).iter_errors(data))
    assert [list(e.absolute_path) for e in errors] == [["check"]]
    assert "term" in errors[0].message


def models_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in inner_models(field.annotation):
            yield from models_of(inner)


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from inner_models(argument)


def test_every_key_is_described_and_no_other() -> None:
    models = {m.__name__: m for d in SCHEMAS.values() for m in models_of(d.model)}
    described = {**KEYS, **KIND_KEYS}
    assert set(described) == set(models)
    for name, model in models.items():
        keys = {f.alias or key for key, f in model.model_fields.items()} - {"kind" if name.endswith("Check") else ""}
        assert set(described[name]) == keys, name


def test_every_kind_has_a_name() -> None:
    kinds = {k.model_fields["kind"].annotation.__args__[0] for k in get_args(get_args(Check)[0])}
    assert set(KIND_NAMES) == kinds


def test_the_command_writes_them(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "rule.schema.json").write_text("old")
    done = fazhi("rules", "schema", "--out", "s")
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (tmp_path / "s").iterdir()} == {schema_name(n) for n in SCHEMAS}
    assert json.loads((tmp_path / "s" / "rule.schema.json").read_text("utf-8")) == build_schema("rule")


def test_the_documented_setting_of_the_editor_names_every_schema() -> None:
    text = (ROOT / "docs" / "writing-rules.md").read_text("utf-8")
    setting = json.loads(text.split("```json\n")[1].split("```")[0])["yaml.schemas"]
    assert setting == {f"rules/schema/{schema_name(n)}": d.files for n, d in SCHEMAS.items()}
    for name, described in SCHEMAS.items():
        assert sorted(ROOT.glob(described.files)) == files_of(name)
