"""One member of a zip → its bytes, within limits and whatever the zip says of itself. Used for .docx and .ofd."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import NamedTuple

from validator.errors import LoadError

_CHUNK = 1 << 16
_MIB = 1024 * 1024
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    IndexError,
    OverflowError,
)
"""What ``zipfile`` raises for files that were cut off, changed or made up."""


class Sentences(NamedTuple):
    """What is said of a member with a password, a damaged one, and one that is too large."""

    locked: str
    damaged: str
    too_large: str


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, ratio: int, left: int, say: Sentences) -> bytes:
    """Return the bytes of a member.

    Args:
        archive: the open zip.
        info: which member.
        ratio: unpacked to packed, of a member over a mebibyte.
        left: how many bytes may still be unpacked.
        say: what is said when it cannot be read.

    Raises:
        LoadError: it has a password, is damaged, is packed too tightly, or larger than what is left.
    """
    if info.flag_bits & 1:
        raise LoadError(say.locked)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise LoadError(say.damaged)
    if info.file_size > _MIB and info.file_size > info.compress_size * ratio:
        raise LoadError("文件展开后大得不正常，不像一份报告，没有读。")
    chunks: list[bytes] = []
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise LoadError(say.too_large)
                chunks.append(chunk)
    except BROKEN_ZIP as exc:
        raise LoadError(say.damaged) from exc
    return b"".join(chunks)
