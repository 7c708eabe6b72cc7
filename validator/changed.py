"""Which files differ from a commit: asks git, and lets nothing that a repository brings along run or decide.

Git reads settings of the repository it stands in, and some of them name programs. Every call here shuts off those that
could run one (fsmonitor, hooks, external diff, textconv, clean filters, transports) and takes plain names with ``-z``.
Without rename detection a moved file is an added one, so no content has to be fetched for a partial clone.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from glob import glob, has_magic
from pathlib import Path

from validator.errors import OptionError, explain_os_error

_SECONDS = 60
_SAFE = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.quotePath=false",
    "-c",
    "safe.bareRepository=explicit",
)
_OF_ANOTHER_REPOSITORY = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_EXTERNAL_DIFF",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
    }
)
"""Variables that a git hook hands down; the repository is found from the paths alone."""
_MOST_FILES = 5000
_MOST_BYTES = 64 * 1024 * 1024
_OBJECT = re.compile(rb"[0-9a-f]{40,64}")


class Changes:
    """Which files must be looked at again since a commit. Where git cannot tell, a file must be."""

    def __init__(self, revision: str, paths: Sequence[str]) -> None:
        """Ask git, as ``find_changed`` does, which raises the same errors."""
        self._names = frozenset(find_changed(revision, paths))
        self._tops: dict[Path, Path | None] = {}
        self._roots = {self._top(_stand(path)[0]) for path in _expand(paths)}

    def touch(self, file: str) -> bool:
        """Tell whether a file changed, is a link, stands in a repository inside the repository, or does not exist."""
        if file in self._names or os.path.islink(file) or not os.path.lexists(file):  # noqa: PTH114
            return True
        return self._top(_stand(file)[0]) not in self._roots

    def _top(self, folder: Path) -> Path | None:
        """Return the nearest folder, upwards, that is the top of a repository; each folder is looked at once."""
        if folder not in self._tops:
            if (folder / ".git").exists():
                self._tops[folder] = folder
            else:
                self._tops[folder] = None if folder == folder.parent else self._top(folder.parent)
        return self._tops[folder]


def find_changed(revision: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files at or below the paths that differ from where this branch left a commit, sorted, each once.

    What counts is the work tree: committed, staged, unstaged and new files that are not ignored; a moved file under its
    new name; never a deleted one. Where there is no common ancestor (a shallow clone) the commit itself is compared.
    Submodules and repositories inside the repository are left out.

    Args:
        revision: a branch, tag or commit.
        paths: files, folders or patterns, as the user gave them; the names returned begin like them.

    Raises:
        OptionError: no git, no repository, no such commit or path, or git did not answer.
    """
    roots: dict[Path, Path] = {}
    changed: dict[Path, frozenset[str]] = {}
    found: set[str] = set()
    for path in _expand(paths):
        here, inner = _stand(path)
        if here not in roots:
            roots[here] = _find_root(here, path)
        root = roots[here]
        if root not in changed:
            changed[root] = frozenset(_list_changed(root, revision))
        try:
            prefix = (here / inner).relative_to(root).as_posix()
        except ValueError:
            raise OptionError(f"{path} 不在 git 仓库 {root} 里。") from None
        found.update(_name_below(path, prefix, changed[root], is_folder=not inner))
    return tuple(sorted(found))


def read_folder_at(folder: Path, revision: str) -> dict[str, bytes]:
    """Return the files that a folder had at a commit, by their path below it. No filter of the repository is run.

    Raises:
        OptionError: no git, no repository, no such commit, the folder was not there, or it held too much.
    """
    here = folder.resolve()
    root = _find_root(here, str(folder))
    commit = _find_commit(root, revision)
    prefix = here.relative_to(root).as_posix()
    tree = f"{commit}:{'' if prefix == '.' else prefix}"
    listed = _run(root, "ls-tree", "-r", "-z", "--long", "--full-tree", tree)
    if listed.returncode != 0:
        raise OptionError(f"{folder} 在 {revision} 里还没有。")
    entries = [entry.partition(b"\t") for entry in listed.stdout.split(b"\0") if entry]
    blobs = {os.fsdecode(name): head.split() for head, _, name in entries if head.split()[1] == b"blob"}
    if len(blobs) > _MOST_FILES or sum(int(head[3]) for head in blobs.values()) > _MOST_BYTES:
        raise OptionError(f"{folder} 在 {revision} 里的文件太多或太大。")
    return {name: _output(root, "cat-file", "blob", head[2].decode()) for name, head in blobs.items()}


def _expand(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path == "-":
            raise OptionError("--changed-since 不能和标准输入（-）一起用。")
        if os.path.lexists(path):
            yield path
        elif has_magic(path):
            yield from sorted(glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        else:
            raise OptionError(f"{path}：路径不存在。")


def _stand(path: str) -> tuple[Path, str]:
    """Return the real folder of a path, and the name in it where the path is a file; links to files stay as named."""
    plain = Path(path)
    if plain.is_dir():
        return plain.resolve(), ""
    return plain.parent.resolve(), plain.name


def _name_below(path: str, prefix: str, changed: frozenset[str], *, is_folder: bool) -> Iterator[str]:
    if not is_folder:
        if prefix in changed:
            yield path
        return
    start = "" if prefix == "." else f"{prefix}/"
    yield from (Path(path, name[len(start) :]).as_posix() for name in changed if name.startswith(start))


def _find_root(folder: Path, path: str) -> Path:
    done = _run(folder, "rev-parse", "--show-toplevel")
    name = os.fsdecode(done.stdout.removesuffix(b"\n"))
    if done.returncode == 0 and name:
        return Path(name).resolve()
    if b"safe.directory" in done.stderr:
        raise OptionError(
            f"git 不读 {folder}：仓库属于别的用户。请先运行 git config --global --add safe.directory 加仓库的路径。"
        )
    raise OptionError(f"{path} 不在 git 仓库里，不能和以前的提交比较。")


def _list_changed(root: Path, revision: str) -> Iterator[str]:
    """Yield names relative to the root of the repository, of files that stand in the work tree."""
    base = _find_base(root, revision)
    quiet = _silence_filters(root)
    compare = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff", "--no-textconv")
    shape = ("--no-relative", "--ignore-submodules=all", f"-O{os.devnull}")
    tracked = _output(root, *quiet, *compare, *shape, base, "--")
    fresh = _output(root, *quiet, "ls-files", "--others", "--exclude-standard", "-z")
    for name in (tracked + fresh).split(b"\0"):
        text = os.fsdecode(name)
        if text and not text.endswith("/") and os.path.lexists(root / text):
            yield text


def _find_base(root: Path, revision: str) -> str:
    commit = _find_commit(root, revision)
    common = _run(root, "merge-base", commit, "HEAD").stdout.strip()
    return common.decode() if _OBJECT.fullmatch(common) else commit


def _find_commit(root: Path, revision: str) -> str:
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise OptionError("要比较的提交应写分支、标签或提交编号，例如 origin/main。")
    wanted = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = wanted.stdout.strip()
    if wanted.returncode != 0 or not _OBJECT.fullmatch(commit):
        raise OptionError(f"找不到提交 {revision}；浅克隆请先取回历史（fetch-depth: 0）。")
    return commit.decode()


def _silence_filters(root: Path) -> tuple[str, ...]:
    """Return settings that take the programs out of every filter driver; a file is then compared as it stands."""
    names = _run(root, "config", "--null", "--name-only", "--get-regexp", r"^filter\..*\.(clean|process|required)$")
    settings: list[str] = []
    for name in sorted({os.fsdecode(n) for n in names.stdout.split(b"\0") if n}):
        if "=" in name:
            raise OptionError(f"git 仓库 {root} 的过滤器名称里有等号，不能放心比较。")
        settings += ["-c", f"{name}={'false' if name.endswith('.required') else ''}"]
    return tuple(settings)


def _output(root: Path, *args: str) -> bytes:
    done = _run(root, *args)
    if done.returncode != 0:
        raise OptionError(f"git 没有列出改动（退出码{done.returncode}）。请在那个文件夹里运行 git status 看原因。")
    return done.stdout


def _run(folder: Path, *args: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *_SAFE, *args],
            cwd=folder,
            env=_environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise OptionError("没有找到 git 程序，不能和以前的提交比较。") from None
    except subprocess.TimeoutExpired:
        raise OptionError(f"git 在{_SECONDS}秒内没有答复，没有列出改动。") from None
    except OSError as exc:
        raise OptionError(f"git 运行不了（{explain_os_error(exc)}）。") from exc


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for git: no other repository, no question, no transport, nothing written."""
    kept = {name: value for name, value in given.items() if name not in _OF_ANOTHER_REPOSITORY}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
