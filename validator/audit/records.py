"""The rows of an audit: what the phases hand to each other, and what every output is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from validator.document import Location
from validator.options import Enforcement
from validator.result import Basis, Outcome, PackUse, RuleSetId, Severity

Region = Literal["own", "problems", "plan"]
"""Where a passage stands: the work of the year, problems and causes, the plan for the next year."""
EchoKind = Literal["problem_repeated", "plan_unmentioned", "same_figure"]
ECHO_KINDS: tuple[EchoKind, ...] = ("problem_repeated", "plan_unmentioned", "same_figure")
Origin = Literal["roster", "path", "report", "unknown"]
Verb = Literal["confirm", "dismiss", "override"]
GENRE_RULE = "G001"
"""The rule that says whether a file is an annual report at all."""
VERBS: tuple[Verb, ...] = ("confirm", "dismiss", "override")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a report as it stands in the file, on one line, long numbers masked."""

    text: str
    region: Region
    location: Location


@dataclass(frozen=True, slots=True)
class Item:
    """A problem, or an item of the plan. ``words`` are all its words, normalised and without number mark.

    ``narrow`` and ``broad`` are the matters it names (``rules/matters.yaml``); ``own`` the runs of three characters of
    its words that belong to no matter.
    """

    text: str
    words: str
    location: Location
    narrow: tuple[str, ...]
    broad: tuple[str, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A named number of the year's work: ``name`` are the words it counts, ``value`` a decimal without separators."""

    name: str
    value: str
    unit: str
    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Traits:
    """What a report is compared by.

    ``sketch`` holds the bands of each passage, ``whole`` those of the whole report (see ``across.sketches``).
    ``matters`` are those that the year's own work names, ``said`` the normalised text of it.
    """

    passages: tuple[Passage, ...]
    problems: tuple[Item, ...]
    plan: tuple[Item, ...]
    figures: tuple[Figure, ...]
    matters: tuple[str, ...]
    said: str
    sketch: bytes
    whole: bytes


class PathFacts(NamedTuple):
    """What the path of a file says about whose report it is."""

    organ: str | None = None
    level: str | None = None
    region: str | None = None
    year: int | None = None


class TextFacts(NamedTuple):
    """What the report says about whose it is. ``published`` is an ISO day."""

    organ: str | None = None
    level: str | None = None
    kind: str | None = None
    year: int | None = None
    published: str | None = None
    title: str | None = None


class Identity(NamedTuple):
    """Whose report a file is. ``key`` is the same for all reports of one organ; ``None``: nobody knows whose it is.

    ``origin`` says where the name of the organ comes from; ``entry`` is the line of the roster (1-based), ``notes``
    plain sentences about what does not fit together.
    """

    organ: str | None
    level: str | None
    region: str | None
    year: int | None
    key: str | None
    origin: Origin
    entry: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One organ that must submit. ``line`` is its 1-based line in the roster; ``years`` empty: every year.

    ``enforcement`` says whether it enforces law, where the roster says so.
    """

    line: int
    organ: str
    level: str | None
    region: str | None
    aliases: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    path: str | None = None
    enforcement: Enforcement | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What an audit was made with, and how far it came.

    ``state``: ``checking``, ``comparing`` or ``finished``. ``due`` is the year whose reports are due.
    ``packs``: local rules that were laid on those of the profile.
    """

    format_version: int
    tool_version: str
    pipeline: str
    ruleset_version: str
    ruleset_digest: str
    profile: str
    source: str
    state: str
    due: int | None
    files: int
    roster: int | None
    packs: tuple[PackUse, ...] = ()

    @property
    def ruleset(self) -> RuleSetId:
        """The rules, as every result names them."""
        return RuleSetId(self.ruleset_version, self.ruleset_digest, self.packs)


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule of the audit, in the order of the checklist."""

    id: str
    title: str
    severity: Severity
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. ``outcome`` is the tool's, ``decided`` what it is after the reviewer's decisions.

    ``failed`` counts mandatory rules that fail, ``warned`` others that fail, ``doubts`` rules to review, all after
    decisions. ``error`` says why the file could not be checked. ``attachment``: no report, and beside one of the same
    organ; its ``decided`` is ``not_applicable`` and it counts nowhere, unless a reviewer decided on ``GENRE_RULE``.
    """

    id: int
    path: str
    sha256: str | None
    size: int | None
    outcome: Outcome
    decided: Outcome
    as_of: str | None
    title: str | None
    published: str | None
    document_number: str | None
    organ_kind: str | None
    who: Identity
    failed: int
    warned: int
    doubts: int
    error: str | None
    attachment: bool = False


class RuleOutcome(NamedTuple):
    """The outcome of a rule for a file: the tool's, and after the reviewer's decisions."""

    outcome: Outcome
    decided: Outcome
    findings: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding. ``place`` is written as people count it; ``verb`` is the decision on it, if any."""

    file: int
    path: str
    rule: str
    number: int
    outcome: Outcome
    message: str
    excerpt: str | None
    section: str | None
    place: str | None
    suggestion: str | None
    fingerprint: str
    verb: Verb | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided on a finding, or (empty ``fingerprint``) on a rule for a file.

    ``outcome`` is what an ``override`` sets. ``stale``: the finding is no longer there.
    """

    path: str
    rule: str
    fingerprint: str
    verb: Verb
    outcome: Outcome | None
    reason: str
    reviewer: str
    day: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often reviewers agreed with the tool about a rule."""

    rule: str
    agreed: int
    disagreed: int


@dataclass(frozen=True, slots=True)
class Missing:
    """An organ of the roster whose report of a year is not there. ``hint`` names a file that may be meant for it."""

    year: int
    entry: RosterEntry
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Double:
    """Several files of one organ and year, in order of their paths; ``identical``: all have the same text."""

    organ: str
    year: int
    files: tuple[FileRow, ...]
    identical: bool


@dataclass(frozen=True, slots=True)
class Late:
    """A report published after the last day, both ISO."""

    file: FileRow
    published: str
    due: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a copied passage. ``marks`` are half-open ranges of ``text`` that the other side has too."""

    text: str
    place: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CopiedPassage:
    """A stretch that two reports share, with both texts; ``characters`` are those that count as the same."""

    here: Side
    there: Side
    characters: int


CopyKind = Literal["organ", "year", "double"]
"""Between organs, with last year's report of the same organ, or between files of one organ and year."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What two reports share. ``share`` is the part (0–1) of the characters of ``here`` that stand in ``there``."""

    kind: CopyKind
    here: FileRow
    there: FileRow
    characters: int
    share_here: float
    share_there: float
    passages: tuple[CopiedPassage, ...]


@dataclass(frozen=True, slots=True)
class Common:
    """A sentence that so many organs share that it is not called copied. ``files`` are the first of them."""

    text: str
    organs: int
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Echo:
    """What this year's report of an organ and last year's have to do with each other; always for a person to review."""

    kind: EchoKind
    file: FileRow
    earlier: FileRow
    message: str
    text: str | None
    place: str | None
    earlier_text: str
    earlier_place: str
    fingerprint: str
