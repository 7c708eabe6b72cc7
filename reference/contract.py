"""The dataclasses of the result → the page of the JSON contract, its schema, and a real example."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from validator.result import FORMAT_VERSION, RunResult

COMMAND = ("check", "报告.txt", "--select", "P104", "--format", "json")
_PLAIN = {str: "string", int: "integer", bool: "true or false", type(None): "null"}
_HEAD = f"""# The JSON contract

`fazhi check … -f json` writes one object, described here from the program itself; `POST /api/check` of the server
answers the same. `format_version` is `"{FORMAT_VERSION}"`. Within a version fields are added and none is removed or
changes its meaning, so readers should pass over fields that they do not know. The same input and the same rules give
the same bytes.

As JSON Schema: [result.schema.json](result.schema.json). Lists keep the order of the report and of the checklist.
Every field is always written; *usual* is what stands there when there is nothing to say.
"""


def write_contract(example: str) -> str:
    """Return the page of the contract with an example of it."""
    parts = [_HEAD]
    for kind in contract_types():
        parts.append(f"\n## {kind.__name__}\n\n{_docstring(kind)}\n\n| field | type | usual |\n|---|---|---|\n")
        hints = get_type_hints(kind)
        parts += [f"| `{f.name}` | {_name(hints[f.name])} | {_usual(f)} |\n" for f in dataclasses.fields(kind)]
    parts.append(
        f"\n## An example\n\n`fazhi {' '.join(COMMAND)}`, with a report that has no plan:\n\n```json\n{example}```\n"
    )
    return "".join(parts)


def write_schema() -> str:
    """Return the JSON Schema of a run."""
    schema = TypeAdapter(RunResult).json_schema(mode="serialization")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Result of fazhi check, format version {FORMAT_VERSION}",
    }
    return json.dumps({**schema, **head}, ensure_ascii=False, indent=2) + "\n"


def write_example(report: Path) -> str:
    """Return what the command really writes for a report."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(report, Path(folder) / COMMAND[1])
        command = [sys.executable, "-m", "validator", *COMMAND, "--no-cache", "--fail-on", "never"]
        done = subprocess.run(command, capture_output=True, check=True, cwd=folder)
    return done.stdout.decode()


def contract_types() -> list[type]:
    """Return the dataclasses of the contract, each after the first that holds it."""
    found: dict[type, None] = {}

    def visit(kind: type) -> None:
        if kind not in found:
            found[kind] = None
            for hint in get_type_hints(kind).values():
                for inner in _inside(hint):
                    visit(inner)

    visit(RunResult)
    return list(found)


def _inside(hint: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        if get_origin(hint) is not Literal:
            yield from _inside(part)


def _name(hint: Any) -> str:
    """Return a type in words; a dataclass is a link to its table."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(_name(part) for part in inner)
    if origin is tuple:
        return f"list of {_name(inner[0])}"
    if origin is dict:
        return f"object: {_name(inner[0])} → {_name(inner[1])}"
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    raise TypeError(f"the contract has no words for {hint}")


def _usual(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING:
        return ""
    return f"`{json.dumps(field.default, ensure_ascii=False)}`"


def _docstring(kind: type) -> str:
    return re.sub("``(.+?)``", r"`\1`", inspect.cleandoc(kind.__doc__ or ""))
