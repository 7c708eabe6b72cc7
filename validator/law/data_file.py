"""One shared data file of a rule folder → typed data; what it cites must stand in the sources of the rule set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from validator.errors import RuleFileError
from validator.recipe import default_rules_path
from validator.rule import Article, Source
from validator.rule_drafts import parse
from validator.yaml_file import Place, YamlFile, read_yaml

_M = TypeVar("_M", bound=BaseModel)


def read_data_file(folder: Path | None, name: str, model: type[_M]) -> tuple[YamlFile, _M]:
    """Read a data file of a rule folder.

    Args:
        folder: the rules; without one, those that come with the program.
        name: of the file in it.
        model: what it may say.

    Raises:
        RuleFileError: the file is not there or breaks the model.
    """
    root = folder or default_rules_path()
    shown = (Path(root.name) / name).as_posix()
    try:
        data = (root / name).read_bytes()
    except OSError as exc:
        raise RuleFileError(shown, 1, 1, "文件不存在或读不出来") from exc
    file = read_yaml(shown, data)
    return file, parse(file, model)


def find_source(file: YamlFile, place: Place, name: str, sources: Mapping[str, Source]) -> Source:
    """Return a source by its name.

    Raises:
        RuleFileError: there is none; the error points at ``place``.
    """
    if name not in sources:
        raise file.error(place, f"没有名为 {name} 的依据")
    return sources[name]


def find_article(file: YamlFile, place: Place, source: Source, article: str, quote: str) -> Article:
    """Return the article in which a quotation stands.

    Args:
        file: the file that cites.
        place: the node with the keys ``article`` and ``quote``.
        source: what is cited.
        article: its name.
        quote: the words.

    Raises:
        RuleFileError: the source has no such article, or the words do not stand in it.
    """
    found = next((a for a in source.articles if a.id == article), None)
    if found is None:
        raise file.error((*place, "article"), f"依据 {source.id} 里没有“{article}”")
    if quote not in found.text:
        raise file.error((*place, "quote"), f"引文不在 {source.id}“{article}”的条文里")
    return found
