"""A .zip as a folder: its members in order, with the names people gave them, read within limits.

Names are only shown; they never become paths. A member is known by its number in the archive, since names may repeat.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType

from validator.errors import LoadError
from validator.loaders.endings import ARCHIVES, READABLE, UNREADABLE
from validator.options import Limits

_UNICODE_PATH = 0x7075
_CHUNK = 1 << 20
_BROKEN = "压缩包打不开，可能已损坏或不完整。"
_LOCKED = "压缩包设了密码，请去掉密码后再检查。"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. ``path`` are the numbers of the members that lead to it, from the outermost archive in.

    ``error`` says why an archive inside could not be opened; then there is nothing to read.
    """

    name: str
    path: tuple[int, ...] = ()
    error: str | None = None


def list_members(file: str, limits: Limits) -> tuple[Member, ...]:
    """Return the reports in an archive, also those in archives inside it, by name.

    Raises:
        LoadError: the archive cannot be opened, or is larger than the limits.
    """
    allowance = _Allowance(limits)
    with _open(file) as archive:
        if {"word/document.xml", "OFD.xml"} & set(archive.namelist()):
            raise LoadError("文件名的结尾是 .zip，内容却是 Word（.docx）或 OFD 文件，请改回原来的结尾再检查。")
        found = _list(archive, allowance, 1)
    return tuple(sorted(found, key=lambda m: (m.name, m.path)))


class Archives:
    """Archives kept open while their members are read; leaving the ``with`` statement closes them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: list[tuple[tuple[str, tuple[int, ...]], zipfile.ZipFile]] = []

    def __enter__(self) -> Archives:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open."""
        self._keep(0)

    def read(self, file: str, path: tuple[int, ...]) -> bytes:
        """Return the bytes of one member.

        Raises:
            LoadError: it is damaged, protected, or larger than the limits.
        """
        most = self.limits.file_mib
        archive = self._at(file, path[:-1])
        return _read(archive, archive.infolist()[path[-1]], self.limits, most)

    def _at(self, file: str, path: tuple[int, ...]) -> zipfile.ZipFile:
        """Return the archive that a path leads to; those on the way that are open already are used again."""
        for level in range(len(path) + 1):
            key = (file, path[:level])
            if level < len(self._open) and self._open[level][0] == key:
                continue
            self._keep(level)
            if level == 0:
                archive = _open(file)
            else:
                outer = self._open[level - 1][1]
                info = outer.infolist()[path[level - 1]]
                archive = _open(io.BytesIO(_read(outer, info, self.limits, self.limits.expanded_mib)))
            self._open.append((key, archive))
        self._keep(len(path) + 1)
        return self._open[-1][1]

    def _keep(self, levels: int) -> None:
        while len(self._open) > levels:
            self._open.pop()[1].close()


class _Allowance:
    """What is left of the limits while archives in archives are listed."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.members = limits.members
        self.size = limits.archive_mib * 1024 * 1024

    def take(self, archive: zipfile.ZipFile) -> None:
        infos = archive.infolist()
        self.members -= len(infos)
        self.size -= sum(i.file_size for i in infos)
        if self.members < 0:
            raise LoadError(f"压缩包里的文件超过 {self.limits.members} 个，请分开检查。")
        if self.size < 0:
            raise LoadError(f"压缩包解开后超过 {self.limits.archive_mib} 兆字节，请分开检查。")


def _list(archive: zipfile.ZipFile, allowance: _Allowance, level: int) -> list[Member]:
    allowance.take(archive)
    found: list[Member] = []
    for index, info in enumerate(archive.infolist()):
        name = _shown_name(info)
        parts = PurePosixPath(name).parts
        ending = PurePosixPath(name).suffix.lower()
        if info.is_dir() or any(p.startswith((".", "~$", "__MACOSX")) for p in parts):
            continue
        if ending in ARCHIVES:
            found += _list_inside(archive, info, name, index, allowance, level)
        elif ending in READABLE or ending in UNREADABLE:
            found.append(Member(name, (index,)))
    return found


def _list_inside(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, index: int, allowance: _Allowance, level: int
) -> list[Member]:
    """List an archive inside an archive; what is wrong with it is said in its place."""
    if level >= allowance.limits.nesting:
        return [Member(name, (), f"压缩包里的压缩包超过 {allowance.limits.nesting} 层，请解压后再检查。")]
    try:
        with _open(io.BytesIO(_read(archive, info, allowance.limits, allowance.limits.expanded_mib))) as inner:
            members = _list(inner, allowance, level + 1)
    except LoadError as exc:
        return [Member(name, (), str(exc))]
    return [Member(f"{name}/{m.name}", (index, *m.path) if m.path else (), m.error) for m in members]


def _open(file: str | io.BytesIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as exc:
        raise LoadError(_BROKEN) from exc


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, mebibytes: int) -> bytes:
    """Unpack one member, never more than the limits allow, whatever the archive says of its size."""
    if info.flag_bits & 0x1:
        raise LoadError(_LOCKED)
    most = mebibytes * 1024 * 1024
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise LoadError(f"压缩包里的这个文件超过 {mebibytes} 兆字节，没有打开。")
                if size > _CHUNK and size > limits.ratio * max(info.compress_size, 1):
                    raise LoadError("文件压缩得太厉害，像是恶意文件，没有打开。")
                parts.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError) as exc:
        raise LoadError("压缩包里的这个文件已损坏，读不出来。") from exc
    except (NotImplementedError, RuntimeError) as exc:
        raise LoadError("压缩包用了不支持的压缩方式，请解压后再检查。") from exc
    return b"".join(parts)


def _shown_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member as its writer meant it: UTF-8 where marked, else UTF-8 or GB 18030 by its bytes."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = info.orig_filename.encode("cp437", "replace").split(b"\0")[0]
        name = _unicode_path(info.extra) or _decode_name(raw) or name
    plain = name.replace("\\", "/")
    parts = [p for p in plain.split("/") if p not in ("", ".", "..")]
    return "/".join("".join(c if c.isprintable() else "?" for c in p) for p in parts)


def _decode_name(raw: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _unicode_path(extra: bytes) -> str | None:
    """Return the name from the Info-ZIP Unicode Path field, if there is one."""
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == _UNICODE_PATH and size > 5:
            try:
                return extra[at + 9 : at + 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None
