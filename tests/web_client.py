"""Requests to an application in this process, and forms as browsers send them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

import httpx

from validator.web.desk import Desk
from validator.web.worker import tools

ADDRESS = "http://127.0.0.1:8765"
BOUNDARY = "----frontier"
FORM_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def build_form(files: Sequence[tuple[str, bytes]] = (), fields: Mapping[str, str] | None = None) -> bytes:
    """Return the body of a form with files in the field that we read."""
    parts = b""
    for name, value in (fields or {}).items():
        parts += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, data in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts += head.encode("utf-8", "surrogateescape") + data + b"\r\n"
    return parts + f"--{BOUNDARY}--\r\n".encode()


class InlineDesk(Desk):
    """Does every task in this process, at once."""

    def __init__(self) -> None:
        super().__init__(2, 4, 60, tools_recipe())
        self.refuses: list[Exception] = []
        self.done: list[str] = []

    def open(self) -> None:
        """Start nothing."""

    async def warm(self) -> None:
        """Load nothing."""

    async def close(self) -> None:
        """End nothing."""

    async def submit(self, function: Callable[..., Any], *args: object, **_: object) -> Any:
        """Do a task, or raise what was prepared."""
        if self.refuses:
            raise self.refuses.pop(0)
        self.done.append(function.__name__)
        return function(*args)


def tools_recipe() -> Any:
    """Return the recipe that nothing decides."""
    from validator.recipe import DEFAULT_RECIPE

    assert tools()
    return DEFAULT_RECIPE


def ask(app: Any, *requests: tuple[str, str, dict[str, Any]], lives: bool = False) -> list[httpx.Response]:
    """Send requests one after the other, by one client, and return the answers.

    Args:
        app: an ASGI application.
        requests: method, path and what httpx takes beside them.
        lives: run the application's beginning and end around them.
    """

    async def run() -> list[httpx.Response]:
        async with AsyncExitStack() as stack:
            if lives:
                await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app, raise_app_exceptions=True)
            client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ADDRESS))
            return [await client.request(method, path, **more) for method, path, more in requests]

    return asyncio.run(run())


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    """Yield data in pieces, as a body whose length nobody was told."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
