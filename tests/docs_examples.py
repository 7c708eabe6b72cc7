"""The commands in the documentation: found in the Markdown, run as they stand there, or held to the real command line.

A block ``console`` is run: lines with ``$`` are commands, what follows each is its output, all of it. The blocks of a page
share one new folder. What stands before a block in a comment of its own line prepares it::

    <!-- docs: file 报告.txt = fixtures/reports/missing-plan.txt -->   a copy; a .docx is made of a text
    <!-- docs: file 本局.yaml -->      the next block is the content of this file
    <!-- docs: new folder -->          what follows starts with nothing
    <!-- docs: exit 1 -->              the commands of the next block end so (else: 0, or what `echo $?` shows)
    <!-- docs: slow -->                the page takes seconds

Commands are ``fazhi`` (with ``< FILE``), ``cat`` and ``echo $?``. Blocks ``sh`` are parsed only, and so are commands within text.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from tests.conftest import ROOT, run_fazhi
from tests.formats import as_docx, read_report
from validator.cli import app
from validator.cli.help import UsageError

PAGES = sorted(
    str(p.relative_to(ROOT).as_posix())
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "fixtures/*.md")
    for p in ROOT.glob(pattern)
    if p.name != "CHANGELOG.md"
)
_DIRECTIVE = re.compile(r"\s*<!-- docs: (.+) -->\s*")
_FENCE = re.compile(r"(\s*)(`{3,})([\w-]*)(.*)")
_INLINE = re.compile(r"(?<!`)`(fazhi [^`\n]+)`(?!`)")


@dataclass(slots=True)
class Step:
    """A command with what a page shows as its output."""

    command: str
    shown: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A fenced block: its language, its lines, where the first of them stands (0-based), and what prepares it."""

    language: str
    lines: list[str]
    start: int
    directives: list[str]


def find_blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page, each with the comments since the one before; a last one holds what is left."""
    directives: list[str] = []
    block: Block | None = None
    fence = indent = ""
    for number, line in enumerate(text.split("\n")):
        mark = _FENCE.fullmatch(line)
        if block is not None:
            if mark and mark[2] >= fence and not mark[3]:
                yield block
                block = None
            else:
                block.lines.append(line.removeprefix(indent))
        elif mark:
            indent, fence = mark[1], mark[2]
            block = Block(mark[3], [], number + 1, directives)
            directives = []
        elif found := _DIRECTIVE.fullmatch(line):
            directives.append(found[1])
    if block is not None or directives:
        raise ValueError("a block that does not end, or a comment that prepares none")


def read_steps(block: Block) -> list[Step]:
    """Return the commands of a block with their output."""
    steps: list[Step] = []
    for line in block.lines:
        if line.startswith("$ "):
            steps.append(Step(line[2:]))
        elif not steps:
            raise ValueError(f"output before any command: {line}")
        else:
            steps[-1].shown.append(line)
    return steps


def is_slow(text: str) -> bool:
    """Tell whether a page says that its commands take seconds."""
    return any("slow" in b.directives for b in find_blocks(text))


def run_page(text: str, new_folder: Any) -> str:
    """Return a page with its outputs as they really are.

    Args:
        text: the page.
        new_folder: makes an empty folder, each time another one.

    Raises:
        AssertionError: a command ends otherwise than the page says.
    """
    lines = text.split("\n")
    folder: Path = new_folder()
    moved = 0
    for block in find_blocks(text):
        target, code = None, 0
        for said in block.directives:
            match said.split():
                case ["new", "folder"]:
                    folder = new_folder()
                case ["file", name, "=", source]:
                    put_file(folder / name, ROOT / source)
                case ["file", name]:
                    target = folder / name
                case ["exit", number]:
                    code = int(number)
                case ["slow"]:
                    pass
                case _:
                    raise ValueError(f"no such preparation: {said}")
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join([*block.lines, ""]), "utf-8", newline="\n")
        if block.language == "console":
            real = _run_block(block, folder, code)
            begin = block.start + moved
            lines[begin : begin + len(block.lines)] = real
            moved += len(real) - len(block.lines)
    return "\n".join(lines)


def put_file(target: Path, source: Path) -> None:
    """Copy a specimen, as a Word file where the name asks for one; a folder with all in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    data = source.read_bytes()
    target.write_bytes(as_docx(read_report(source.name, data)) if target.suffix == ".docx" else data)


def _run_block(block: Block, folder: Path, code: int) -> list[str]:
    steps = read_steps(block)
    real: list[str] = []
    ended = 0
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        if step.command == "echo $?":
            output = f"{ended}\n"
        else:
            output, ended = run_command(step.command, folder)
            if after is None or after.command != "echo $?":
                assert ended == code, (step.command, output)
        real += [f"$ {step.command}", *output.removesuffix("\n").split("\n")] if output else [f"$ {step.command}"]
    return real


def run_command(command: str, folder: Path) -> tuple[str, int]:
    """Return what a command of a page writes to a terminal, and its exit code."""
    words = shlex.split(command)
    stdin = b""
    if len(words) > 2 and words[-2] == "<":
        stdin = (folder / words[-1]).read_bytes()
        words = words[:-2]
    match words:
        case ["cat", name]:
            return (folder / name).read_text("utf-8"), 0
        case ["fazhi", *args]:
            done = run_fazhi(folder, args, stdin, name="fazhi")
            return done.stdout, done.returncode
    raise ValueError(f"pages run fazhi, cat and echo $?, not: {command}")


def find_commands(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the commands of a page that are only shown, and whether each is whole (a block) or only named (in a sentence)."""
    blocks = list(find_blocks(text))
    for block in blocks:
        if block.language == "sh":
            joined = "\n".join(block.lines).replace("\\\n", " ")
            yield from ((line, True) for line in joined.split("\n") if line.startswith("fazhi "))
    lines = text.split("\n")
    for block in blocks:
        lines[block.start : block.start + len(block.lines)] = [""] * len(block.lines)
    yield from ((found[1], False) for found in _INLINE.finditer("\n".join(lines)))


def parse_command(command: str, whole: bool) -> None:
    """Parse a command with the real command line, without running it.

    Args:
        command: as it is shown; a comment at its end, ``< FILE`` and what stands in brackets are left out.
        whole: all that is required must be there.

    Raises:
        UsageError: there is no such command or option, a value may not be written, something is missing.
    """
    words = shlex.split(re.sub(r"\[[^]]*\]|…$", "", command), comments=True)
    args = words[1 : words.index("<")] if "<" in words else words[1:]
    node: Any = _command_line()
    context: Any = None
    name: str | None = "fazhi"
    try:
        while True:
            context = node.make_context(name, list(args), parent=context, resilient_parsing=not whole)
            rest = [*getattr(context, "_protected_args", ()), *context.args]
            if not isinstance(node, typer.core.TyperGroup) or not rest:
                break
            name, node, args = node.resolve_command(context, rest)
            if node is None:
                raise UsageError(f"no command {rest[0]}")
    except typer.Exit:
        return
    known = {"-h", "--help", *(o for p in node.params for o in (*p.opts, *p.secondary_opts))}
    if strange := [a for a in args if re.match("--?[a-z]", a) and a.split("=")[0] not in known]:
        raise UsageError(f"no option {strange[0]}")


@cache
def _command_line() -> Any:
    return get_command(app)


def refuse(command: str, whole: bool) -> str:
    """Return why a command could not be given so; nothing where it could."""
    try:
        parse_command(command, whole)
    except UsageError as wrong:
        return f"{command}: {type(wrong).__name__} {wrong}"
    return ""


def page_params() -> list[Any]:
    """Return the pages that run something, as parameters of a test; those that take seconds are slow."""
    found = []
    for name in PAGES:
        text = (ROOT / name).read_text("utf-8")
        if "```console" in text:
            marks = [pytest.mark.slow] if is_slow(text) else []
            found.append(pytest.param(name, marks=marks, id=name))
    return found
