"""One connection of the server: whoever takes nothing of an answer is left."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from validator.web.protocol import limit_connections

LARGE = b"x" * 8_000_000
STILL = 0.05


async def answer(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8000000")]})
    await send({"type": "http.response.body", "body": LARGE})


@pytest.mark.parametrize("takes", [True, False])
def test_an_answer_must_be_taken(takes: bool) -> None:
    async def run() -> tuple[int, int]:
        config = Config(answer, log_config=None, lifespan="off")
        config.load()
        state = ServerState()
        kind: Any = limit_connections(10, STILL, 5)
        server = await asyncio.get_running_loop().create_server(
            lambda: kind(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        with socket.create_connection(server.sockets[0].getsockname()) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.setblocking(False)
            seen, end = 0, asyncio.get_running_loop().time() + 8 * STILL
            while asyncio.get_running_loop().time() < end and seen < len(LARGE) and (state.connections or not seen):
                await asyncio.sleep(STILL / 4)
                while takes and seen < len(LARGE):
                    try:
                        seen += len(client.recv(1_000_000))
                    except BlockingIOError:
                        break
            server.close()
            return len(state.connections), seen

    left, seen = asyncio.run(run())
    assert (left, seen >= len(LARGE)) == ((1, True) if takes else (0, False))
