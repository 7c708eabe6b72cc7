"""``fazhi init``: a configuration file, an ignore file and files for code hosts, written from templates, never over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from validator import __version__
from validator.errors import OptionError, explain_os_error

ACTION = f"账号/fazhi-validator@v{__version__}"
"""Stands for the action until its account is known; GitHub takes no such name, so nobody can register it."""

_TEMPLATES = Path(__file__).parent / "templates"


class Template(StrEnum):
    """What can be written: the name of the template file."""

    config = "fazhi.toml"
    ignore = "fazhiignore"
    github = "github.yml"
    gitlab = "gitlab.yml"
    gitee = "gitee.yml"
    jenkins = "Jenkinsfile"
    pre_commit = "pre-commit.yaml"


TARGETS: dict[Template, str] = {
    Template.config: "fazhi.toml",
    Template.ignore: ".fazhiignore",
    Template.github: ".github/workflows/fazhi.yml",
    Template.gitlab: ".gitlab-ci.yml",
    Template.gitee: ".workflow/fazhi.yml",
    Template.jenkins: "Jenkinsfile",
    Template.pre_commit: ".pre-commit-config.yaml",
}


class State(StrEnum):
    """What became of a file."""

    written = "written"
    same = "same"
    differs = "differs"


class Written(NamedTuple):
    """A file of the scaffold, and whether it was written or was there before."""

    path: Path
    state: State


def write_scaffold(folder: Path, templates: Iterable[Template], action: str = ACTION) -> tuple[Written, ...]:
    """Write files from templates into a folder; one that exists stays as it is.

    Args:
        folder: where; created when it does not exist.
        templates: which.
        action: the GitHub action to use, ``account/name@version``.

    Raises:
        OptionError: a file cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"{folder} 是文件，不是文件夹。")
    return tuple(_write(folder / TARGETS[t], render_template(t, action)) for t in templates)


def render_template(template: Template, action: str = ACTION) -> str:
    """Return the text of a template with the version of this program in it."""
    text = (_TEMPLATES / template.value).read_text("utf-8")
    return text.replace("@VERSION@", __version__).replace("@ACTION@", action)


def names_to_fill_in(found: Iterable[Written]) -> Iterator[Path]:
    """Yield the files that were written with the account of the action left open."""
    for path, state in found:
        if state is State.written and ACTION in path.read_text("utf-8"):
            yield path


def _write(path: Path, text: str) -> Written:
    try:
        _make_folder(path.parent)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return Written(path, State.same if _has(path, text) else State.differs)
    except OSError as exc:
        raise OptionError(f"{path} 写不进去（{explain_os_error(exc)}）。") from exc
    return Written(path, State.written)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OptionError(f"{folder} 是文件，不是文件夹。") from None


def _has(path: Path, text: str) -> bool:
    """Return whether a file holds a text, whatever its line ends."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n") == text.encode()
    except OSError:
        return False
