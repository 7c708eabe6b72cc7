"""JSON Schema of what may be written below ``rules/``, made of the models, so that editors complete and check it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from validator.authoring.keys import KEYS
from validator.authoring.kind_keys import KIND_KEYS, KIND_NAMES
from validator.rule import Formulas, Landmarks, Lexicon, Matters, Pack, Profile, Rule, Source, Spans, Titles

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The dialect that editors know best."""


@dataclass(frozen=True, slots=True)
class Described:
    """A kind of file: the model that reads it, what it is called, and which files are of the kind."""

    model: type[BaseModel]
    title: str
    files: str


SCHEMAS: Mapping[str, Described] = MappingProxyType(
    {
        "rule": Described(Rule, "一条规则", "rules/*/[A-Z][0-9][0-9][0-9].yaml"),
        "source": Described(Source, "一份依据", "rules/sources/*.yaml"),
        "profile": Described(Profile, "一个方案", "rules/profiles/*.yaml"),
        "pack": Described(Pack, "一份补充清单", "rules/packs/*/pack.yaml"),
        "lexicon": Described(Lexicon, "共用的词表和句式", "rules/lexicon.yaml"),
        "matters": Described(Matters, "问题和安排说的事项", "rules/matters.yaml"),
        "spans": Described(Spans, "句子里标出什么", "rules/spans.yaml"),
        "landmarks": Described(Landmarks, "法律、规划、会议的起止时间", "rules/landmarks.yaml"),
        "titles": Described(Titles, "国家法律和文件的正确名称", "rules/titles.yaml"),
        "formulas": Described(Formulas, "各份报告都有的话", "rules/formulas.yaml"),
    }
)
"""One line for each kind of file."""


def schema_name(name: str) -> str:
    """Return the name of the file that holds a schema."""
    return f"{name}.schema.json"


def render_schema(name: str) -> str:
    """Return the schema of a kind of file as text: the same models give the same bytes."""
    return json.dumps(build_schema(name), ensure_ascii=False, indent=2) + "\n"


def build_schema(name: str) -> dict[str, Any]:
    """Return the schema of a kind of file, with Chinese descriptions."""
    described = SCHEMAS[name]
    made = described.model.model_json_schema(ref_template="#/definitions/{model}", mode="validation")
    definitions: dict[str, Any] = made.pop("$defs", {})
    _describe(described.model.__name__, made)
    for model, schema in definitions.items():
        _describe(model, schema)
    if "discriminator" in made["properties"].get("check", {}):
        made["properties"]["check"] = _choose_by_kind(made["properties"]["check"])
    made |= {"$schema": DIALECT, "title": described.title, "description": f"{described.title}，{described.files}。"}
    if definitions:
        made["definitions"] = dict(sorted(definitions.items()))
    return dict(sorted(made.items()))


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every schema into a folder, over an older one.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in SCHEMAS:
        path = folder / schema_name(name)
        path.write_text(render_schema(name), "utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def _describe(model: str, schema: dict[str, Any]) -> None:
    """Put Chinese words into the schema of a model in place of those for programmers."""
    words = KEYS.get(model) or KIND_KEYS.get(model) or {}
    schema.pop("title", None)
    schema.pop("description", None)
    for key, value in schema.get("properties", {}).items():
        _drop_titles(value)
        if "$ref" in value:
            value["allOf"] = [{"$ref": value.pop("$ref")}]  # beside a reference, other keys would not be read
        if key in words:
            value["description"] = words[key]
    kind = schema.get("properties", {}).get("kind", {}).get("const")
    if kind in KIND_NAMES and model in KIND_KEYS:
        schema["properties"]["kind"]["description"] = f"{KIND_NAMES[kind]}。"


def _drop_titles(schema: Any) -> None:
    """Take out the names that were made of names of fields."""
    if isinstance(schema, dict):
        schema.pop("title", None)
        for key, value in schema.items():
            if key != "discriminator":
                _drop_titles(value)
    elif isinstance(schema, list):
        for value in schema:
            _drop_titles(value)


def _choose_by_kind(union: dict[str, Any]) -> dict[str, Any]:
    """Return a union of kinds as one choice: an editor then speaks of the kind that was chosen, and not of all."""
    mapping: dict[str, str] = dict(sorted(union["discriminator"]["mapping"].items()))
    listed = "，".join(f"{kind} {KIND_NAMES[kind]}" for kind in mapping)
    return {
        "type": "object",
        "description": union.get("description", ""),
        "required": ["kind"],
        "properties": {"kind": {"enum": list(mapping), "description": f"规则的类型：{listed}。"}},
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": {"$ref": reference}}
            for kind, reference in mapping.items()
        ],
    }
