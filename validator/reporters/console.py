"""Lines of Chinese on a terminal: measured in cells, cut where Chinese may be cut, without anything that steers it."""

from __future__ import annotations

import re
from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

MAX_WIDTH = 100
_NOT_FIRST = "，。、；：！？）》〕”’…%"
_NOT_LAST = "（《〔“‘"
_UNITS = re.compile(r"[!-~]+|〔  〕|.")


class _Console(Console):
    """A console that leaves a closed pipe to the program: its own exit code 1 would mean that a report failed."""

    def on_broken_pipe(self) -> None:
        """Tell the program."""
        raise BrokenPipeError


def open_console(stream: IO[str], most: int = MAX_WIDTH) -> Console:
    """Return a console on a stream, at most ``most`` cells wide; plain where the stream is no terminal."""
    console = _Console(file=stream, highlight=False, soft_wrap=False)
    console.width = min(console.width, most)
    return console


def visible(text: str) -> str:
    """Return text of equal length in which nothing steers the terminal: names of files and their words are hostile."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def print_text(console: Console, content: Text, by: int) -> None:
    """Print a paragraph, indented ``by`` cells."""
    content.plain = visible(content.plain)
    lines = wrap(content.plain, console.width - by)
    offset = 0
    for line in lines:
        at = content.plain.index(line, offset)
        part = content[at : at + len(line)]
        offset = at + len(line)
        console.print(Text(" " * by).append_text(part), no_wrap=True, overflow="ignore", crop=False)


def wrap(text: str, width: int) -> list[str]:
    """Cut a line at ``width`` cells as Chinese is set: between any characters, but no mark begins a line.

    Runs of ASCII (文号, file names, numbers) stay whole where they fit.
    """
    lines: list[str] = []
    line: list[str] = []
    for unit in _UNITS.findall(text.strip()):
        units = [unit]
        if line and cell_len("".join(line)) + cell_len(unit) > width:
            while len(line) > 1 and (units[0][0] in _NOT_FIRST or line[-1][-1] in _NOT_LAST):
                units.insert(0, line.pop())
            lines.append("".join(line).rstrip(" "))
            line = []
            units[0] = units[0].lstrip(" ")
        for part in units:
            rest = part
            while cell_len(rest) > width:
                lines.append(rest[: width // 2])
                rest = rest[width // 2 :]
            line.append(rest)
    return [*lines, "".join(line)] if line or not lines else lines
