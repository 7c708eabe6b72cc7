"""The trained spaCy pipeline: official wheel → checked files in the user's data folder → loaded by path.

Beside the flow: the command line installs and finds it, ``nlp.pipeline`` loads it. The package index has an unrelated
placeholder of the same name (999.9.9): nothing here installs, imports or loads by name, and no code of the wheel runs.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib.util
import io
import json
import os
import shutil
import stat
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import ValidatorError

if TYPE_CHECKING:
    from spacy.language import Language

NAME = "zh_core_web_sm"
VERSION = "3.8.0"
SHA256 = "7de3bd267176b9b2a8defb6997c1cd296da16c57b5e712f72ea44a51755421c8"
WHEEL = f"{NAME}-{VERSION}-py3-none-any.whl"
URL = f"https://github.com/explosion/spacy-models/releases/download/{NAME}-{VERSION}/{WHEEL}"
MAX_WHEEL_BYTES = 200 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_MEMBERS = 1000

_TIMEOUT_SECONDS = 30
_DATA = f"{NAME}/{NAME}-{VERSION}/"
_DIST_INFO = f"{NAME}-{VERSION}.dist-info"
_ENTRY_POINTS = f"{_DIST_INFO}/entry_points.txt"
_CODE = {".py", ".pyc", ".pyo", ".pyw", ".so", ".pyd", ".dll", ".dylib", ".exe", ".pth"}
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, configparser.Error)
_REINSTALL = "请运行 fazhi model install 重新安装，或加 --model none 不使用模型"
_BY_HAND = f"请在能上网的电脑上打开 {URL} 下载，拷到这台电脑，再运行 fazhi model install 加文件路径"


class ModelError(ValidatorError):
    """The trained pipeline cannot be installed, found or loaded. The message is a plain Chinese sentence."""


class _Defect(Exception):  # noqa: N818
    """What is wrong with a wheel or a folder, in a few Chinese words that go into a sentence."""


@dataclass(frozen=True, slots=True)
class Model:
    """A trained pipeline on disk: ``path`` is the folder that holds ``config.cfg`` and ``meta.json``."""

    name: str
    version: str
    path: Path


def data_home() -> Path:
    """Return the folder for the user's data: ``FAZHI_DATA_DIR``, or the usual place of the system. It may not exist."""
    if chosen := os.environ.get("FAZHI_DATA_DIR"):
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("fazhi")


def install_model(
    wheel: Path | None = None,
    *,
    home: Path | None = None,
    sha256: str = SHA256,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Model:
    """Install the trained pipeline, replacing an older copy; whatever fails leaves the disk as it was.

    Args:
        wheel: the official wheel as a local file; without it the wheel is downloaded from ``URL``.
        home: the data folder, ``data_home()`` if not given.
        sha256: the digest that the wheel must have, in hexadecimal.
        on_progress: is told the bytes downloaded so far and the bytes in all, if known.

    Raises:
        ModelError: no network, a wheel that is not the official one, or a data folder that cannot be written.
    """
    home = home or data_home()
    with _workspace(home) as work:
        if wheel is None:
            wheel = work / WHEEL
            _download(wheel, on_progress)
        staged = work / "new"
        try:
            _unpack(wheel, sha256, staged)
            _examine(staged, is_official=True)
        except _Defect as exc:
            raise ModelError(f"{wheel.name} 不能安装：{exc}，请从 {URL} 下载官方文件。") from exc
        _replace(home / NAME, staged, work / "old")
    return Model(NAME, VERSION, home / NAME)


def find_model(choice: str = "auto", *, home: Path | None = None) -> Model | None:
    """Return the trained pipeline that was asked for, without importing spaCy.

    Args:
        choice: ``auto`` for the installed one if any, ``none`` for none, else the path of a folder.
        home: the data folder, ``data_home()`` if not given.

    Raises:
        ModelError: the installed files are damaged, the folder is no Chinese pipeline, or its segmenter is missing.
    """
    is_auto = choice == "auto"
    folder = (home or data_home()) / NAME if is_auto else Path(choice)
    if choice == "none" or (is_auto and not os.path.lexists(folder)):
        return None
    try:
        return _examine(folder, is_official=is_auto)
    except _Defect as exc:
        if is_auto:
            raise ModelError(f"已安装的模型损坏（{exc}），{_REINSTALL}。") from exc
        raise ModelError(f"“{choice}”不是中文 spaCy 模型的文件夹（{exc}），请改正路径或用 --model none。") from exc


def remove_model(*, home: Path | None = None) -> bool:
    """Remove the installed pipeline and tell whether there was one; a ``ModelError`` if its files cannot be removed."""
    home = home or data_home()
    if not os.path.lexists(home / NAME):
        return False
    with _workspace(home) as work:
        (home / NAME).rename(work / "old")
    return True


def load_model(model: Model) -> Language:
    """Load a pipeline by its path.

    Raises:
        ModelError: the files are damaged, or made for another version of spaCy, or the segmenter is not installed.
    """
    try:
        _examine(model.path, is_official=False)
        import spacy

        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=r"\[W095\]")  # spaCy only warns of a model of another version
            return spacy.load(model.path)
    except ModelError:
        raise
    except Exception as exc:  # damaged files raise whatever the component that reads them raises
        raise ModelError(f"模型 {model.name} 损坏，或与已安装的 spaCy 版本不合，{_REINSTALL}。") from exc


@contextmanager
def _workspace(home: Path) -> Iterator[Path]:
    """Yield a temporary folder inside ``home``; it always goes, and so does a new ``home`` when the work fails."""
    missing = [folder for folder in (home, *home.parents) if not os.path.lexists(folder)]
    try:
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".model-", dir=home))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except BaseException as exc:
        for folder in missing:
            with suppress(OSError):  # not empty: somebody else uses it by now
                folder.rmdir()
        if isinstance(exc, OSError):
            raise ModelError(f"无法读写数据目录 {home}，请检查权限和磁盘空间，并关闭正在运行的 fazhi。") from exc
        raise


def _download(target: Path, on_progress: Callable[[int, int | None], None] | None) -> None:
    done = 0
    with target.open("wb") as file:
        for chunk, total in _receive():
            file.write(chunk)
            done += len(chunk)
            if max(done, total or 0) > MAX_WHEEL_BYTES:
                raise ModelError(f"下载的文件过大，不像官方的模型；{_BY_HAND}。")
            if on_progress:
                on_progress(done, total)


def _receive() -> Iterator[tuple[bytes, int | None]]:
    """Yield the chunks of the wheel, each with the bytes in all if known."""
    import http.client
    import urllib.request

    try:
        with urllib.request.urlopen(URL, timeout=_TIMEOUT_SECONDS) as response:
            if not response.geturl().startswith("https://"):
                raise ModelError(f"下载被转到了不加密的地址，已停止；{_BY_HAND}。")
            length = response.headers.get("Content-Length") or ""
            while chunk := response.read(1 << 16):
                yield chunk, int(length) if length.isdecimal() else None
    except (OSError, http.client.HTTPException) as exc:
        raise ModelError(f"无法下载模型（网络不通或被拦截）；{_BY_HAND}。") from exc


def _open_wheel(wheel: Path) -> io.BufferedReader:
    try:
        return wheel.open("rb")
    except OSError as exc:
        raise ModelError(f"找不到或无法打开文件 {wheel}，请检查路径和权限。") from exc


def _unpack(wheel: Path, sha256: str, folder: Path) -> None:
    """Write the data files of a wheel into a new folder, when the whole wheel is what it should be."""
    with _open_wheel(wheel) as file:
        if wheel.name != WHEEL:
            raise _Defect(f"文件名应为 {WHEEL}")
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256.lower():
            raise _Defect("sha256 校验值不对，文件不完整或不是官方文件")
        try:
            with zipfile.ZipFile(file) as archive:
                _check_members(archive)
                for info in archive.infolist():
                    if info.filename.startswith(_DATA) and not info.is_dir():
                        target = folder / info.filename.removeprefix(_DATA)
                        target.parent.mkdir(parents=True, exist_ok=True)
                        with archive.open(info) as source, target.open("xb") as sink:
                            shutil.copyfileobj(source, sink)
        except _BROKEN_ZIP as exc:
            raise _Defect("不是完整的 zip 文件") from exc


def _check_members(archive: zipfile.ZipFile) -> None:
    """Refuse a wheel that has more in it than the data of a pipeline and its one module."""
    members = archive.infolist()
    names = {info.filename.casefold() for info in members}
    if sum(info.file_size for info in members) > MAX_UNPACKED_BYTES or not len(names) == len(members) <= MAX_MEMBERS:
        raise _Defect("展开后过大，或者文件过多、重名")
    for info in members:
        if not _is_expected(info):
            raise _Defect(f"里面有不该有的内容 {info.filename!r}")
        if info.filename == _ENTRY_POINTS and _parse(archive.read(info)).sections() not in ([], ["spacy_models"]):
            raise _Defect("里面登记了命令或插件")


def _is_expected(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a plain file or folder in its place, and no code but the module that every model has."""
    parts = info.filename.removesuffix("/").split("/")
    if parts[0] not in (NAME, _DIST_INFO) or any(p in ("", ".", "..") or "\\" in p or ":" in p for p in parts):
        return False
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return False
    is_code = any(ending in _CODE for ending in map(str.lower, Path(parts[-1]).suffixes))
    return not is_code or info.filename == f"{NAME}/__init__.py"


def _replace(target: Path, new: Path, old: Path) -> None:
    """Rename the new folder into place; an older copy goes to ``old``, and back when that fails."""
    if is_there := os.path.lexists(target):
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if is_there:
            old.rename(target)
        raise


def _examine(folder: Path, *, is_official: bool) -> Model:
    """Return the pipeline in a folder; a ``_Defect`` says why it is none."""
    try:
        for file in ("meta.json", "config.cfg"):
            if not (folder / file).is_file():
                raise _Defect(f"缺少 {file}")
        meta = json.loads((folder / "meta.json").read_bytes())
        lang, name, version = (str(meta[key]) for key in ("lang", "name", "version"))
        config = _parse((folder / "config.cfg").read_bytes())
    except (OSError, ValueError, LookupError, TypeError, RecursionError, configparser.Error) as exc:
        raise _Defect("meta.json 或 config.cfg 无法读取") from exc
    if lang != "zh":
        raise _Defect(f"语言是 {lang}，不是 zh")
    model = Model(f"{lang}_{name}", version, folder)
    if is_official and (model.name, model.version) != (NAME, VERSION):
        raise _Defect(f"meta.json 写的是 {model.name} {model.version}，应为 {NAME} {VERSION}")
    segmenter = config.get("nlp.tokenizer", "segmenter", fallback="char").strip("\"'")
    if segmenter == "pkuseg" and importlib.util.find_spec("spacy_pkuseg") is None:
        raise ModelError('这个模型要用 spacy-pkuseg 分词，请先运行 pip install "fazhi-validator[model]" 再试。')
    return model


def _parse(data: bytes) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(data.decode())
    return parser
