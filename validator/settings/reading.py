"""Small files of a repository, which may be hostile: only regular ones are read, and they are written whole or not."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from validator.errors import OptionError, explain_os_error

MOST_BYTES = 1024 * 1024


def plain_absolute(path: Path) -> Path:
    """Return an absolute path without ``..``; links are not followed, so that a path stays what the user wrote."""
    return Path(os.path.normpath(path.absolute()))


def read_small(path: Path, what: str, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file.
        what: what it is called in errors, with its path.
        most: how many bytes it may have.

    Raises:
        OptionError: it is not there, no regular file, too large, or cannot be read.
    """
    try:
        if not path.is_file():
            reason = "不是普通文件" if path.exists() or path.is_symlink() else "没有这个文件"
            raise OptionError(f"{what}读不出来（{reason}）。")
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as exc:
        raise OptionError(f"{what}读不出来（{explain_os_error(exc)}）。") from exc
    except ValueError:
        raise OptionError(f"{what}读不出来（路径里有不能用的字符）。") from None
    if len(data) > most:
        raise OptionError(f"{what}太大，超过 {most // 1024} 千字节。")
    return data


def write_whole(path: Path, text: str, what: str) -> None:
    """Write a text file beside its place and rename it: whatever fails, the old one stays as it was.

    Raises:
        OptionError: it cannot be written.
    """
    try:
        data = text.encode("utf-8")
    except ValueError:
        raise OptionError(f"{what}写不进去（有文件名不是 UTF-8）。") from None
    write_whole_bytes(path, data, what)


def write_whole_bytes(path: Path, data: bytes, what: str) -> None:
    """Write a file beside its place and rename it: whatever fails, the old one stays as it was.

    Raises:
        OptionError: it cannot be written.
    """
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        handle, name = mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as exc:
        raise OptionError(f"{what}写不进去（{explain_os_error(exc)}）。") from exc
    except ValueError:
        raise OptionError(f"{what}写不进去（路径里有不能用的字符）。") from None
