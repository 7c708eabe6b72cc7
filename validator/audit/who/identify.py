"""Path, report and roster → whose report a file is (``Identity``), with what does not fit together in plain sentences.

For every field the roster counts most, then the path, then the report; only the year is the report's own, since the
folder it was put in says nothing about what it reports on. Nothing is chosen where several organs are possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from validator.audit.records import Identity, Origin, PathFacts, RosterEntry, TextFacts
from validator.audit.who.names import Name, key_of, may_be_same, name_region, parse_name
from validator.audit.who.places import PathIndex
from validator.audit.who.stems import guess_organ, guess_region, guess_year
from validator.audit.who.towns import explain_unclear
from validator.errors import plain
from validator.facts.report import classify_organ

NOT_IN_ROSTER = "名册里没有这个单位。"
OTHER_REGION = "名册里只有别的地区的同名单位。"
NOBODY = "看不出是哪个单位的报告。"
_SHOWN = 40
_NOTHING: Mapping[int, Sequence[str]] = MappingProxyType({})
_LONGEST = 120


class _Claim(NamedTuple):
    """An organ as path or report name it."""

    organ: str
    name: Name
    origin: Origin


class Directory:
    """The organs of the roster, found by path or by name. Without a roster nothing is found and nothing is noted."""

    def __init__(self, roster: Sequence[RosterEntry] = ()) -> None:
        """Index a roster.

        Raises:
            OptionError: the path of an entry cannot be read as a path or pattern.
        """
        self.roster = tuple(roster)
        self._paths = PathIndex(self.roster)
        self._names: list[Name] = []
        self._known: defaultdict[str, defaultdict[str, list[tuple[Name, int]]]] = defaultdict(lambda: defaultdict(list))
        for index, entry in enumerate(self.roster):
            own = parse_name(entry.organ, entry.region)
            self._names.append(own)
            for name in (own, *(parse_name(a, entry.region) for a in entry.aliases)):
                self._known[name.body][name.place].append((name, index))

    def identify(
        self, path: PathFacts, text: TextFacts, file_path: str, unclear: Mapping[int, Sequence[str]] = _NOTHING
    ) -> Identity:
        """Return whose report a file is.

        Args:
            path: what patterns say of its path; empty when there are none, or none fits.
            text: what the report says; empty for a file that could not be read.
            file_path: below the source, with ``/``; where neither path nor report name an organ, or the roster knows
                neither, what the name of the file says by itself is tried.
            unclear: lines of entries without region that files of several regions match, with these regions; a file is
                of such an entry only where the roster says so by its path.
        """
        around = path.region or guess_region(file_path)
        by_path = _claim(path.organ, around, "path")
        by_text = _claim(text.organ, around, "report")
        placed = self._paths.find(file_path)
        found, claim = placed, by_path or by_text
        if not placed:
            found, claim = self._find_by_name(by_path, by_text, around, file_path)
        index = found[0] if len(found) == 1 else None
        entry = None if index is None else self.roster[index]
        notes = tuple(self._notes(path, text, by_path, by_text, claim, found, bool(placed), file_path))
        is_unclear = entry is not None and not placed and entry.line in unclear
        if entry is not None and is_unclear:
            notes = (explain_unclear(plain(entry.organ)[:_SHOWN], unclear[entry.line]), *notes)
            entry = index = None
        name = claim.name if claim else None
        organ = claim.organ if claim else None
        origin: Origin = claim.origin if claim else "unknown"
        if index is not None and entry is not None:
            organ, origin = entry.organ, "roster"
            name = _place(self._names[index], claim, is_sure=not placed)
        year = text.year if text.year is not None else path.year
        return Identity(
            plain(organ)[:_LONGEST] if organ else None,
            _level(entry, path, text, organ, name is None or by_text is None or by_text.name.body == name.body),
            (entry.region if entry else None) or path.region or _region(name, claim, by_text) or around,
            year if year is not None else guess_year(file_path),
            key_of(name) if name and len(found) < 2 and (name.units or not is_unclear) else None,
            origin,
            entry.line if entry else None,
            notes,
        )

    def candidates(self, who: Identity, path: str) -> tuple[int, ...]:
        """Return the lines of the entries that a file of no entry may be of."""
        if not self.roster or who.entry is not None or who.organ is None:
            return ()
        found = self._paths.find(path) or self._entries(parse_name(who.organ, who.region))
        return tuple(self.roster[i].line for i in found)

    def is_placed(self, path: str) -> bool:
        """Tell whether the roster itself says whose report a file is, by its path."""
        return len(self._paths.find(path)) == 1

    def lines_without_region(self) -> frozenset[int]:
        """Return the lines of the entries whose region the roster does not say."""
        return frozenset(e.line for e, name in zip(self.roster, self._names, strict=True) if not name.units)

    def _find_by_name(
        self, by_path: _Claim | None, by_text: _Claim | None, region: str | None, file_path: str
    ) -> tuple[list[int], _Claim | None]:
        """Return the entries that a file can be of, and the claim that leads to them; without any, the best claim."""
        claims = [c for c in (by_path, by_text) if c]
        if by_path and by_text and not by_path.name.units and by_path.name.body == by_text.name.body:
            claims = [by_path._replace(name=by_text.name)]
        for claim in claims:
            if found := self._entries(claim.name):
                return found, claim
        if by_path is None and (self.roster or not claims):
            guess = _claim(guess_organ(file_path), region, "path")
            found = self._entries(guess.name) if guess else []
            if found or not claims:
                return found, guess
        return [], claims[0] if claims else None

    def _entries(self, name: Name) -> list[int]:
        """Return the entries that a name can mean: one, several when nothing decides, or none."""
        places = self._known.get(name.body)
        if places is None:
            return []
        wanted = (name.place, "") if name.units else tuple(places)
        found = [e for place in wanted for e in places.get(place, ())]
        if name.units or name.scope:
            found = [(n, i) for n, i in found if may_be_same(n, name)]
        if name.units:
            for closer in ([f for f in found if f[0].units], [f for f in found if f[0].units == name.units]):
                found = closer if closer else found
        return list(dict.fromkeys(i for _, i in found))

    def _notes(
        self,
        path: PathFacts,
        text: TextFacts,
        by_path: _Claim | None,
        by_text: _Claim | None,
        claim: _Claim | None,
        found: Sequence[int],
        is_placed: bool,
        file_path: str,
    ) -> Iterator[str]:
        """Yield what does not fit together."""
        if len(found) > 1:
            yield (
                f"名册里有{len(found)}个单位的路径都符合这个文件，无法确定是哪一个。"
                if is_placed
                else f"名册里有{len(found)}个同名单位，无法确定是哪一个。"
            )
        elif claim is None and not found:
            yield NOBODY
        elif self.roster and not found:
            yield OTHER_REGION if claim and claim.name.body in self._known else NOT_IN_ROSTER
        if by_text and not (len(found) == 1 and found[0] in self._entries(by_text.name)):
            if by_path and not _agree(by_path.name, by_text.name):
                yield f"路径写的是{_shown(by_path.organ)}，报告写的是{_shown(by_text.organ)}。"
            elif len(found) == 1 and not by_path and not _agree(self._names[found[0]], by_text.name):
                yield f"按路径是{_shown(self.roster[found[0]].organ)}，报告写的是{_shown(by_text.organ)}。"
        said = path.year if path.year is not None else guess_year(file_path)
        if said is not None and text.year is not None and said != text.year:
            yield f"路径写的是{said}年，报告写的是{text.year}年。"


def _claim(organ: str | None, region: str | None, origin: Origin) -> _Claim | None:
    name = parse_name(organ, region) if organ else None
    return _Claim(organ, name, origin) if organ and name and name.is_named else None


def _region(name: Name | None, *claims: _Claim | None) -> str | None:
    """Return the region of a name, or else what path or report say."""
    names = (name, *(c.name for c in claims if c))
    return next((name_region(n.units) for n in names if n and n.units), None)


def _place(own: Name, claim: _Claim | None, *, is_sure: bool) -> Name:
    """Return the name of an entry; where the roster says no region, in that of the path or report.

    Args:
        own: as the roster has it.
        claim: as path or report have it.
        is_sure: the entry was found by this name; otherwise it counts only where it is of the same organ.
    """
    if own.units or claim is None or not claim.name.units or not (is_sure or claim.name.body == own.body):
        return own
    return own._replace(units=claim.name.units, scope="")


def _agree(one: Name, other: Name) -> bool:
    """Tell whether two names can mean one organ; 柳河 may be 柳河镇."""
    short, long = sorted((one, other), key=lambda n: len(n.body))
    if len(short.body) >= 2 and long.body in {short.body + kind for kind in ("镇", "乡", "街道", "局")}:
        short = short._replace(body=long.body)
    return may_be_same(short, long)


def _level(entry: RosterEntry | None, path: PathFacts, text: TextFacts, organ: str | None, is_same: bool) -> str | None:
    """Return the level: of the roster, the path, the report if it names the same organ, or else by the name."""
    known = (entry.level if entry else None) or path.level or (text.level if is_same else None)
    if known is not None:
        return known
    by_name = classify_organ(organ)[0] if organ else None
    return by_name if by_name and by_name != "other" else text.level


def _shown(organ: str) -> str:
    return plain(organ)[:_SHOWN]
