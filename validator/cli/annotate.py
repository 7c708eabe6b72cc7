"""``fazhi check --annotate DIR``: copies of the checked files with the findings as comments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from validator.annotation import ANNOTATORS, annotate
from validator.errors import LoadError, OptionError, explain_os_error
from validator.loaders.archive import Archives
from validator.options import Limits
from validator.result import RunResult
from validator.sources import STDIN, Source, read_source


def require_folder(folder: Path, sources: Sequence[Source]) -> None:
    """Refuse a folder in which a copy could take the place of an original.

    Raises:
        OptionError: it is a file, or one of the files to check stands in it.
    """
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"--annotate 应是文件夹，{folder} 是文件。")
    here = folder.resolve()
    if any(Path(s.file).resolve().is_relative_to(here) for s in sources if s.file != STDIN):
        raise OptionError(f"批注副本不能写在原文件所在的文件夹 {folder}，请另给一个文件夹。")


def write_copies(sources: Sequence[Source], result: RunResult, folder: Path, limits: Limits) -> bool:
    """Write a copy of every checked Word or PDF file into a folder; say on stderr what was written and what not.

    Returns:
        Whether every file that was checked and can hold comments got its copy.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OptionError(f"文件夹 {folder} 建不了（{explain_os_error(exc)}）。") from exc
    written, other, whole = 0, 0, True
    taken: set[str] = set()
    with Archives(limits) as archives:
        for source, file in zip(sources, result.files, strict=True):
            if file.facts is None:
                continue
            if PurePosixPath(source.path).suffix.lower() not in ANNOTATORS:
                other += 1
                continue
            try:
                data = read_source(source, archives)
                if sha256(data).hexdigest() != file.sha256:
                    raise LoadError("检查之后文件被改过，没有写批注，请重新检查。")
                copy = annotate(file, data, limits)
                target = folder / _free_name(source.path, taken)
                if copy is not None:
                    _write(target, copy)
                    written += 1
            except LoadError as exc:
                print(f"{source.path}：{exc}", file=sys.stderr)
                whole = False
    said = [f"已写出{written}个带批注的副本，在 {folder}。"]
    if other:
        said.append(f"{other}个文件不是 .docx 或 .pdf，加不了批注。")
    print("".join(said), file=sys.stderr)
    return whole


def _write(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as exc:
        raise OptionError(f"副本写不进 {target}（{explain_os_error(exc)}）。") from exc


def _free_name(path: str, taken: set[str]) -> str:
    """Return the file name for a copy; files of one name from several folders are numbered."""
    plain = PurePosixPath(path.replace("\\", "/"))
    name, count = plain.name, 1
    while name.lower() in taken:
        count += 1
        name = f"{plain.stem}-{count}{plain.suffix}"
    taken.add(name.lower())
    return name
