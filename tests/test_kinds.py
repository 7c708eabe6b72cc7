"""Every rule kind documents itself: the example in its docstring is valid, and each key is named."""

from __future__ import annotations

import textwrap
from typing import get_args

import pytest
import yaml
from pydantic import TypeAdapter

from validator import checks, kinds
from validator.kinds import Check, Data

KINDS = get_args(get_args(Check)[0])


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_the_example_of_a_kind_is_valid(kind: type[Data]) -> None:
    doc = kind.__doc__ or ""
    example = yaml.safe_load(textwrap.dedent(doc.split("Example::")[1]))
    assert isinstance(TypeAdapter(Check).validate_python(example), kind)
    assert "Passes:" in doc
    assert "Fails:" in doc


@pytest.mark.parametrize("kind", [*KINDS, kinds.Mention], ids=lambda k: k.__name__)
def test_every_key_of_a_kind_is_explained(kind: type[Data]) -> None:
    doc = kind.__doc__ or ""
    for name in kind.model_fields:
        assert name in ("kind", "parts") or f"``{name}``" in doc, name


def test_one_kind_is_one_module() -> None:
    from pathlib import Path

    names = {k.model_fields["kind"].annotation.__args__[0] for k in KINDS}
    modules = {p.stem for p in Path(checks.__path__[0]).glob("*.py")}
    assert names <= modules
