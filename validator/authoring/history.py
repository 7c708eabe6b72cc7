"""The rules of a folder as they were at a commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from validator.changed import read_folder_at
from validator.errors import OptionError, RuleFileError
from validator.ruleset import RuleSet

_ENDINGS = frozenset({".yaml", ".yml"})


def load_ruleset_at(folder: Path, revision: str, load: Callable[[Path], RuleSet]) -> RuleSet:
    """Load the rules of a folder as they were at a commit.

    Args:
        folder: the rules folder in the work tree.
        revision: a branch, tag or commit.
        load: loads a rules folder.

    Raises:
        OptionError: git, repository, commit or folder are not there, or the rules of that time do not load.
    """
    files = read_folder_at(folder, revision)
    with TemporaryDirectory(prefix="fazhi-") as temporary:
        root = Path(temporary) / "rules"
        root.mkdir()
        for name, data in files.items():
            inner = PurePosixPath(name)
            if inner.suffix not in _ENDINGS or inner.is_absolute() or ".." in inner.parts:
                continue
            target = root / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        try:
            return load(root)
        except RuleFileError as exc:
            raise OptionError(f"{revision} 里的规则用不了：{exc}") from exc
