"""What stands before every route: names, senders, tokens, bodies, headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web_client import ask, pieces
from validator.cli.serve import _name as name_server
from validator.errors import OptionError
from validator.web.access import COOKIE, Access
from validator.web.config import WebConfig, WebLimits, parse_web_limits, read_token
from validator.web.guard import Guard

TOKEN = "correct-horse-battery"
Receive = Callable[[], Any]


class Inner:
    """An application that reads the whole body and says how long it was."""

    def __init__(self) -> None:
        self.asked = 0
        self.scheme = ""

    async def __call__(self, scope: Any, receive: Receive, send: Callable[[Any], Any]) -> None:
        self.asked += 1
        self.scheme = scope["scheme"]
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        if scope["path"] == "/broken":
            raise RuntimeError("报告里的一句话")
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"max-age=60"), (b"server", b"inner")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": str(size).encode()})


def guard(inner: Inner | None = None, clock: Callable[[], float] = lambda: 0.0, **given: Any) -> Guard:
    config = WebConfig(**given)
    return Guard(inner or Inner(), config, Access(config, clock), clock)


def one(app: Guard, method: str = "GET", path: str = "/", **more: Any) -> httpx.Response:
    return ask(app, (method, path, more))[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"host": "10.1.2.3"}, "口令"),
        ({"host": "0.0.0.0", "token": TOKEN}, "--allowed-host"),
        ({"token": "short"}, "16"),
        ({"token": "口令口令口令口令口令口令口令口令"}, "字母"),
        ({"allowed_hosts": ("http://x/",)}, "主机名"),
    ],
)
def test_nobody_comes_in_unasked(given: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        WebConfig(**given)


@pytest.mark.parametrize(
    "given", [{"host": "::1"}, {"host": "10.1.2.3", "token": TOKEN}, {"host": "10.1.2.3", "behind_proxy": True}]
)
def test_what_may_listen(given: dict[str, Any]) -> None:
    assert WebConfig(**given).host == given["host"]


def test_a_token_is_not_shown_with_its_config() -> None:
    assert TOKEN not in repr(WebConfig(token=TOKEN))


def test_the_token_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    assert read_token(file, {}) == TOKEN
    assert read_token(None, {"FAZHI_TOKEN": TOKEN}) == TOKEN
    assert read_token(None, {}) is None
    with pytest.raises(OptionError, match="没有这个文件"):
        read_token(tmp_path / "none", {})


def test_limits_of_the_server_and_of_reading() -> None:
    web, reading = parse_web_limits(["upload_mib=7", "seconds=9", "pages=20"])
    assert (web.upload_mib, web.seconds, reading) == (7, 9, {"pages": 20})
    for wrong in ("upload_mib=0", "upload_mib=x", "waiting=-1", "nothing=1"):
        with pytest.raises(OptionError):
            parse_web_limits([wrong])


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765", "fz.cn", "fz.cn:80"]
)
def test_the_names_of_the_server(host: str) -> None:
    assert one(guard(allowed_hosts=("fz.cn",)), headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.cn",
        "evil.cn:8765",
        "127.0.0.1",
        "localhost:80",
        "localhost.evil.cn:8765",
        "127.0.0.1:8765@evil.cn",
        "a/b",
        "",
    ],
)
def test_foreign_names_are_refused(host: str) -> None:
    inner = Inner()
    assert one(guard(inner), headers={"Host": host}).status_code == 421
    assert not inner.asked


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8765"}, 200),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "https://127.0.0.1:8765"}, 403),
        ({"Origin": "http://evil.cn"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Referer": "http://evil.cn/page"}, 403),
        ({"Referer": "http://127.0.0.1:8765/files"}, 200),
    ],
)
def test_only_our_own_pages_may_send(headers: dict[str, str], status: int) -> None:
    assert one(guard(), "POST", "/files", headers=headers).status_code == status


def test_anybody_may_link_to_us() -> None:
    assert one(guard(), headers={"Origin": "http://evil.cn", "Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_the_token_is_asked_for_wherever_something_private_stands() -> None:
    app = guard(token=TOKEN)
    for path in ("/healthz", "/version", "/login", "/static/x"):
        assert one(app, path=path).status_code == 200
    api = one(app, path="/api/rules")
    assert (api.status_code, api.headers["www-authenticate"]) == (401, "Bearer")
    page = one(app, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    assert one(app, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert one(app, "POST", "/files", headers={"Accept": "text/html"}).status_code == 401


def test_a_cookie_is_known_only_to_the_process_that_gave_it_and_not_for_ever() -> None:
    now = [100.0]
    config = WebConfig(token=TOKEN)
    access, other = Access(config, lambda: now[0]), Access(config, lambda: now[0])
    cookie = {"cookie": f"fazhi-access={access.make_cookie()}"}
    assert access.knows(cookie)
    assert not other.knows(cookie)
    assert TOKEN not in cookie["cookie"]
    given, mark = access.make_cookie().split(".")
    assert not access.knows({"cookie": f"fazhi-access={int(given) + 1}.{mark}"})
    now[0] += 13 * 3600
    assert not access.knows(cookie)


def test_wrong_tokens_wait_and_many_at_once_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.web.access._PENALTY", 0.05)
    app = guard(token=TOKEN)

    async def run() -> list[int]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8765") as client:
            wrong = [client.get("/api/x", headers={"Authorization": "Bearer wrong"}) for _ in range(12)]
            right = client.get("/api/x", headers={"Authorization": f"Bearer {TOKEN}"})
            return [r.status_code for r in await asyncio.gather(*wrong, right)]

    found = asyncio.run(run())
    assert found[-1] == 200
    assert sorted(found[:-1]) == [401] * 8 + [429] * 4


def test_forwarded_headers_are_believed_only_of_a_proxy_of_ours() -> None:
    for trusts, scheme, origin in ((False, "http", 403), (True, "https", 200)):
        inner = Inner()
        app = guard(inner, behind_proxy=trusts, allowed_hosts=("fz.cn",))
        headers = {"Host": "fz.cn", "X-Forwarded-Proto": "https", "Origin": "https://fz.cn"}
        assert one(app, "POST", headers=headers).status_code == origin
        one(app, headers=headers)
        assert inner.scheme == scheme


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    inner = Inner()
    found = one(guard(inner, limits=WebLimits(upload_mib=1)), "POST", "/api/check", content=b"x" * 70_000)
    assert (found.status_code, inner.asked) == (413, 0)
    assert found.headers["connection"] == "close"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (
        one(guard(limits=WebLimits(upload_mib=1)), "POST", "/", content=b"x" * 70_000, headers=form).status_code == 200
    )


def test_a_body_that_turns_out_too_large_is_stopped() -> None:
    read = [0]

    async def endless() -> AsyncIterator[bytes]:
        while read[0] < 100_000_000:
            read[0] += 100_000
            yield b"x" * 100_000

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    found = one(guard(limits=WebLimits(upload_mib=1)), "POST", "/api/check", content=endless(), headers=form)
    assert found.status_code == 413
    assert read[0] < 40_000_000


def test_a_body_that_does_not_come_is_given_up() -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(30)
        yield b"y"

    found = one(guard(limits=WebLimits(upload_seconds=0)), "POST", "/", content=never())
    assert found.status_code == 408


def test_a_body_that_comes_drop_by_drop_is_given_up() -> None:
    ticks = iter(range(0, 1000, 3))
    found = one(guard(clock=lambda: float(next(ticks))), "POST", "/", content=pieces(b"x" * 100, 10))
    assert found.status_code == 408


def test_more_uploads_than_allowed_are_sent_away_and_the_place_is_free_again() -> None:
    inner = Inner()
    app = guard(inner, limits=WebLimits(uploads_at_once=1))
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x"
        begun.set()
        await asyncio.sleep(0.05)
        yield b"y"

    async def run() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8765") as client:
            first = asyncio.create_task(client.post("/", content=slow()))
            await begun.wait()
            second = await client.post("/", content=pieces(b"z" * 10, 5))
            tiny = await client.post("/", content=b"z")
            return [await first, second, tiny, await client.post("/", content=pieces(b"z" * 10, 5))]

    first, second, tiny, third = asyncio.run(run())
    assert [r.status_code for r in (first, second, tiny, third)] == [200, 503, 200, 200]
    assert int(second.headers["retry-after"]) >= 1
    assert second.headers["connection"] == "close"
    assert inner.asked == 3


def test_every_answer_has_the_headers_that_protect_it() -> None:
    for found in (one(guard()), one(guard(), headers={"Host": "evil.cn"}), one(guard(), path="/broken")):
        policy = found.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["referrer-policy"] == "same-origin"
        assert found.headers["cross-origin-resource-policy"] == "same-origin"
        assert found.headers["cache-control"] == "no-store"
        assert "server" not in found.headers
    assert one(guard(), path="/static/0123/web.css").headers["cache-control"] == "max-age=60"


def test_a_crash_shows_no_word_of_what_went_wrong() -> None:
    found = one(guard(), path="/broken")
    assert found.status_code == 500
    assert found.json() == {"detail": "程序出错（RuntimeError），请报告给维护者。"}


def test_people_get_a_page_in_their_language_and_programs_get_json() -> None:
    page = one(guard(), path="/?lang=en", headers={"Host": "evil.cn", "Accept": "text/html"})
    assert "This server is not called by this name" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert set(one(guard(), path="/api/x", headers={"Host": "evil.cn", "Accept": "text/html"}).json()) == {"detail"}


def test_an_odd_cookie_of_a_neighbour_does_not_hide_ours() -> None:
    config = WebConfig(token=TOKEN)
    access = Access(config, lambda: 0.0)
    for neighbour in ('state={"a": 1}', "名=x", "x y=z"):
        assert access.knows({"cookie": f"{neighbour}; {COOKIE}={access.make_cookie()}"}), neighbour


@pytest.mark.parametrize("name", ["Content-Type", "Origin", "Authorization", "Referer"])
def test_what_could_be_believed_twice_is_refused(name: str) -> None:
    inner = Inner()
    headers = [(name, "a"), (name, "b"), ("Accept", "x"), ("Accept", "y")]
    found = one(guard(inner), headers=headers)
    assert (found.status_code, inner.asked) == (400, 0)
    assert one(guard(inner), headers=headers[2:]).status_code == 200


def test_a_request_that_names_two_hosts_is_refused() -> None:
    two = [("Host", "127.0.0.1:8765"), ("Host", "127.0.0.1:8765")]
    assert one(guard(), headers=two).status_code == 400


def test_of_forwarded_schemes_only_the_one_of_the_nearest_proxy_is_believed() -> None:
    access = Access(WebConfig(behind_proxy=True), lambda: 0.0)
    assert access.scheme({"x-forwarded-proto": "https, http"}) == "http"
    assert access.scheme({"x-forwarded-proto": "http, https"}) == "https"


def test_what_only_begins_like_an_open_address_is_closed() -> None:
    app = guard(token=TOKEN)
    for path in ("/staticx", "/loginx", "/healthz/x"):
        assert one(app, path=path).status_code == 401, path


def test_an_answer_that_breaks_off_is_not_begun_again() -> None:
    sent: list[str] = []

    async def breaks(_scope: Any, _receive: Any, send: Callable[[Any], Any]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("报告里的一句话")

    async def receive() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message["type"])

    config = WebConfig()
    app = Guard(breaks, config, Access(config, lambda: 0.0))
    headers = [(b"host", b"127.0.0.1:8765")]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(app(scope, receive, send))
    assert sent == ["http.response.start"]


@pytest.mark.parametrize(
    ("host", "allowed", "name"),
    [
        ("127.0.0.1", (), "127.0.0.1"),
        ("::1", (), "[::1]"),
        ("0.0.0.0", ("fz.cn:90",), "fz.cn"),
        ("::", ("[fd00::1]",), "[fd00::1]"),
    ],
)
def test_the_address_that_is_said_can_be_opened(host: str, allowed: tuple[str, ...], name: str) -> None:
    assert name_server(WebConfig(host, allowed_hosts=allowed, token=TOKEN)) == name
