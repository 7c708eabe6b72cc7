"""One connection of the server: the head of a request must come in time, and there are only so many connections."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def limit_connections(header_seconds: float, connections: int) -> type[asyncio.Protocol]:
    """Return the protocol of a server.

    Args:
        header_seconds: what the head of a request may take.
        connections: how many may be open; one more is closed at once.
    """

    class _Limited(H11Protocol):
        """Waits for a head for so long only; a body is watched elsewhere."""

        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if len(self.connections) > connections:
                transport.abort()
            else:
                self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_watching()
            super().connection_lost(exc)

        def _watch(self) -> None:
            """Set the time when a head begins, and take it away when it is there."""
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_watching()
            elif self._timer is None:
                self._timer = self.loop.call_later(header_seconds, self._give_up)

        def _give_up(self) -> None:
            self._timer = None
            if self.cycle is None or self.cycle.response_complete:
                self.transport.close()

        def _stop_watching(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    return _Limited
