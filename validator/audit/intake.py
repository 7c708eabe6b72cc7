"""SOURCE of an audit → what it holds: a folder, an archive, or a place that is named by a URL. Nothing is read yet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from validator.errors import LoadError, OptionError, explain_os_error
from validator.loaders.archive import Archives
from validator.loaders.endings import ARCHIVES, READABLE, UNREADABLE
from validator.options import Limits
from validator.sources import Source, find_sources, read_source

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_REMOTE_ARCHIVE = "按网址审核时不打开里面的压缩包，请先下载或解压。"


class Found(NamedTuple):
    """A file of the batch. ``path`` is relative to what was named; ``address`` is where it is opened."""

    path: str
    address: Source


def is_url(source: str) -> bool:
    """Tell whether a source is named by a URL (``s3://…``, ``hdfs://…``, ``file://…``)."""
    return _URL.match(source) is not None


def name_source(source: str) -> str:
    """Return a source as it is remembered: a folder by its absolute path, a URL without user and password."""
    if not is_url(source):
        return _as_text(os.path.realpath(source))
    scheme, _, rest = source.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}".split("?")[0]


def list_source(source: str, limits: Limits, leave_out: Path) -> Iterator[Found]:
    """Yield every file of a batch that may be a report, by path; each path once.

    Args:
        source: a folder, a file, an archive or a URL.
        limits: of archives.
        leave_out: a folder whose files are not reports (the results of the audit).

    Raises:
        OptionError: there is no such source, or nothing in it.
    """
    found = _list_url(source, leave_out) if is_url(source) else _list_local(source, limits, leave_out)
    named = [(_as_text(name), address) for name, address in found]
    taken = {path for path, _ in named}
    seen: dict[str, int] = {}
    for path, address in named:
        times = seen[path] = seen.get(path, 0) + 1
        yield Found(path if times == 1 else _number(path, times, taken), address)
    if not seen:
        raise OptionError(f"{name_source(source) if is_url(source) else source} 里没有可以审核的文件。")


def _as_text(name: str) -> str:
    """Return a name as text: on the disk it may be in no encoding at all."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _number(path: str, times: int, taken: set[str]) -> str:
    """Return a path that occurs again (archives allow it) with a number before the ending, as no other path has it."""
    stem, dot, ending = path.rpartition(".")
    while (numbered := f"{stem}#{times}{dot}{ending}" if dot else f"{path}#{times}") in taken:
        times += 1
    taken.add(numbered)
    return numbered


def _list_local(source: str, limits: Limits, leave_out: Path) -> list[tuple[str, Source]]:
    if not Path(source).exists():
        raise OptionError(f"没有 {source} 这个文件或文件夹。")
    inside = os.path.realpath(leave_out) + os.sep
    if Path(source).is_dir() and (os.path.realpath(source) + os.sep).startswith(inside):
        raise OptionError(f"结果不能写到来源所在的文件夹 {leave_out}，请另写一个文件夹，例如 {leave_out / '审核'}。")
    sources, _ = find_sources([source], limits, leave_out=lambda p: os.path.realpath(p).startswith(inside))
    base = Path(source).as_posix().rstrip("/")
    prefix = "" if base in ("", ".") else f"{base}/"
    return sorted(((_below(s.path, prefix), s) for s in sources), key=lambda f: (f[0], f[1].member))


def _below(path: str, prefix: str) -> str:
    """Return a path below what was named; what was named itself keeps its name."""
    return path[len(prefix) :] if prefix and path.startswith(prefix) else PurePosixPath(path).name if prefix else path


def unlock(address: Source, source: str) -> Source:
    """Put user and password of a URL back: they are in the source as it was named, and never in a database."""
    user = _user_of(source)
    return replace(address, file=address.file.replace("://@", f"://{user}@", 1)) if user else address


def _user_of(source: str) -> str:
    """Return user and password in a URL; empty without."""
    return source.partition("://")[2].partition("/")[0].rpartition("@")[0] if is_url(source) else ""


def _list_url(source: str, leave_out: Path) -> Iterator[tuple[str, Source]]:
    inside = os.path.realpath(leave_out) + os.sep
    if source.startswith("file://") and not Path(source.removeprefix("file://")).exists():
        source = unquote(source)  # as programs write such names; fsspec takes them as they are
    lead = "://".join((source.partition("://")[0], source.partition("://")[2].partition("/")[0]))
    user = _user_of(source)
    try:
        files, root = _open_files(source)
        names = sorted(files.find(root))
        has_host = _open_files(f"{lead}{root}")[1] == root  # hdfs://host/path: the path alone would not do
    except OptionError:
        raise
    except Exception as exc:  # each kind of store has errors of its own
        raise OptionError(f"打不开 {name_source(source)}（{_explain(exc)}）。") from exc
    base = root.rstrip("/")
    for name in names:
        path = name[len(base) :].lstrip("/") or PurePosixPath(name).name
        parts = PurePosixPath(path).parts
        ending = PurePosixPath(path).suffix.lower()
        if any(p.startswith((".", "~$")) for p in parts):
            continue
        url = f"{lead}{name}" if has_host else str(files.unstrip_protocol(name))
        if url.startswith("file://") and os.path.realpath(name).startswith(inside):
            continue
        url = url.replace(f"://{user}@", "://@", 1) if user else url
        if ending in ARCHIVES:
            yield path, Source(path, url, error=_REMOTE_ARCHIVE)
        elif ending in READABLE or ending in UNREADABLE:
            yield path, Source(path, url)


def _open_files(source: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise OptionError("按网址审核需要安装 fazhi-validator[dask]。") from None
    try:
        files, root = fsspec.core.url_to_fs(source)
    except (ImportError, ValueError) as exc:
        scheme = source.partition("://")[0]
        raise OptionError(f"打不开 {scheme}:// 开头的网址：没有装读它的程序包，或没有这种网址。") from exc
    return files, str(root)


def fetch(address: Source, archives: Archives) -> bytes:
    """Return the bytes of a file of a batch; of one larger than the limits at least so many that it is seen.

    Raises:
        LoadError: it is not there, or cannot be read.
    """
    if address.error is not None or not is_url(address.file):
        return read_source(address, archives)
    most = archives.limits.file_mib * 1024 * 1024
    try:
        files, path = _open_files(address.file)
        with files.open(path, "rb") as stream:
            data = stream.read(most + 1)
    except FileNotFoundError:
        raise LoadError("文件已经不在了。") from None
    except Exception as exc:
        raise LoadError(f"文件读不出来（{_explain(exc)}）。") from exc
    return bytes(data)


def _explain(error: Exception) -> str:
    return explain_os_error(error) if isinstance(error, OSError) and error.errno else type(error).__name__
