"""The body of a request, watched as it comes: not too large, not too slow, and gone when it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from validator.web.access import Headers
from validator.web.config import WebLimits

if TYPE_CHECKING:
    from starlette.types import Message, Receive

_MIB = 1024 * 1024
_MOST_OTHER = 64 * 1024
"""What is no form with files holds a few words."""
_SMALL = 16 * 1024
"""Bodies that say they are so small are no uploads."""
_FRAME = 64 * 1024
"""What a form may add to its files."""
_GRACE = 5.0
"""Seconds before the rate counts."""
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 32 * _MIB


class BodyRefused(Exception):  # noqa: N818 - it is an answer, not an error
    """A body is too large or too slow."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Body:
    """Hands the pieces of a body on, and counts bytes and seconds."""

    def __init__(self, receive: Receive, headers: Headers, limits: WebLimits, clock: Callable[[], float]) -> None:
        """Prepare; the time begins with the first piece that is asked for."""
        self.on_end: Callable[[], None] = lambda: None
        self._receive = receive
        self._limits = limits
        self._clock = clock
        declared = headers.get("content-length", "")
        self._declared = int(declared) if declared.isascii() and declared.isdigit() else None
        is_form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        self._most = limits.upload_mib * _MIB + _FRAME if is_form else _MOST_OTHER
        self.is_over = self._declared in (None, 0) and "transfer-encoding" not in headers
        self.is_upload = not self.is_over and not (self._declared is not None and self._declared <= _SMALL)
        self.too_large = (
            f"一次上传不能超过{limits.upload_mib}兆字节。" if is_form else "请求的内容太长。上传文件请用表单。"
        )
        self._size = 0
        self._begun: float | None = None

    @property
    def declared_too_large(self) -> bool:
        """Whether the request says itself that its body is too large."""
        return self._declared is not None and self._declared > self._most

    async def receive(self) -> Message:
        """Return the next piece.

        Raises:
            BodyRefused: the body is too large or comes too slowly.
        """
        if self.is_over:
            return await self._receive()
        now = self._clock()
        if self._begun is None:
            self._begun = now
        left = self._begun + self._limits.upload_seconds - now
        try:
            async with asyncio.timeout(max(left, 0)):
                message = await self._receive()
        except TimeoutError:
            raise BodyRefused(408, "上传得太慢，已停止。请检查网络后再试。") from None
        self._count(message)
        return message

    def _count(self, message: Message) -> None:
        assert self._begun is not None
        if message["type"] != "http.request":
            self.end()
            return
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            raise BodyRefused(413, self.too_large)
        if not message.get("more_body"):
            self.end()
            return
        took = self._clock() - self._begun
        if took > _GRACE and self._size < took * self._limits.least_kib * 1024:
            raise BodyRefused(408, "上传得太慢，已停止。请检查网络后再试。")

    def end(self) -> None:
        """Note that nothing more comes, or that nobody reads it."""
        self.is_over = True
        told, self.on_end = self.on_end, lambda: None
        told()

    async def drain(self) -> None:
        """Read on for a moment and throw it away: a connection closed at once would take the answer with it."""
        seen = 0
        try:
            async with asyncio.timeout(_LINGER_SECONDS):
                while seen < _LINGER_BYTES:
                    message = await self._receive()
                    if message["type"] != "http.request" or not message.get("more_body"):
                        break
                    seen += len(message.get("body", b""))
        except TimeoutError:
            pass
        self.end()
