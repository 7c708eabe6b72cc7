"""Skeleton → the bytes of a Word file, and the file itself, which is never written over another."""

from __future__ import annotations

from pathlib import Path

from validator.draft.skeleton import Skeleton
from validator.errors import OptionError, explain_os_error
from validator.letter import build_template, open_letter

_NUMBERS = "一二三四五六七八九"


def render_skeleton(skeleton: Skeleton) -> bytes:
    """Return the bytes of a Word file: headings and blanks, with hints as comments. The same words, the same bytes."""
    letter = open_letter(build_template())
    parts = sections = 0
    for line in skeleton.lines:
        words = line.words[0]
        if line.style == "title":
            letter.title(words, line.words[1])
        elif line.style == "heading":
            parts, sections = parts + 1, 0
            letter.heading(f"{_NUMBERS[parts - 1]}、{words}")
        elif line.style == "subheading":
            sections += 1
            letter.subheading(sections, words)
        elif line.style == "addressee":
            letter.address(words)
        elif line.style == "sign":
            letter.sign(words)
        else:
            letter.say(words)
        for hint in line.hints:
            letter.comment(hint.text, hint.author)
    return letter.pack()


def write_skeleton(skeleton: Skeleton, path: Path) -> None:
    """Write the file, if there is none.

    Raises:
        OptionError: there is one already, or it cannot be written.
    """
    data = render_skeleton(skeleton)
    try:
        with path.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise OptionError(f"{path} 已经有了，没有改。请用 --out 换一个名字。") from None
    except OSError as exc:
        raise OptionError(f"{path} 写不进去（{explain_os_error(exc)}）。") from exc
