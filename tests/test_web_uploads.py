"""Uploads: forms read piece by piece, names made safe, private files that do not stay."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request

from tests.web_client import BOUNDARY, FORM_TYPE, build_form, pieces
from validator.web.multipart import FormError
from validator.web.private import PrivateFolder
from validator.web.uploads import Form, Uploads, show_name


def request_of(body: bytes, size: int = 7, kind: str = FORM_TYPE) -> Request:
    stream = pieces(body, size)

    async def receive() -> dict[str, Any]:
        try:
            return {"type": "http.request", "body": await anext(stream), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.request", "body": b"", "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(1, most_files=3, parent=tmp_path)


def take(uploads: Uploads, body: bytes, size: int = 7, kind: str = FORM_TYPE) -> Form:
    return asyncio.run(uploads.receive_form(request_of(body, size, kind)))


@settings(deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=60), st.integers(1, 90))
def test_any_file_comes_through_in_any_pieces(
    tmp_path_factory: pytest.TempPathFactory, a: bytes, b: bytes, size: int
) -> None:
    uploads = Uploads(1, parent=tmp_path_factory.getbasetemp())
    try:
        form = take(uploads, build_form([("甲.docx", a), ("乙", b)], {"year": "2023"}), size)
        assert form.fields == {"year": "2023"}
        for file, name, data in zip(form.files, ("甲.docx", "乙"), (a, b), strict=True):
            assert (file.name, file.size) == (name, len(data))
            assert file.path.read_bytes() == data
    finally:
        uploads.close()
    assert not uploads.folder.exists()


def test_private_files_have_names_of_ours_and_are_nobody_elses(uploads: Uploads) -> None:
    form = take(uploads, build_form([("../../etc/报告.docx", b"x"), ("a.sh", b"y")]))
    assert [f.name for f in form.files] == ["报告.docx", "a.sh"]
    assert [f.path.suffix for f in form.files] == [".docx", ""]
    for file in form.files:
        assert file.path.parent == uploads.folder
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(uploads.folder.stat().st_mode) == 0o700
    for file in form.files:
        uploads.discard(file)
        uploads.discard(file)
    assert [p.name for p in uploads.folder.iterdir()] == ["lock"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("报告.docx", "报告.docx"),
        ("C:\\文件\\报告.docx", "报告.docx"),
        ("../../../etc/passwd", "passwd"),
        ("a\x00b\r\n.txt", "a b .txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("..", "未命名"),
        ("/", "未命名"),
        ("", "未命名"),
    ],
)
def test_names_are_made_safe(name: str, shown: str) -> None:
    assert show_name(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = show_name("长" * 500 + ".docx")
    assert len(shown) == 120
    assert shown.endswith("….docx")


def test_older_programs_send_names_in_gb_18030(uploads: Uploads) -> None:
    body = build_form([("X", b"x")]).replace(b'"X"', '"报告.txt"'.encode("gb18030"))
    assert take(uploads, body).files[0].name == "报告.txt"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data", 400),
        (b"", FORM_TYPE, 400),
        (build_form([("a", b"x")])[:-9], FORM_TYPE, 400),
        (b"nonsense" * 20, FORM_TYPE, 400),
        (build_form(), FORM_TYPE, 400),
        (build_form([("", b"")]), FORM_TYPE, 400),
        (build_form([("a", b"x")]).replace(b'"file"', b'"other"'), FORM_TYPE, 400),
        (build_form([("a", b"x")], {"year": "9" * 2000}), FORM_TYPE, 400),
        (build_form([("a", b"x")], {f"f{n}": "" for n in range(30)}), FORM_TYPE, 400),
        (build_form([("n" * 9000, b"x")]), FORM_TYPE, 400),
        (build_form([(str(n), b"x") for n in range(4)]), FORM_TYPE, 413),
        (build_form([("a", b"x" * 900_000), ("b", b"y" * 300_000)]), FORM_TYPE, 503),
    ],
    ids=[
        "json",
        "no boundary",
        "empty",
        "cut off",
        "nonsense",
        "no part",
        "no file chosen",
        "wrong field",
        "long field",
        "many fields",
        "long name",
        "many files",
        "no room",
    ],
)
def test_a_wrong_form_is_refused_and_leaves_nothing(uploads: Uploads, body: bytes, kind: str, status: int) -> None:
    with pytest.raises(FormError) as error:
        take(uploads, body, 50_000, kind)
    assert error.value.status == status
    assert (error.value.retry_after is not None) == (status == 503)
    assert [p.name for p in uploads.folder.iterdir()] == ["lock"]
    assert take(uploads, build_form([("a", b"x" * 900_000)]), 50_000).files  # nothing of it is counted any more


def test_an_upload_that_breaks_off_leaves_nothing(uploads: Uploads) -> None:
    async def run() -> None:
        request = request_of(b"")
        calls = 0

        async def receive() -> dict[str, Any]:
            nonlocal calls
            calls += 1
            if calls == 1:
                return {"type": "http.request", "body": build_form([("a", b"x")])[:-20], "more_body": True}
            return {"type": "http.disconnect"}

        request._receive = receive
        await uploads.receive(request)

    with pytest.raises(ClientDisconnect):
        asyncio.run(run())
    assert [p.name for p in uploads.folder.iterdir()] == ["lock"]


def test_one_file_where_one_is_wanted(uploads: Uploads) -> None:
    one: Callable[[bytes], Any] = lambda body: asyncio.run(uploads.receive_one(request_of(body)))  # noqa: E731
    assert one(build_form([("a", b"x")])).size == 1
    with pytest.raises(FormError):
        one(build_form([("a", b"x"), ("b", b"y")]))
    assert len(list(uploads.folder.iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders are locked in another way there")
def test_what_a_killed_server_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    alive = PrivateFolder(tmp_path)
    left = tmp_path / "fazhi-page-left"
    left.mkdir(0o700)
    (left / "lock").touch()
    (left / "upload").write_bytes(b"x")
    new = tmp_path / "fazhi-page-new"
    new.mkdir(0o700)
    shared = tmp_path / "fazhi-page-shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "lock").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o700)
    (elsewhere / "lock").touch()
    (tmp_path / "fazhi-page-link").symlink_to(elsewhere)
    second = PrivateFolder(tmp_path)
    assert not left.exists()
    for kept in (alive.path, new, shared, elsewhere, second.path):
        assert kept.exists(), kept
    alive.close()
    assert not alive.path.exists()
    assert second.path.exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders are locked in another way there")
def test_the_folder_is_locked_so_that_nobody_tidies_it_away(tmp_path: Path) -> None:
    import fcntl

    folder = PrivateFolder(tmp_path)
    look = os.open(folder.path, os.O_RDONLY)
    with pytest.raises(BlockingIOError):
        fcntl.flock(look, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(look)
    folder.close()


def test_what_is_left_of_uploads_that_are_gone_is_tidied_away(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, gone, open_ = take(uploads, build_form([("a.txt", b"x"), ("b.txt", b"y"), ("c.txt", b"z")])).files
    results = [f.path.with_name(f"{f.path.name}-result") for f in (here, gone)]
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        uploads.discard(open_)
    uploads.discard(gone)
    for result in results:
        result.touch()
    for name in ("new", "old"):
        (uploads.folder / name).mkdir()
        (uploads.folder / name / "report.doc").touch()
    os.utime(uploads.folder / "old", (0, 0))
    asyncio.run(uploads.tidy())
    assert {p.name for p in uploads.folder.iterdir()} == {"lock", "new", here.path.name, results[0].name}


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "somebody has it open")


@pytest.mark.parametrize("call", ["open", "fdopen"])
def test_a_full_disk_is_said_and_leaves_nothing(uploads: Uploads, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    class Full(io.BytesIO):
        def close(self) -> None:
            full()

    def soon_full(number: int, _: str) -> BinaryIO:
        os.close(number)
        return Full()

    monkeypatch.setattr(f"validator.web.uploads.os.{call}", full if call == "open" else soon_full)
    with pytest.raises(FormError) as caught:
        take(uploads, build_form([("a.txt", b"x")]))
    assert (caught.value.status, caught.value.retry_after) == (503, 30)
    assert [p.name for p in uploads.folder.iterdir()] == ["lock"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (build_form([("a", b"x")], {"year": "1"}), 200),
        (
            build_form(fields={"year": "1"})[: -len(f"--{BOUNDARY}--\r\n")] + build_form([("a", b"x")], {"year": "2"}),
            400,
        ),
        (build_form([("a", b"x")]).replace(b"Content-Disp", b"X: " + b"y" * 9000 + b"\r\nContent-Disp", 1), 400),
    ],
    ids=["one", "the same field twice", "long header"],
)
def test_a_field_comes_once_and_headers_are_short(uploads: Uploads, body: bytes, status: int) -> None:
    if status == 200:
        assert take(uploads, body).fields == {"year": "1"}
    else:
        with pytest.raises(FormError) as error:
            take(uploads, body, 50_000)
        assert error.value.status == status
