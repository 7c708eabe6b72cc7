"""All that decides the result of a file beside the file itself, as a value that can be compared, kept and sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from validator.errors import OptionError, RuleFileError
from validator.options import DEFAULT_LIMITS, DEFAULT_OPTIONS, CheckOptions, Limits

if TYPE_CHECKING:
    from validator.pack_files import PackFolder

SHARED_FILES = ("lexicon.yaml", "matters.yaml", "spans.yaml", "landmarks.yaml", "titles.yaml", "formulas.yaml")
"""The files of a rule folder that all rules share, in the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a result beside the file. It can be sent to another process.

    ``packs`` are folders of packs, or names of shipped ones, in the order in which they are laid on the rules.
    ``all_findings``: no rule stops at its first twenty findings. ``with_text``: results hold the whole text.
    """

    rules_dir: Path | None = None
    profile: str = "default"
    options: CheckOptions = DEFAULT_OPTIONS
    model: str = "auto"
    limits: Limits = DEFAULT_LIMITS
    ocr: bool = False
    all_findings: bool = False
    with_text: bool = False
    packs: tuple[Path, ...] = ()


DEFAULT_RECIPE = Recipe()


def default_rules_path() -> Path:
    """Return the shipped ``rules`` folder: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent / "rules"


def list_rule_files(root: Path, profile: str, also: Collection[Path] = ()) -> Iterator[Path]:
    """Yield the files that a rule set of a profile is made of, in the order in which they are read.

    Args:
        root: the rule folder.
        profile: the name of the profile.
        also: files below the folder that count although they need not be on the disk.

    Raises:
        RuleFileError: the folder does not exist.
        OptionError: there is no profile of that name.
    """
    if not root.is_dir():
        raise RuleFileError(str(root), 1, 1, "规则目录不存在")
    for name in SHARED_FILES:
        yield root / name
    found = sorted({*root.glob("*/*.yaml"), *(p for p in also if p.parent.parent == root and p.suffix == ".yaml")})
    profiles = {p.stem: p for p in found if p.parent.name == "profiles"}
    if profile not in profiles:
        raise OptionError(f"没有名为 {profile} 的方案，可用的有：{'、'.join(profiles)}。")
    yield from (p for p in found if p.parent.name == "sources")
    yield from (p for p in found if p.parent.name not in ("sources", "profiles"))
    yield profiles[profile]


def shipped_packs_path() -> Path:
    """Return the folder of the packs that come with the program."""
    return default_rules_path() / "packs"


def digest_rules(root: Path, profile: str, packs: Sequence[Path] = ()) -> str:
    """Return the digest of a rule set without reading what its files say, but for what packs extend.

    Raises:
        RuleFileError: a file of it cannot be read, or packs extend one another in a circle.
        OptionError: there is no profile of that name.
    """
    digest = sha256()
    for path in list_rule_files(root, profile):
        try:
            digest.update(digest_part(root, path, path.read_bytes()))
        except OSError as exc:
            raise RuleFileError(path.relative_to(root.parent).as_posix(), 1, 1, "文件不存在或读不出来") from exc
    if packs:
        from validator.pack_files import read_packs

        for number, pack in enumerate(read_packs(packs, shipped_packs_path()), 1):
            digest.update(digest_pack(number, pack))
    return f"sha256:{digest.hexdigest()}"


def digest_pack(number: int, pack: PackFolder) -> bytes:
    """Return what one pack adds to the digest; ``number`` is its place among the packs, from 1."""
    return b"".join(f"pack {number}/{name}".encode() + b"\0" + data + b"\0" for name, data in pack.parts())


def digest_part(root: Path, path: Path, data: bytes) -> bytes:
    """Return what one file adds to the digest of its rule set."""
    return path.relative_to(root).as_posix().encode() + b"\0" + data + b"\0"
