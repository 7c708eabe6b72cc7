"""The trained pipeline: a toy stands in for the official wheel, which the machines that run these tests cannot fetch."""

from __future__ import annotations

import http.client
import importlib.util
import io
import json
import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
import warnings
import zipfile
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from tests.toy import DATA, DIST_INFO, TEXT, Members, digest, pack
from validator.nlp import model as module
from validator.nlp.model import (
    NAME,
    SHA256,
    URL,
    VERSION,
    WHEEL,
    Model,
    ModelError,
    data_home,
    find_model,
    install_model,
    load_model,
    remove_model,
)


def listing(folder: Path) -> dict[str, bytes | None]:
    paths = (path for path in folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in paths}


def is_plain(error: ModelError) -> bool:
    """Tell whether a message is one Chinese sentence."""
    text = str(error)
    return text.endswith("。") and text.count("。") == 1 and "\n" not in text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "data" / "fazhi"


@pytest.fixture(params=["new", "replacing"])
def refused(request: pytest.FixtureRequest, home: Path, wheel: Path) -> Callable[..., str]:
    """Return a function that installs, expects a refusal, and sees that the disk is as it was: empty or with a model."""
    if request.param == "replacing":
        install_model(wheel, home=home, sha256=digest(wheel))
        (home / NAME / "older.txt").write_text("older")
    top = home.parent.parent

    def install(path: Path | None, sha256: str | None = None) -> str:
        if sha256 is None:
            sha256 = digest(path) if path and path.is_file() else SHA256
        before = listing(top)
        with pytest.raises(ModelError) as caught:
            install_model(path, home=home, sha256=sha256)
        assert listing(top) == before
        assert is_plain(caught.value)
        return str(caught.value)

    return install


def test_install_find_load_remove(home: Path, wheel: Path) -> None:
    assert find_model(home=home) is None
    installed = install_model(wheel, home=home, sha256=digest(wheel).upper())
    assert installed == Model(NAME, VERSION, home / NAME) == find_model("auto", home=home)
    nlp = load_model(installed)
    assert nlp.pipe_names == ["tagger", "parser", "ner"]
    doc = nlp(TEXT)
    assert [word.text for word in doc] == list(TEXT)
    assert all(doc.has_annotation(name) for name in ("TAG", "DEP", "ENT_IOB"))
    assert find_model("none", home=home) is None
    assert remove_model(home=home)
    assert find_model("auto", home=home) is None
    assert not remove_model(home=home)
    assert listing(home) == {}


def test_only_the_data_files_are_unpacked(home: Path, wheel: Path, members: Members) -> None:
    install_model(wheel, home=home, sha256=digest(wheel))
    data = {f"{NAME}/{name.removeprefix(DATA)}": data for name, data in members.items() if name.startswith(DATA)}
    assert {name: data for name, data in listing(home).items() if data is not None} == data
    assert NAME not in sys.modules


def test_finding_does_not_import_spacy(home: Path, wheel: Path) -> None:
    install_model(wheel, home=home, sha256=digest(wheel))
    code = "import sys; from validator.nlp.model import find_model; print(find_model().version, 'spacy' in sys.modules)"
    environment = {**os.environ, "FAZHI_DATA_DIR": str(home)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [VERSION, "False"]


def test_a_new_copy_replaces_an_older_one(home: Path, wheel: Path) -> None:
    install_model(wheel, home=home, sha256=digest(wheel))
    before = listing(home)
    (home / NAME / "older.txt").write_text("older")
    (home / NAME / "ner" / "model").unlink()
    (home / "other.txt").write_text("not ours")
    assert install_model(wheel, home=home, sha256=digest(wheel)) == find_model(home=home)
    assert listing(home) == {**before, "other.txt": b"not ours"}


def test_wrong_hash(refused: Callable[..., str], wheel: Path) -> None:
    assert "sha256" in refused(wheel, SHA256)


def test_no_file(refused: Callable[..., str], wheel: Path) -> None:
    assert "找不到" in refused(wheel.with_name("没有.whl"))
    assert "找不到" in refused(wheel.parent)


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}-999.9.9-py3-none-any.whl",
        "zh_core_web_md-3.8.0-py3-none-any.whl",
        f"{NAME}-3.7.0-py3-none-any.whl",
        f"{NAME}-3.8.0-py3-none-any (1).whl",
        f"{NAME}-3.8.0.tar.gz",
        f"{NAME}-3.8.0.zip",
    ],
)
def test_another_file_name(refused: Callable[..., str], tmp_path: Path, members: Members, name: str) -> None:
    message = refused(pack(tmp_path / "other", members, name))
    assert WHEEL in message
    assert name in message


def test_placeholder_under_the_right_file_name(refused: Callable[..., str], tmp_path: Path) -> None:
    files = {f"{NAME}/__init__.py": b"", f"{NAME}-999.9.9.dist-info/METADATA": b"Name: zh-core-web-sm\n"}
    assert "999.9.9" in refused(pack(tmp_path / "other", files))
    assert "meta.json" in refused(pack(tmp_path / "other", {f"{NAME}/__init__.py": b""}))


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}/extra.py",
        f"{DATA}__init__.py",
        f"{DATA}component.PY",
        f"{DATA}__pycache__/a.cpython-311.pyc",
        f"{DATA}ner/a.so",
        f"{DATA}ner/a.so.1",
        f"{DATA}ner/a.pyd",
        f"{DATA}ner/a.dll",
        f"{DATA}ner/a.exe",
        f"{NAME}/a.pth",
        f"{DIST_INFO}setup.py",
        "setup.py",
        "evil.pth",
        f"{NAME}-{VERSION}.data/scripts/evil",
        f"{NAME}-{VERSION}.data/purelib/evil.txt",
        "zh_core_web_md/meta.json",
        "../evil.txt",
        f"{DATA}../../evil.txt",
        f"{DATA}./meta.txt",
        f"{DATA}/meta.txt",
        f"/{DATA}evil.txt",
        f"{DATA}..\\..\\evil.txt",
        f"{DATA}C:evil.txt",
        "C:/evil.txt",
    ],
)
def test_unexpected_member(refused: Callable[..., str], tmp_path: Path, members: Members, name: str) -> None:
    assert "不该有" in refused(pack(tmp_path / "other", {**members, name: b"x"}))


def test_symbolic_link(refused: Callable[..., str], tmp_path: Path, members: Members) -> None:
    wheel = pack(tmp_path / "other", members)
    link = zipfile.ZipInfo(f"{DATA}link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "不该有" in refused(wheel)


def test_members_of_one_name(refused: Callable[..., str], tmp_path: Path, members: Members) -> None:
    assert "重名" in refused(pack(tmp_path / "other", {**members, f"{DATA}META.json": b"{}"}))


@pytest.mark.parametrize("limit", ["MAX_MEMBERS", "MAX_UNPACKED_BYTES"])
def test_limits(refused: Callable[..., str], wheel: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(module, limit, 10)
    assert "过大" in refused(wheel)


@pytest.mark.parametrize("group", ["console_scripts", "gui_scripts", "spacy_factories"])
def test_entry_points(refused: Callable[..., str], tmp_path: Path, members: Members, group: str) -> None:
    name = f"{DIST_INFO}entry_points.txt"
    files = {**members, name: members[name] + f"[{group}]\nevil = {NAME}:load\n".encode()}
    assert "登记" in refused(pack(tmp_path / "other", files))


@pytest.mark.parametrize("size", [0, 1, 1000, -100])
def test_broken_zip(refused: Callable[..., str], wheel: Path, size: int) -> None:
    wheel.write_bytes(wheel.read_bytes()[:size])
    assert "zip" in refused(wheel)


def test_broken_data(refused: Callable[..., str], tmp_path: Path, members: Members) -> None:
    wheel = pack(tmp_path / "other", {**members, f"{DATA}last": bytes(1000)})
    with zipfile.ZipFile(wheel) as archive:
        offset = archive.getinfo(f"{DATA}last").header_offset + 30 + len(f"{DATA}last")
    data = bytearray(wheel.read_bytes())
    data[offset] ^= 0xFF
    wheel.write_bytes(data)
    assert "zip" in refused(wheel)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lang": "en"}, "en"),
        ({"name": "core_web_md"}, "core_web_md"),
        ({"version": "999.9.9"}, "999.9.9"),
    ],
)
def test_wrong_meta(
    refused: Callable[..., str], tmp_path: Path, members: Members, changes: dict[str, str], words: str
) -> None:
    meta = {**json.loads(members[f"{DATA}meta.json"]), **changes}
    files = {**members, f"{DATA}meta.json": json.dumps(meta).encode()}
    assert words in refused(pack(tmp_path / "other", files))


@pytest.mark.parametrize("name", ["meta.json", "config.cfg"])
def test_missing_file(refused: Callable[..., str], tmp_path: Path, members: Members, name: str) -> None:
    files = {member: data for member, data in members.items() if member != DATA + name}
    assert name in refused(pack(tmp_path / "other", files))


@pytest.mark.parametrize("data", [b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"key without section = 1"])
@pytest.mark.parametrize("name", ["meta.json", "config.cfg"])
def test_unreadable_file(home: Path, tmp_path: Path, members: Members, name: str, data: bytes) -> None:
    wheel = pack(tmp_path / "other", {**members, DATA + name: data})
    with pytest.raises(ModelError, match="无法读取"):
        install_model(wheel, home=home, sha256=digest(wheel))


def _with_pkuseg(members: Members) -> Members:
    name = f"{DATA}config.cfg"
    return {**members, name: members[name].replace(b'segmenter = "char"', b'segmenter = "pkuseg"')}


def _hide_pkuseg(monkeypatch: pytest.MonkeyPatch, hidden: bool = True) -> None:
    find_spec = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> Any:
        return (None if hidden else object()) if name == "spacy_pkuseg" else find_spec(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


def test_missing_pkuseg(
    refused: Callable[..., str], tmp_path: Path, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _with_pkuseg(members) != members
    wheel = pack(tmp_path / "other", _with_pkuseg(members))
    _hide_pkuseg(monkeypatch)
    assert 'pip install "fazhi-validator[model]"' in refused(wheel)


def test_pkuseg_is_missing_later(home: Path, tmp_path: Path, members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = pack(tmp_path / "other", _with_pkuseg(members))
    with monkeypatch.context() as patch:
        _hide_pkuseg(patch, hidden=False)
        model = install_model(wheel, home=home, sha256=digest(wheel))
    _hide_pkuseg(monkeypatch)
    for use in (lambda: find_model(home=home), lambda: load_model(model)):
        with pytest.raises(ModelError, match="pkuseg") as caught:
            use()
        assert is_plain(caught.value)


@pytest.mark.parametrize(("method", "name"), [("mkdir", "ner"), ("open", "moves"), ("rename", "new"), ("rename", NAME)])
def test_disk_failure(home: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch, method: str, name: str) -> None:
    sha256 = digest(wheel)
    install_model(wheel, home=home, sha256=sha256)
    (home / NAME / "older.txt").write_text("older")
    before = listing(home)
    works = getattr(Path, method)

    def fail(path: Path, *args: Any, **keywords: Any) -> Any:
        if path.name == name:
            raise OSError(28, "No space left on device")
        return works(path, *args, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(Path, method, fail)
        with pytest.raises(ModelError, match="数据目录") as caught:
            install_model(wheel, home=home, sha256=sha256)
        assert is_plain(caught.value)
        if name == NAME:
            with pytest.raises(ModelError, match="数据目录"):
                remove_model(home=home)
    assert listing(home) == before


def test_home_is_a_file(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("x")
    for path in (home, home / "below"):
        with pytest.raises(ModelError, match="数据目录") as caught:
            install_model(wheel, home=path, sha256=digest(wheel))
        assert is_plain(caught.value)
    assert home.read_text() == "x"


class Response(io.BytesIO):
    """What ``urlopen`` returns, as far as it is used."""

    def __init__(self, data: bytes, url: str = URL, length: int | None = None) -> None:
        super().__init__(data)
        self.url = url
        self.headers = Message()
        if length is not None:
            self.headers["Content-Length"] = str(length)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def geturl(self) -> str:
        return self.url


def _serve(monkeypatch: pytest.MonkeyPatch, response: Response | Exception) -> list[tuple[str, float]]:
    asked: list[tuple[str, float]] = []

    def urlopen(url: str, timeout: float) -> Response:
        asked.append((url, timeout))
        if isinstance(response, Exception):
            raise response
        return response

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return asked


@pytest.mark.parametrize("is_known", [True, False])
def test_download(home: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    data = wheel.read_bytes()
    total = len(data) if is_known else None
    asked = _serve(monkeypatch, Response(data, length=total))
    seen: list[tuple[int, int | None]] = []
    model = install_model(home=home, sha256=digest(wheel), on_progress=lambda done, total: seen.append((done, total)))
    assert model == find_model(home=home)
    assert [path.name for path in home.iterdir()] == [NAME]
    assert asked == [(URL, asked[0][1])]
    assert asked[0][1] > 0
    assert URL.startswith("https://")
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == (len(data), total)


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("unreachable"),
        urllib.error.HTTPError(URL, 404, "Not Found", Message(), None),
        TimeoutError(),
        http.client.IncompleteRead(b""),
        ConnectionResetError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_network_failure(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    _serve(monkeypatch, error)
    message = refused(None)
    assert "无法下载" in message
    assert URL in message
    assert "fazhi model install" in message


def test_interrupted_download(refused: Callable[..., str], wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = wheel.read_bytes()
    _serve(monkeypatch, Response(data[:1000], length=len(data)))
    assert "不完整" in refused(None)


def test_redirect_to_an_unsafe_address(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    _serve(monkeypatch, Response(b"x", url="http://example.org/x.whl"))
    assert "不加密" in refused(None)


@pytest.mark.parametrize("length", [None, 20])
def test_too_large_a_download(refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, length: int | None) -> None:
    monkeypatch.setattr(module, "MAX_WHEEL_BYTES", 10)
    _serve(monkeypatch, Response(bytes(11 if length is None else 5), length=length))
    assert "过大" in refused(None)


def test_a_stopped_download_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _serve(monkeypatch, Response(b"x"))

    def stop(*_: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install_model(home=home, on_progress=stop)
    assert not home.parent.exists()


def test_choice_of_a_folder(home: Path, wheel: Path, tmp_path: Path) -> None:
    install_model(wheel, home=tmp_path / "elsewhere", sha256=digest(wheel))
    folder = tmp_path / "elsewhere" / NAME
    assert find_model(str(folder), home=home) == Model(NAME, VERSION, folder)
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    (folder / "meta.json").write_text(json.dumps({**meta, "name": "own", "version": "0.1"}), "utf-8")
    own = find_model(str(folder), home=home)
    assert own == Model("zh_own", "0.1", folder)
    assert own is not None
    assert load_model(own).pipe_names == ["tagger", "parser", "ner"]


@pytest.mark.parametrize("choice", [NAME, "没有这个文件夹", "", "\0", "x" * 5000])
def test_choice_of_no_model(home: Path, choice: str) -> None:
    with pytest.raises(ModelError, match="文件夹") as caught:
        find_model(choice, home=home)
    assert is_plain(caught.value)


def test_choice_of_another_language(home: Path, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text('{"lang": "en", "name": "x", "version": "1"}', "utf-8")
    (tmp_path / "config.cfg").write_text("[nlp]\n", "utf-8")
    with pytest.raises(ModelError, match="en"):
        find_model(str(tmp_path), home=home)


@pytest.mark.parametrize("name", ["meta.json", "config.cfg", ""])
def test_damaged_installation(home: Path, wheel: Path, name: str) -> None:
    install_model(wheel, home=home, sha256=digest(wheel))
    if name:
        (home / NAME / name).unlink()
    else:
        (home / NAME / "meta.json").write_text('{"lang": "zh", "name": "core_web_sm", "version": "3.7.0"}', "utf-8")
    with pytest.raises(ModelError, match="--model none") as caught:
        find_model("auto", home=home)
    assert "fazhi model install" in str(caught.value)
    assert is_plain(caught.value)
    assert find_model("none", home=home) is None
    assert install_model(wheel, home=home, sha256=digest(wheel)) == find_model("auto", home=home)


@pytest.mark.parametrize("name", ["ner/model", "tagger/cfg", "config.cfg", "vocab/strings.json"])
def test_damaged_data_is_seen_at_loading(home: Path, wheel: Path, name: str) -> None:
    model = install_model(wheel, home=home, sha256=digest(wheel))
    (home / NAME / name).write_bytes(b"")
    with pytest.raises(ModelError, match="损坏") as caught:
        load_model(model)
    assert is_plain(caught.value)


def test_a_model_that_is_gone(home: Path) -> None:
    with pytest.raises(ModelError, match="损坏"):
        load_model(Model(NAME, VERSION, home / NAME))


def test_a_model_for_another_spacy(home: Path, tmp_path: Path, members: Members) -> None:
    meta = {**json.loads(members[f"{DATA}meta.json"]), "spacy_version": ">=3.1.0,<3.2.0"}
    wheel = pack(tmp_path / "other", {**members, f"{DATA}meta.json": json.dumps(meta).encode()})
    model = install_model(wheel, home=home, sha256=digest(wheel))
    before = list(warnings.filters)
    with pytest.raises(ModelError, match="版本不合"):
        load_model(model)
    assert list(warnings.filters) == before


def test_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAZHI_DATA_DIR", str(tmp_path))
    assert data_home() == tmp_path
    assert find_model() is None
    monkeypatch.setenv("FAZHI_DATA_DIR", "")
    assert data_home().is_absolute()
    assert data_home().name == "fazhi"
