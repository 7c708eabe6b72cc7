""".doc, .wps, .rtf, .odt → RawDocument: converted to .docx by LibreOffice where it is installed, then read as that.

The office program runs without a window, with a folder of its own for its settings, in which macros, links and the
network are shut off. What is read is a private copy.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePath

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.signature import CONTENT_WORDS, ending_of
from validator.loaders.word.docx import load_docx
from validator.options import DEFAULT_LIMITS, Limits

_OLE = b"\xd0\xcf\x11\xe0"
_ACCEPTED: dict[str, tuple[str, ...]] = {
    ".doc": (".doc", ".rtf"),
    ".wps": (".doc", ".rtf"),
    ".rtf": (".rtf",),
    ".odt": (".odt",),
}
"""What may stand behind each name: Word itself writes RTF under .doc."""
_SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 文件后再检查。"
_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": ("int", "3"),
        "DisableMacrosExecution": ("boolean", "true"),
        "DisableActiveContent": ("boolean", "true"),
        "BlockUntrustedRefererLinks": ("boolean", "true"),
        "DisableOLEAutomation": ("boolean", "true"),
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": ("int", "2")},
    "/org.openoffice.Inet/Settings": {
        "ooInetProxyType": ("int", "2"),
        "ooInetHTTPProxyName": ("string", "127.0.0.1"),
        "ooInetHTTPProxyPort": ("int", "9"),
        "ooInetHTTPSProxyName": ("string", "127.0.0.1"),
        "ooInetHTTPSProxyPort": ("int", "9"),
        "ooInetNoProxy": ("string", ""),
    },
    "/org.openoffice.Office.Common/Misc": {"FirstRun": ("boolean", "false")},
}
"""No macros, no active content, no links followed, and a proxy where nobody listens."""


def load_office(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read a file that only an office program can open.

    Args:
        name: the path as the user gave it; its ending says the format.
        data: the whole file.
        limits: of the converted document, and the time for the conversion.

    Raises:
        LoadError: there is no office program, or it cannot convert the file.
    """
    converted = convert_to_docx(name, data, limits)
    return replace(load_docx(name, converted, limits), sha256=sha256(data).hexdigest())


def convert_to_docx(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return a file as .docx.

    Raises:
        LoadError: see ``load_office``.
    """
    named = PurePath(name).suffix.lower()
    ending = named if named in _ACCEPTED else ending_of(data)
    _require_content(ending, data)
    program = find_office()
    if program is None:
        raise LoadError(f"没有找到 LibreOffice，读不了 {ending} 文件，{_SAVE_AS}")
    with tempfile.TemporaryDirectory(prefix="fazhi-") as folder:
        source = Path(folder, f"report{ending}")
        source.write_bytes(data)
        _write_profile(Path(folder, "profile"))
        target = Path(folder, "out", "report.docx")
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target.parent), str(source)),
        ]
        _run(command, limits.seconds)
        if not target.is_file():
            raise LoadError(f"文件打不开，可能已损坏或设了密码，{_SAVE_AS}")
        if target.stat().st_size > limits.file_mib * 1024 * 1024:
            raise LoadError(f"文件转换后超过 {limits.file_mib} 兆字节，不像一份报告。")
        return target.read_bytes()


def find_office() -> str | None:
    """Return the office program that can be run, or ``None``."""
    named = shutil.which("soffice") or shutil.which("libreoffice")
    if named is not None:
        return named
    usual = (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        "C:/Program Files/LibreOffice/program/soffice.com",
        "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    )
    return next((p for p in usual if Path(p).is_file()), None)


def _require_content(ending: str, data: bytes) -> None:
    """Refuse what is empty, cut off, protected, or something else than its name says."""
    if not data.strip(b"\0 \t\r\n"):
        raise LoadError("文件是空的，没有可检查的文字。")
    found = ending_of(data)
    if found not in _ACCEPTED[ending]:
        here = CONTENT_WORDS[found]
        advice = f"请把文件名的结尾改为 {found} 后再检查。" if found != ".txt" else _SAVE_AS
        raise LoadError(f"文件名的结尾是 {ending}，内容却是{here}，{advice}")
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise LoadError("文件设了打开密码，请去掉密码后再检查。")
    if data.startswith(_OLE) and len(data) < 1536:
        raise LoadError(f"文件不完整，{_SAVE_AS}")
    if ending == ".rtf" and not data.rstrip(b"\0 \t\r\n").endswith(b"}"):
        raise LoadError(f"文件不完整，后面一部分丢失了，{_SAVE_AS}")


def _write_profile(folder: Path) -> None:
    """Write the settings of the office program."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse" oor:type="xs:{kind}">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, (kind, value) in settings.items()
    )
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        "utf-8",
    )


def _run(command: list[str], seconds: int) -> None:
    """Run the office program; it is killed with everything it started when it takes too long."""
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    with _all_memory():
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise LoadError(f"打开这个文件用了 {seconds} 秒还没打开，已停止。文件可能已损坏。") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def _all_memory() -> Iterator[None]:
    """Let a program that is started here have the memory that this process denied itself."""
    if sys.platform == "win32":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
