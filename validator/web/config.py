"""What a server is told when it starts: where it listens, who may come, how much it takes. A value, checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path

from validator.errors import OptionError, explain_os_error
from validator.options import MOST_JOBS, Limits, parse_limits
from validator.recipe import DEFAULT_RECIPE, Recipe

TOKEN_VARIABLE = "FAZHI_TOKEN"
LEAST_TOKEN = 16
_MOST_PROCESSES = 4
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,252}[a-z0-9])?)(?::([0-9]{1,5}))?")
_EVERYWHERE = ("0.0.0.0", "::", "")
_WORKING_SHARE = 0.8
"""A reading process is given up before the time for the file is over, so that its own sentence reaches the user."""


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How much the server takes at a time.

    ``upload_mib``: one request. ``total_mib``: all private files together. ``files_in_archive``: files of one request,
    also those in archives. ``processes`` check; ``waiting`` tasks may wait for them. ``uploads_at_once``: bodies read
    at the same time. ``seconds``: for one file. ``upload_seconds``: for one body, which must also come with at least
    ``least_kib`` KiB a second. ``header_seconds``: for the head of a request. ``connections``: open at a time.
    ``visit_minutes``, ``visits``, ``files_per_visit``: what the page keeps.
    """

    upload_mib: int = 50
    total_mib: int = 2048
    files_in_archive: int = 200
    processes: int = field(default_factory=lambda: min(os.cpu_count() or 1, _MOST_PROCESSES))
    waiting: int = 64
    uploads_at_once: int = 32
    seconds: int = 60
    upload_seconds: int = 60
    least_kib: int = 4
    header_seconds: int = 10
    connections: int = 512
    visit_minutes: int = 60
    visits: int = 500
    files_per_visit: int = 300


@dataclass(frozen=True, slots=True)
class WebConfig:
    """All that a server is told.

    ``allowed_hosts`` are names (or ``name:port``) besides those of loopback. ``token`` is what visitors must
    show. ``behind_proxy``: a reverse proxy of ours is in front, and its forwarded headers are believed.

    Raises:
        OptionError: others could come in without being asked for anything, or a value cannot be.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    allowed_hosts: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    behind_proxy: bool = False
    recipe: Recipe = DEFAULT_RECIPE
    limits: WebLimits = field(default_factory=WebLimits)

    def __post_init__(self) -> None:
        if self.limits.processes > MOST_JOBS:
            raise OptionError(f"进程最多{MOST_JOBS}个。")
        for name in self.allowed_hosts:
            if split_host(name) is None:
                raise OptionError(f"--allowed-host 应是主机名，例如 fazhi.example.cn，现在是“{name[:60]}”。")
        if self.token is not None and (len(self.token) < LEAST_TOKEN or not re.fullmatch(r"[!-~]+", self.token)):
            raise OptionError(f"口令至少要有{LEAST_TOKEN}个字符，只能用英文字母、数字和符号，不能有空格。")
        if is_loopback(self.host):
            return
        if self.token is None and not self.behind_proxy:
            raise OptionError("要让别的电脑访问，请先用 --token-file 设口令，或放在反向代理后面并加 --behind-proxy。")
        if self.host in _EVERYWHERE and not self.allowed_hosts:
            raise OptionError("监听全部地址时，请用 --allowed-host 写明别人用什么名称或地址访问。")

    @property
    def checking(self) -> Recipe:
        """The recipe with limits that fit a server: one hostile file leaves room for the others."""
        own, web = self.recipe.limits, self.limits
        limits = replace(
            own,
            file_mib=min(own.file_mib, web.upload_mib),
            expanded_mib=min(own.expanded_mib, 2 * web.upload_mib),
            seconds=min(own.seconds, max(1, int(web.seconds * _WORKING_SHARE))),
        )
        return replace(self.recipe, limits=limits)


def is_loopback(host: str) -> bool:
    """Tell whether only this computer can reach what listens there."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def split_host(value: str) -> tuple[str, int | None] | None:
    """Return name and port of a Host header, or nothing where it is none."""
    found = _HOST.fullmatch(value.lower())
    return (found[1], int(found[2]) if found[2] else None) if found else None


def read_token(path: Path | None, environment: Mapping[str, str]) -> str | None:
    """Return the token from a file, else from the environment; it never stands on a command line.

    Raises:
        OptionError: the file cannot be read.
    """
    if path is None:
        return environment.get(TOKEN_VARIABLE, "").strip() or None
    try:
        return path.read_text("utf-8").strip()
    except OSError as exc:
        raise OptionError(f"口令文件 {path} 读不出来（{explain_os_error(exc)}）。") from exc
    except UnicodeDecodeError:
        raise OptionError(f"口令文件 {path} 不是文本文件。") from None


def parse_web_limits(settings: Iterable[str], base: WebLimits | None = None) -> tuple[WebLimits, dict[str, int]]:
    """Return the limits of the server with ``name=number`` settings applied, and those that are for reading files.

    Raises:
        OptionError: a name is unknown, or a value is no whole number above zero.
    """
    web = base or WebLimits()
    own = {f.name for f in fields(WebLimits)}
    reading: dict[str, int] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name.strip() in own:
            number = parse_limits([f"seconds={value}"]).seconds if _is_number(value) else 0
            if not number:
                raise OptionError(f"--limit {name.strip()} 应是大于零的整数，现在是“{value.strip()[:40]}”。")
            web = replace(web, **{name.strip(): number})
        else:
            _require_known(name.strip(), own)
            reading[name.strip()] = getattr(parse_limits([setting]), name.strip())
    return web, reading


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"\s*0*[1-9][0-9]{0,5}\s*", value))


def _require_known(name: str, own: set[str]) -> None:
    known = own | {f.name for f in fields(Limits)}
    if name not in known:
        raise OptionError(f"--limit 不认识“{name[:40]}”，可用：{'、'.join(sorted(known))}。")
