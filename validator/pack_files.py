"""Folders of packs → their files in the order in which they are read, those that a pack extends first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from validator.errors import RuleFileError, explain_os_error
from validator.nearest import suggest_nearest
from validator.yaml_file import YamlFile, read_yaml

PACK_FILE = "pack.yaml"
SOURCES = "sources"
MOST_PACKS = 20
MOST_FILES = 500
_MOST_BYTES = 2 * 1024 * 1024
_FOREIGN = ("profiles", "packs")


@dataclass(frozen=True, slots=True)
class PackFolder:
    """One pack: its folder, the name that errors show for it, ``pack.yaml``, and all its files with their bytes."""

    folder: Path
    shown: str
    manifest: YamlFile
    files: Mapping[Path, bytes]

    def name(self, path: Path) -> str:
        """Return how errors call a file of the pack."""
        return f"{self.shown}/{path.relative_to(self.folder).as_posix()}"

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield what the digest of a rule set covers: the name of each file below the folder, and its bytes."""
        for path, data in self.files.items():
            yield path.relative_to(self.folder).as_posix(), data


def read_packs(packs: Sequence[Path], shipped: Path, opened: Mapping[Path, bytes] | None = None) -> list[PackFolder]:
    """Read the files of packs; a pack that several extend is read once, where it is first needed.

    Args:
        packs: folders, or names of packs that come with the program.
        shipped: the folder of those.
        opened: files that are taken from here and not from the disk (an editor has them open).

    Raises:
        RuleFileError: a pack does not exist, has files in the wrong place, or extends itself.
    """
    reading = _Reading(shipped, opened or {})
    for pack in packs:
        folder = reading.find(pack, Path())
        if folder is None:
            raise RuleFileError(pack.as_posix(), 1, 1, reading.say_missing(pack))
        reading.read(folder, ())
    return list(reading.found.values())


def list_shipped(shipped: Path) -> tuple[str, ...]:
    """Return the names of the packs that come with the program."""
    return tuple(sorted(p.parent.name for p in shipped.glob(f"*/{PACK_FILE}")))


@dataclass(slots=True)
class _Reading:
    """Packs read so far, by their real folder."""

    shipped: Path
    opened: Mapping[Path, bytes]
    found: dict[Path, PackFolder] = field(default_factory=dict)

    def find(self, name: Path, base: Path) -> Path | None:
        """Return the folder that a name means: below a base folder, or that of a shipped pack."""
        folder = Path(os.path.normpath(base / name))
        if folder.is_dir():
            return folder
        own = self.shipped / name
        is_name = not name.is_absolute() and len(name.parts) == 1 and name.name != ".."
        return own if is_name and (own / PACK_FILE).is_file() else None

    def say_missing(self, name: Path) -> str:
        """Return that a pack does not exist, and which one was probably meant."""
        if name.exists():
            return "这是一个文件，应写清单的文件夹"
        near = suggest_nearest(name.name, list_shipped(self.shipped))
        return f"没有这个清单文件夹，自带的清单里也没有 {name.name}{near}"

    def read(self, folder: Path, above: tuple[Path, ...]) -> None:
        """Read a pack after those that it extends."""
        real = folder.resolve()
        if real in self.found:
            return
        if len(self.found) + len(above) >= MOST_PACKS:
            raise RuleFileError(self._show(folder), 1, 1, f"清单套得太多，最多{MOST_PACKS}份")
        manifest = read_yaml(f"{self._show(folder)}/{PACK_FILE}", self._bytes(folder, folder / PACK_FILE))
        for index, other in enumerate(_extended(manifest)):
            at = ("extends", index)
            below = None if Path(other).is_absolute() else self.find(Path(other), folder)
            if below is None:
                near = suggest_nearest(other, (*_neighbours(folder), *list_shipped(self.shipped)))
                raise manifest.error(at, f"没有 {other} 这个清单文件夹（从本清单的文件夹写起）{near}")
            if below.resolve() in (*above, real):
                raise manifest.error(at, f"清单 {other} 绕回了自己：它又以本清单为基础")
            self.read(below, (*above, real))
        files = {path: self._bytes(folder, path) for path in self._list(folder)}
        self.found[real] = PackFolder(folder, self._show(folder), manifest, files)

    def _show(self, folder: Path) -> str:
        if folder.is_relative_to(self.shipped):
            return folder.relative_to(self.shipped.parent.parent).as_posix()
        return folder.as_posix()

    def _bytes(self, folder: Path, path: Path) -> bytes:
        if path in self.opened:
            return self.opened[path]
        name = f"{self._show(folder)}/{path.relative_to(folder).as_posix()}"
        try:
            if not path.is_file():
                raise RuleFileError(name, 1, 1, "没有这个文件" if not path.exists() else "这不是普通文件")
            if not path.resolve().is_relative_to(folder.resolve()):
                raise RuleFileError(name, 1, 1, "这是指到清单文件夹外面的链接，请把文件本身放进来")
            with path.open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
        except OSError as exc:
            raise RuleFileError(name, 1, 1, f"文件读不出来（{explain_os_error(exc)}）") from exc
        if len(data) > _MOST_BYTES:
            raise RuleFileError(name, 1, 1, f"文件太大，最大{_MOST_BYTES // 1024 // 1024} MiB")
        return data

    def _list(self, folder: Path) -> Iterator[Path]:
        """Yield ``pack.yaml``, the sources and the rule files; what would not be read is refused."""
        yield folder / PACK_FILE
        try:
            there = {p for depth in ("*", "*/*", "*/*/*") for p in folder.glob(depth)}
        except OSError as exc:
            raise RuleFileError(self._show(folder), 1, 1, f"文件夹读不出来（{explain_os_error(exc)}）") from exc
        there |= {p for p in self.opened if p.is_relative_to(folder)}
        listed = []
        for path in sorted(there):
            inside = path.relative_to(folder)
            if any(p.startswith(".") for p in inside.parts) or path.suffix not in (".yaml", ".yml"):
                continue
            if path == folder / PACK_FILE:
                continue
            problem = _misplaced(inside)
            if problem:
                raise RuleFileError(f"{self._show(folder)}/{inside.as_posix()}", 1, 1, problem)
            listed.append(path)
            if len(listed) > MOST_FILES:
                raise RuleFileError(self._show(folder), 1, 1, f"清单里的文件太多，最多{MOST_FILES}个")
        yield from (p for p in listed if p.parent.name == SOURCES)
        yield from (p for p in listed if p.parent.name != SOURCES)


def _misplaced(inside: Path) -> str | None:
    """Return why a YAML file of a pack would not be read where it stands."""
    if inside.suffix == ".yml":
        return "文件名应以 .yaml 结尾"
    if len(inside.parts) == 1:
        near = suggest_nearest(inside.name, [PACK_FILE])
        return f"清单的文件夹里只放 {PACK_FILE}，规则文件放进子文件夹，依据放进 {SOURCES}{near}"
    if len(inside.parts) > 2:
        return "文件夹套得太深：规则文件放在清单下一级的子文件夹里"
    if inside.name == PACK_FILE:
        return "清单里面又有一份清单；另一份要放在别处，用 extends 引用"
    if inside.parts[0] in _FOREIGN:
        return "清单里不写方案；改动写在 pack.yaml 里"
    return None


def _extended(manifest: YamlFile) -> list[str]:
    """Return the packs that a pack extends; all else that it says is read later."""
    said = manifest.data.get("extends", []) if isinstance(manifest.data, dict) else []
    if not isinstance(said, list) or not all(isinstance(p, str) and p.strip() and "\0" not in p for p in said):
        raise manifest.error(("extends",), "extends：应是清单文件夹的列表，例如 [../省里的清单]")
    return said


def _neighbours(folder: Path) -> Iterator[str]:
    """Yield the packs beside a pack, as it would call them."""
    try:
        yield from (f"../{p.parent.name}" for p in sorted(folder.absolute().parent.glob(f"*/{PACK_FILE}")))
    except OSError:
        return
