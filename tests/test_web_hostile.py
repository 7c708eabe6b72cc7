"""A real server under attack: foreign names and pages, paths, bombs, floods, and people who come all at once."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast

import httpx
import pytest

from benchmarks.serve import make_report
from tests.conftest import SPECIMENS
from tests.web_client import FORM_TYPE, build_form
from tests.web_server import Server, below, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is measured by /proc"),
]
SECRET = "云溪镇某某街坊的一句机密话"
_MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("private")
    limits = [
        f"--limit={s}"
        for s in ("seconds=20", "upload_seconds=4", "header_seconds=2", "waiting=16", "uploads_at_once=16")
    ]
    with serving(folder, "--processes", "2", *limits) as running:
        wait_until_warm(running)
        yield running
        assert running.stop() == 0
        assert SECRET not in running.said
        assert running.said.count("\n") == 2, running.said
        assert not list(folder.iterdir())


def wait_until_warm(server: Server) -> None:
    for _ in range(600):
        if httpx.get(f"{server.url}/healthz").json()["warm"]:
            return
        time.sleep(0.1)
    raise AssertionError("the processes are not ready")


def post(server: Server, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/api/check", content=build_form(files, fields), headers={"Content-Type": FORM_TYPE}, timeout=60
    )


def report(number: int = 0) -> bytes:
    return f"云溪镇2023年法治政府建设年度报告\n一、工作情况\n{SECRET}，开展执法检查{number}次。\n".encode()


def still_well(server: Server) -> bool:
    found = post(server, ("报告.txt", report()))
    return found.status_code == 200 and found.json()["files"][0]["outcome"] == "fail"


def read_all(connection: Any) -> bytes:
    found = b""
    with connection:
        connection.settimeout(30)
        try:
            while piece := connection.recv(65536):
                found += piece
        except ConnectionResetError:
            pass
    return found


def test_foreign_names_and_pages(server: Server) -> None:
    assert httpx.get(server.url, headers={"Host": "evil.cn"}).status_code == 421
    for headers in ({"Origin": "http://evil.cn"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        found = httpx.post(f"{server.url}/api/check", content=b"", headers=headers)
        assert found.status_code == 403
    for hosts in ("", "Host: 127.0.0.1\r\nHost: evil.cn\r\n"):
        answer = read_all(server.raw(f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode()))
        assert answer.startswith(b"HTTP/1.1 400")


def test_no_path_leads_out(server: Server) -> None:
    for path in (
        "/static/../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
    ):
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n"
        answer = read_all(server.raw(head.encode()))
        assert b"404 Not Found" in answer.splitlines()[0]
        assert b"root:" not in answer
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../../tmp/fazhi-escaped.txt", report())
        archive.writestr("/etc/fazhi-escaped.txt", report())
    before = {p.name for p in server.folder.rglob("*")}
    found = post(server, ("../../a.zip", packed.getvalue()), ("..\\..\\b.txt", report()))
    assert [f["path"] for f in found.json()["files"]] == [
        "a.zip/etc/fazhi-escaped.txt",
        "a.zip/tmp/fazhi-escaped.txt",
        "b.txt",
    ]
    assert {p.name for p in server.folder.rglob("*")} == before
    assert not Path("/etc/fazhi-escaped.txt").exists()


def test_bombs_are_results_and_cost_little(server: Server) -> None:
    before = server.memory_mib()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"{n}.txt", b"0" * 120 * _MIB)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.zip", inner.getvalue())
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" * 100 * _MIB)
    seen: list[float] = []
    ended = Event()
    thread = watch_memory(server, ended, seen)
    found = post(server, ("a.zip", outer.getvalue()), ("b.docx", document.getvalue()))
    ended.set()
    thread.join()
    assert found.status_code == 200
    assert {f["outcome"] for f in found.json()["files"]} == {"error"}
    assert max(seen) < before + 600, (before, max(seen))
    assert server.memory_mib() < before + 200
    assert still_well(server)


def watch_memory(server: Server, ended: Event, seen: list[float]) -> Thread:
    def watch() -> None:
        while not ended.wait(0.05):
            seen.append(server.memory_mib())

    thread = Thread(target=watch)
    thread.start()
    return thread


def test_a_gigabyte_is_refused_early_and_costs_no_memory(server: Server) -> None:
    seen = [server.memory_mib()]
    ended = Event()
    thread = watch_memory(server, ended, seen)
    head = f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {FORM_TYPE}\r\n"
    try:
        declared, sent = flood(server, f"{head}Content-Length: {1024 * _MIB}\r\n\r\n".encode(), b"", b"")
        assert declared.startswith(b"HTTP/1.1 413")
        assert b"connection: close" in declared.lower()
        assert sent < 60 * _MIB
        frame = (f"{_MIB:x}\r\n".encode(), b"\r\n")
        begin = build_form([("a.docx", b"")])[:-20]
        chunk = f"{len(begin):x}\r\n".encode() + begin + b"\r\n"
        streamed, sent = flood(server, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk, *frame)
        assert streamed.startswith(b"HTTP/1.1 413")
        assert sent < 120 * _MIB
    finally:
        ended.set()
        thread.join()
    assert max(seen) < seen[0] + 60, (seen[0], max(seen))
    assert [p.name for p in server.folder.rglob("*") if p.is_file()] == ["lock"]


def flood(server: Server, head: bytes, before: bytes, after: bytes) -> tuple[bytes, int]:
    """Send up to a gigabyte while listening; return the answer and how much was taken."""
    connection = server.raw(head)
    sent = [0]

    def send() -> None:
        piece = before + b"x" * _MIB + after
        with suppress(OSError):
            for _ in range(1024):
                connection.sendall(piece)
                sent[0] += _MIB

    sending = Thread(target=send)
    sending.start()
    found = read_all(connection)
    sending.join(30)
    return found, sent[0]


def test_who_is_slow_is_given_up(server: Server) -> None:
    head = f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {FORM_TYPE}\r\n"
    body = server.raw(f"{head}Content-Length: 100000\r\n\r\n".encode())
    part = server.raw(head.encode())
    nothing = server.raw(b"")
    begun = time.monotonic()
    assert read_all(part) == b""
    assert read_all(nothing) == b""
    assert time.monotonic() - begun < 4
    assert read_all(body).startswith(b"HTTP/1.1 408")
    assert time.monotonic() - begun < 8
    assert still_well(server)


def test_nobody_is_lost_when_all_come_at_once(server: Server) -> None:
    people = 200
    statuses: list[int] = []
    seen = [server.memory_mib()]
    ended = Event()
    thread = watch_memory(server, ended, seen)

    async def person(client: httpx.AsyncClient, number: int) -> dict[str, Any]:
        body = build_form([(f"{number}.txt", report(number) + b" " * 100_000)])
        for _ in range(200):
            found = await client.post(f"{server.url}/api/check", content=body, headers={"Content-Type": FORM_TYPE})
            statuses.append(found.status_code)
            if found.status_code == 200:
                return dict(found.json())
            assert found.status_code == 503
            await asyncio.sleep(int(found.headers["retry-after"]))
        raise AssertionError("never let in")

    async def run() -> list[dict[str, Any]]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(timeout=120, limits=limits) as client:
            return await asyncio.gather(*(person(client, n) for n in range(people)))

    found = asyncio.run(run())
    ended.set()
    thread.join()
    assert [f["files"][0]["path"] for f in found] == [f"{n}.txt" for n in range(people)]
    assert {f["files"][0]["outcome"] for f in found} == {"fail"}
    assert statuses.count(503) > 0
    assert max(seen) < seen[0] + 120, (seen[0], max(seen))
    health = httpx.get(f"{server.url}/healthz").json()
    assert (health["running"], health["waiting"]) == (0, 0)


def test_who_leaves_frees_the_place(server: Server) -> None:
    body = build_form([(f"{n}.txt", report(n)) for n in range(60)])
    head = (
        f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {FORM_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(8):
        server.raw(head.encode() + body).close()
    assert still_well(server)
    for _ in range(100):
        health = httpx.get(f"{server.url}/healthz").json()
        if not health["running"] and not health["waiting"]:
            break
        time.sleep(0.05)
    assert (health["running"], health["waiting"]) == (0, 0)
    assert [p.name for p in server.folder.rglob("*") if p.is_file()] == ["lock"]


def test_a_file_that_hangs_is_ended_and_the_next_is_served(tmp_path: Path) -> None:
    document = ("a.docx", make_report(1))
    with serving(tmp_path, "--processes", "1", "--limit", "seconds=3") as server:
        wait_until_warm(server)
        (reading,) = processes(server, b"validator.loaders.worker")
        os.kill(reading, signal.SIGSTOP)
        hangs, text, again = (
            post(server, document, ("b.txt", report())),
            post(server, ("c.txt", report())),
            post(server, document),
        )
        assert [f["outcome"] for f in hangs.json()["files"]] == ["error", "fail"]
        assert "已停止" in hangs.json()["files"][0]["errors"][0]
        for found in (text, again):
            assert found.json()["files"][0]["outcome"] != "error"
        assert not Path(f"/proc/{reading}").exists()


def processes(server: Server, named: bytes) -> list[int]:
    return [pid for pid in below(server.process.pid) if named in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_whatever_is_under_way(tmp_path: Path, how: int) -> None:
    with serving(tmp_path, "--processes", "1", environment={"FAZHI_TOKEN": "correct-horse-battery"}) as server:
        upload = server.raw(
            f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {FORM_TYPE}\r\n"
            "Authorization: Bearer correct-horse-battery\r\nContent-Length: 90000\r\n\r\n".encode()
        )
        time.sleep(1)
        begun = time.monotonic()
        assert server.stop(how) == 0
        assert time.monotonic() - begun < 8  # a second, where the processors are free
        upload.close()
        assert "correct-horse-battery" not in server.said
        assert server.said.splitlines()[-1] == "已停止，暂存的文件已全部删除。"
        assert not list(tmp_path.iterdir())


def test_a_killed_server_takes_its_processes_along_and_the_next_tidies_up(tmp_path: Path) -> None:
    with serving(tmp_path, "--processes", "1") as server:
        wait_until_warm(server)
        workers = processes(server, b"spawn_main")
        server.process.kill()
        server.process.wait(10)
        for _ in range(50):
            if not any(Path(f"/proc/{pid}").exists() for pid in workers):
                break
            time.sleep(0.1)
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
        (left,) = tmp_path.iterdir()
    with serving(tmp_path, "--processes", "1") as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        assert not left.exists()


def test_the_description_holds_under_requests_of_every_shape(server: Server) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis import GenerationMode

    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    schema.config.generation.modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    count = 0
    for found in schema.get_all_operations():
        operation = cast(Any, found).ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=40,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal count
            count += 1
            answer = case.call()
            assert answer.status_code < 500 or answer.status_code in (503, 504), (case.path, answer.status_code)
            if answer.status_code >= 400:
                assert set(json.loads(answer.content)) == {"detail"}

        ask()
    assert count > 100
    assert still_well(server)


def test_a_specimen_is_checked_as_everywhere(server: Server) -> None:
    data = (SPECIMENS / "passes-all.txt").read_bytes()
    assert post(server, ("报告.txt", data)).json()["files"][0]["outcome"] == "pass"
