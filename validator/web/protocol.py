"""One connection of the server: heads must come in time, answers must be taken, and there are only so many of them."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def limit_connections(header_seconds: float, still_seconds: float, connections: int) -> type[asyncio.Protocol]:
    """Return the protocol of a server.

    Args:
        header_seconds: what the head of a request may take.
        still_seconds: so long a client may take nothing of an answer that is larger than the system keeps for it.
        connections: how many may be open; one more is closed at once.
    """

    class _Limited(H11Protocol):
        """Waits for a head, and for a client that takes its answer, for so long only; a body is watched elsewhere."""

        _timer: asyncio.TimerHandle | None = None
        _taking: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            transport.set_write_buffer_limits(0)  # we are told of every byte that is not taken
            if len(self.connections) > connections:
                transport.abort()
            else:
                self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_watching()
            self._stop_waiting()
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._wait(self.transport.get_write_buffer_size())

        def resume_writing(self) -> None:
            self._stop_waiting()
            super().resume_writing()

        def _wait(self, left: int) -> None:
            """Look later whether less is left of an answer. Closing alone would wait for the client for ever."""
            self._stop_waiting()
            self._taking = self.loop.call_later(still_seconds, self._look, left)

        def _look(self, before: int) -> None:
            left = self.transport.get_write_buffer_size()
            if left < before:
                self._wait(left)
            else:
                self.transport.abort()

        def _stop_waiting(self) -> None:
            if self._taking is not None:
                self._taking.cancel()
                self._taking = None

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
