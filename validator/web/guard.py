"""What stands before every route: names, senders, tokens, bodies and headers. It reads no report and logs nothing."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from validator.web.access import SAFE_METHODS, Access, Headers, is_open
from validator.web.answers import answer, is_for_programs
from validator.web.body import Body, BodyRefused
from validator.web.config import WebConfig

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
"""Of every answer. With the referrer policy ``no-referrer`` browsers would send our own forms as from nowhere."""
_SET_HERE = frozenset(name for name, _ in SECURITY_HEADERS) | {b"server"}
_ONCE = (b"authorization", b"content-length", b"content-type", b"origin", b"referer", b"sec-fetch-site")
"""Of two of these the guard and a route could each believe another one."""
_BUSY = "现在上传的人多，请稍后再试。"
_RETRY = 2


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """A request is not let in."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Guard:
    """Middleware of the plain kind, so that bodies stay streams."""

    def __init__(self, app: ASGIApp, config: WebConfig, access: Access, clock: Callable[[], float] = monotonic) -> None:
        """Prepare.

        Args:
            app: what is guarded.
            config: what the server was told.
            access: decides who may come in.
            clock: seconds, never going back.
        """
        self._app = app
        self._limits = config.limits
        self._access = access
        self._clock = clock
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._guard(scope, receive, send)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        body = Body(receive, headers, self._limits, self._clock)
        exit_ = _Exit(send, body, keeps=scope["path"].startswith("/static/"))
        counted = False
        try:
            await self._judge(scope, headers)
            if body.declared_too_large:
                raise Refusal(413, body.too_large)
            if body.is_upload:
                if self._uploads >= self._limits.uploads_at_once:
                    raise Refusal(503, _BUSY, Retry_After=str(_RETRY))
                self._uploads += 1
                counted = True
                body.on_end = self._end_upload
            inner = {**scope, "scheme": self._access.scheme(headers)}
            await self._app(inner, body.receive, exit_.send)
        except (Refusal, BodyRefused) as exc:
            more = exc.headers if isinstance(exc, Refusal) else {}
            await self._refuse(exc.status, exc.sentence, scope, headers, exit_, more)
        except Exception as exc:  # nothing of what went wrong may reach a log: it could hold words of a report
            sentence = f"程序出错（{type(exc).__name__}），请报告给维护者。"
            await self._refuse(500, sentence, scope, headers, exit_, {})
        finally:
            if counted:
                body.end()

    def _end_upload(self) -> None:
        self._uploads -= 1

    async def _judge(self, scope: Scope, headers: Headers) -> None:
        """Refuse who calls by a foreign name, sends from a foreign page, or shows no token."""
        access, path = self._access, scope["path"]
        names = [k.lower() for k, _ in scope["headers"]]
        if names.count(b"host") != 1:
            raise Refusal(400, "请求里没有写主机名，或写了不止一个。")
        if any(names.count(name) > 1 for name in _ONCE):
            raise Refusal(400, "请求里同一个头部写了不止一次。")
        if not access.allows_host(headers):
            raise Refusal(421, "这台服务器不用这个名称。请用启动时显示的网址；别的名称要用 --allowed-host 写明。")
        if scope["method"] not in SAFE_METHODS and not access.allows_sender(headers):
            raise Refusal(403, "这个请求来自别的网页，没有接受。")
        if not access.asks_for_token or is_open(path) or access.knows(headers):
            return
        if "authorization" in headers and not await access.punish():
            raise Refusal(429, "试错口令的人太多，请稍后再试。", Retry_After=str(_RETRY))
        if not is_for_programs(path, headers.get("accept", "")) and scope["method"] == "GET":
            raise Refusal(303, "请先登录。", Location="/login")
        raise Refusal(401, "请出示口令。", WWW_Authenticate="Bearer")

    async def _refuse(
        self, status: int, sentence: str, scope: Scope, headers: Headers, exit_: _Exit, more: dict[str, str]
    ) -> None:
        if exit_.has_begun:
            return  # half an answer is out: leaving it unfinished tells the client that it is not whole
        found = answer(sentence, status, path=scope["path"], headers=headers, query=scope["query_string"], more=more)
        await found(scope, exit_.no_more, exit_.send)


class _Exit:
    """Puts our headers on an answer, and closes the connection after it where the body was not read."""

    def __init__(self, send: Send, body: Body, *, keeps: bool) -> None:
        self.has_begun = False
        self._send = send
        self._body = body
        self._keeps = keeps

    async def no_more(self) -> Message:
        """Tell an answer that nothing comes in any more."""
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            await self._send({**message, "headers": self._headers(message)})
        elif message["type"] == "http.response.body" and not message.get("more_body") and not self._body.is_over:
            await self._send({**message, "more_body": True})
            await self._body.drain()
            await self._send({"type": "http.response.body", "body": b""})
        else:
            await self._send(message)

    def _headers(self, message: Message) -> list[tuple[bytes, bytes]]:
        own = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in _SET_HERE]
        kept = next((v for k, v in own if k.lower() == b"cache-control"), None)
        if not (self._keeps and kept and message["status"] == 200):
            own = [(k, v) for k, v in own if k.lower() != b"cache-control"]
            own.append((b"cache-control", b"no-store"))
        if not self._body.is_over:
            own = [(k, v) for k, v in own if k.lower() != b"connection"]
            own.append((b"connection", b"close"))
        return [*own, *SECURITY_HEADERS]
