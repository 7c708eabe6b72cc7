"""One file of an audit → a Word 审核意见书 for its organ; many files → a letter for each.

``opinion_parts`` says what stands in it, ``settled`` what is left of the findings after decisions, ``letter`` how it
looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from validator.audit.exports.opinion_parts import Around, write_refusal, write_whole_letter
from validator.audit.exports.settled import settle
from validator.audit.read import Audit
from validator.audit.records import About, Decision, FileRow
from validator.letter import build_template, clean, open_letter

Which = Literal["failed", "all"]
MOST_CHARACTERS = 100
_MUCH, _MANY = 0.1, 200
"""So great a part of a report, or so many characters, are worth a letter where another organ has them too."""
_MOST_BYTES = 240
"""Of a file name with its ending: file systems hold 255 bytes, and a number may follow."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')


class Batch(NamedTuple):
    """What is the same for all letters of an audit, gathered once.

    ``late`` are (published, due) by file; ``doubles`` the paths of all files of the organ and year and whether they
    have the same text, by file; ``shared`` the files that share passages with another, ``much`` those that share so
    much of their own that a letter is worth it; ``echoing`` those that echo last year's.
    """

    template: bytes
    about: About
    titles: dict[str, str]
    decisions: dict[str, tuple[Decision, ...]]
    late: dict[int, tuple[str, str]]
    doubles: dict[int, tuple[tuple[str, ...], bool]]
    shared: frozenset[int]
    much: frozenset[int]
    echoing: frozenset[int]


def gather(audit: Audit) -> Batch:
    """Read what every letter needs. It grows with the decisions, late reports and copies, not with the findings."""
    decisions: dict[str, list[Decision]] = defaultdict(list)
    for decision in audit.decisions():
        decisions[decision.path].append(decision)
    doubles: dict[int, tuple[tuple[str, ...], bool]] = {}
    for double in audit.doubles():
        paths = tuple(f.path for f in double.files)
        doubles |= {f.id: (paths, double.identical) for f in double.files}
    shared: set[int] = set()
    much: set[int] = set()
    for copy in audit.copies():
        sides = [] if copy.kind == "double" else [(copy.here.id, copy.share_here)]
        if copy.kind == "organ":
            sides.append((copy.there.id, copy.share_there))
        for file, share in sides:
            shared.add(file)
            if copy.kind == "year" or share >= _MUCH or copy.characters >= _MANY:
                much.add(file)
    return Batch(
        build_template(),
        audit.about(),
        {r.id: r.title for r in audit.rules()},
        {path: tuple(found) for path, found in decisions.items()},
        {late.file.id: (late.published, late.due) for late in audit.late()},
        doubles,
        frozenset(shared),
        frozenset(much),
        frozenset(echo.file.id for echo in audit.echoes()),
    )


def write_opinion(audit: Audit, file: FileRow, path: Path, *, batch: Batch | None = None) -> None:
    """Write the 审核意见书 of one file.

    Args:
        audit: the audit the file belongs to.
        file: a row of it.
        path: of the .docx file; an existing one is replaced.
        batch: what ``gather`` returned, where many letters are written.

    Raises:
        OptionError: it cannot be written.
    """
    batch = batch or gather(audit)
    letter = open_letter(batch.template)
    if file.decided == "error":
        write_refusal(letter, file, batch.about)
    else:
        told = batch.decisions.get(file.path, ())
        result = audit.result(file.id)
        around = Around(
            batch.about,
            batch.titles,
            told,
            tuple(audit.copies(file=file.id)) if file.id in batch.shared else (),
            tuple(audit.echoes(file=file.id)) if file.id in batch.echoing else (),
            batch.late.get(file.id),
            batch.doubles.get(file.id),
        )
        write_whole_letter(letter, file, result, settle(result, audit.outcomes_of(file.id), told), around)
    letter.save(path)


def write_opinions(
    audit: Audit,
    place: Callable[[str, Callable[[Path], object]], object],
    *,
    which: Which = "failed",
    advance: Callable[[FileRow], None] | None = None,
) -> int:
    """Write a 审核意见书 for many files, and return how many.

    The names do not depend on ``which``: a file has the same name in both.

    Args:
        audit: the audit.
        place: given the name of a letter and what writes it to a path, it brings it to where it belongs.
        which: ``all``, or ``failed``: the files about which a person has something to do. These are the files that
            fail, need review or could not be checked (after decisions), and those that pass but share much with
            another organ or anything with last year's report, echo it, were published late, or were submitted twice.
            Hints alone are no reason to write to an organ. Attachments never get a letter.
        advance: called after each file.

    Raises:
        OptionError: a letter cannot be written.
    """
    batch = gather(audit)
    count = 0
    for file, name in name_letters(audit):
        if needs_letter(file, batch) or (which == "all" and not file.attachment):
            place(name, partial(write_opinion, audit, file, batch=batch))
            count += 1
        if advance is not None:
            advance(file)
    return count


def needs_letter(file: FileRow, batch: Batch) -> bool:
    """Tell whether a person has something to do about a file."""
    if file.attachment:
        return False
    return file.decided in ("fail", "review", "error") or any(
        file.id in found for found in (batch.much, batch.echoing, batch.late, batch.doubles)
    )


def name_letters(audit: Audit) -> Iterator[tuple[FileRow, str]]:
    """Yield every file with the name of its letter, in the order of ``Audit.files``.

    Equal names get a number in that order; names that differ only in case are equal, as some file systems have it.
    """
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    for file in audit.files():
        stem = _stem(file)
        name = f"{stem}.docx"
        while name.casefold() in taken:
            repeats[stem] = repeats.get(stem, 1) + 1
            name = f"{stem}-{repeats[stem]}.docx"
        taken.add(name.casefold())
        yield file, name


def _stem(file: FileRow) -> str:
    """Return year, region and organ. It begins with the year, so that it is never a reserved name such as CON."""
    who = file.who
    region = who.region or ""
    organ = who.organ or Path(file.path).stem
    parts = (str(who.year) if who.year else "年度不明", "" if organ.startswith(region) else region, organ)
    stem = "-".join(p for p in map(_plain_name, parts) if p)
    stem = stem[: MOST_CHARACTERS - len("-99999.docx")]
    while len(stem.encode()) > _MOST_BYTES - len("-99999.docx"):
        stem = stem[:-1]
    return stem.rstrip(" .-")


def _plain_name(text: str) -> str:
    """Return text without what a file name cannot hold on some system."""
    return " ".join(_FORBIDDEN.sub(" ", clean(unicodedata.normalize("NFC", text))).split()).strip(" .-")
