"""Who may come in: by which name the server is called, from which page a request comes, what visitors must show."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from starlette.requests import cookie_parser

from validator.web.config import WebConfig, is_loopback, split_host

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset({"/healthz", "/version", "/login"})
OPEN_FOLDER = "/static/"
COOKIE = "fazhi-access"
SECURE_COOKIE = "__Host-fazhi-access"
_HOURS = 12
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_PORTS = {"http": 80, "https": 443}
_WRONG_AT_ONCE = 8
_PENALTY = 1.0

Headers = Mapping[str, str]
"""Names in lower case; of a header that comes several times the last value."""


class Access:
    """Decides on requests. Holds the secret of this process, by which it knows the cookies that it gave."""

    def __init__(self, config: WebConfig, clock: Callable[[], float]) -> None:
        """Prepare.

        Args:
            config: what the server was told.
            clock: seconds, never going back.
        """
        self._config = config
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._wrong = 0
        own = [config.host] if not is_loopback(config.host) else []
        names = [*_LOOPBACK_NAMES, *(f"[{h}]" if ":" in h else h for h in own)]
        self._hosts = {(name.lower(), config.port) for name in names}
        named = [split_host(h) for h in config.allowed_hosts]
        self._hosts |= {(n[0], n[1]) for n in named if n is not None and n[1] is not None}
        self._names = {n[0] for n in named if n is not None and n[1] is None}

    @property
    def asks_for_token(self) -> bool:
        """Whether visitors must show a token."""
        return self._config.token is not None

    def scheme(self, headers: Headers) -> str:
        """Return the scheme by which the visitor called; only a proxy of ours is believed."""
        said = headers.get("x-forwarded-proto", "") if self._config.behind_proxy else ""
        return "https" if said.split(",")[-1].strip().lower() == "https" else "http"

    def allows_host(self, headers: Headers) -> bool:
        """Tell whether the server is called by a name of its own; a rebound name of somebody else is not."""
        found = split_host(headers.get("host", ""))
        if found is None:
            return False
        name, port = found
        return name in self._names or (name, port or _PORTS[self.scheme(headers)]) in self._hosts

    def allows_sender(self, headers: Headers) -> bool:
        """Tell whether a request that changes something comes from a page of ours, or from no page at all."""
        origin = headers.get("origin")
        if origin is not None:
            return self._is_own(origin, headers)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        referrer = headers.get("referer")
        return referrer is None or self._is_own(referrer, headers)

    def _is_own(self, address: str, headers: Headers) -> bool:
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        called = split_host(headers.get("host", ""))
        from_there = split_host(parts.netloc)
        if called is None or from_there is None or parts.scheme != self.scheme(headers):
            return False
        usual = _PORTS[parts.scheme]
        return (called[0], called[1] or usual) == (from_there[0], from_there[1] or usual)

    def knows(self, headers: Headers) -> bool:
        """Tell whether the visitor showed the token, or a cookie that was given for it."""
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.is_token(shown.strip()):
            return True
        cookies = cookie_parser(headers.get("cookie", ""))  # one odd cookie of a neighbour does not hide ours
        return self._is_cookie(cookies.get(self.cookie_name(headers), ""))

    def is_token(self, shown: str) -> bool:
        """Compare in a time that says nothing of the token."""
        return self._config.token is not None and hmac.compare_digest(
            shown.encode("utf-8", "replace"), self._config.token.encode()
        )

    def cookie_name(self, headers: Headers) -> str:
        """Return the name of the cookie; over https one that no other site can set."""
        return SECURE_COOKIE if self.scheme(headers) == "https" else COOKIE

    def make_cookie(self) -> str:
        """Return the value of a new cookie: when it was given, and a mark that only this process can make."""
        given = str(int(self._clock()))
        return f"{given}.{self._mark(given)}"

    def _is_cookie(self, value: str) -> bool:
        given, _, mark = value.partition(".")
        if not given.isascii() or not given.isdigit() or len(given) > 12:
            return False
        is_ours = hmac.compare_digest(mark.encode("utf-8", "replace"), self._mark(given).encode())
        return is_ours and 0 <= self._clock() - int(given) < _HOURS * 3600

    def _mark(self, given: str) -> str:
        return hmac.new(self._secret, f"fazhi:{given}".encode(), "sha256").hexdigest()

    async def punish(self) -> bool:
        """Let somebody with a wrong token wait. ``False``: so many try at once that nobody is let wait any more.

        Whoever shows the right token is never made to wait, however many others try.
        """
        if self._wrong >= _WRONG_AT_ONCE:
            return False
        self._wrong += 1
        try:
            await asyncio.sleep(_PENALTY)
        finally:
            self._wrong -= 1
        return True


def is_open(path: str) -> bool:
    """Tell whether an address is shown without a token: nothing private stands there."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)
