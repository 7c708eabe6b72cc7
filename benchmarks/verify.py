"""Hold an audit of a generated corpus against the truth: ``python -m benchmarks.verify CORPUS OUT``.

Every planted defect must be found, and nothing else may fail a mandatory rule or be missing, late, double or
unreadable. What the comparisons show beyond what was planted is counted: it is for people to review, and the
fewer the better.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from validator.audit.read import Audit

_Truth = dict[str, Any]
_WITH_COPIES = ("copied_organ", "copied_year", "near_duplicate")
_WITH_ECHOES = {
    "repeated_problem": "problem_repeated",
    "plan_unmentioned": "plan_unmentioned",
    "same_figures": "same_figure",
}


class Seen(NamedTuple):
    """What an audit says, by path. ``echoes`` and ``copies`` also know the other file."""

    mandatory: dict[str, set[str]]
    others: dict[str, dict[str, str]]
    errors: set[str]
    late: set[str]
    doubles: set[frozenset[str]]
    copies: dict[frozenset[str], int]
    echoes: dict[tuple[str, str, str], list[str]]
    missing: set[tuple[str, str | None, int]]
    notes: dict[str, tuple[str, ...]]


def verify(corpus: Path, out: Path) -> tuple[list[str], Counter[str]]:
    """Return what does not agree, in plain sentences, and counts of what was found and of what was not planted."""
    truth = [json.loads(line) for line in (corpus / "truth.jsonl").read_text("utf-8").splitlines()]
    seen = _look(out)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for defect in truth:
        counts[f"planted: {defect['kind']}"] += 1
        if _is_found(defect, seen):
            counts[f"found: {defect['kind']}"] += 1
        else:
            wrong.append(f"not found: {json.dumps(defect, ensure_ascii=False)[:300]}")
    wrong += _unplanted(truth, seen, counts)
    return wrong, counts


def _look(out: Path) -> Seen:
    with Audit(out) as audit:
        mandatory = {r.id for r in audit.rules() if r.severity == "error"}
        failing: dict[str, set[str]] = defaultdict(set)
        others: dict[str, dict[str, str]] = {}
        errors, notes = set(), {}
        for file, outcomes in audit.outcomes():
            failing[file.path] = {r for r, o in outcomes.items() if r in mandatory and o.outcome in ("fail", "review")}
            others[file.path] = {r: o.outcome for r, o in outcomes.items()}
            notes[file.path] = file.who.notes
            if file.outcome == "error":
                errors.add(file.path)
        echoes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for e in audit.echoes():
            echoes[e.kind, e.file.path, e.earlier.path].append(e.message + e.earlier_text + (e.text or ""))
        return Seen(
            failing,
            others,
            errors,
            {late.file.path for late in audit.late()},
            {frozenset(f.path for f in d.files) for d in audit.doubles()},
            {frozenset((c.here.path, c.there.path)): c.characters for c in audit.copies()},
            echoes,
            {(m.entry.organ, m.entry.region, m.year) for m in audit.missing()},
            notes,
        )


def _is_found(defect: _Truth, seen: Seen) -> bool:
    kind, path, other = defect["kind"], defect.get("path", ""), defect.get("other", "")
    if "rules" in defect:
        return all(seen.others.get(path, {}).get(rule) == outcome for rule, outcome in defect["rules"].items())
    if kind in _WITH_COPIES:
        return frozenset((path, other)) in seen.copies
    if kind in _WITH_ECHOES:
        told = seen.echoes.get((_WITH_ECHOES[kind], path, other), [])
        wanted = [f["name"] for f in defect["figures"]] if kind == "same_figures" else [defect["text"].strip("。")[:12]]
        return all(any(w in message for message in told) for w in wanted)
    ask: dict[str, Callable[[], bool]] = {
        "corrupt": lambda: path in seen.errors,
        "late": lambda: path in seen.late,
        "duplicate_submission": lambda: any({path, other} <= group for group in seen.doubles),
        "not_submitted": lambda: (defect["organ"], defect["region"], defect["year"]) in seen.missing,
        "wrong_folder_year": lambda: any(str(defect["year_in_report"]) in note for note in seen.notes[path]),
    }
    return ask[kind]()


def _unplanted(truth: list[_Truth], seen: Seen, counts: Counter[str]) -> Iterator[str]:
    """Yield what an audit says that was not planted and must not be; count the rest."""
    by_path: dict[str, list[_Truth]] = defaultdict(list)
    for defect in truth:
        by_path[defect.get("path", "")].append(defect)
    for path, rules in seen.mandatory.items():
        planted = {rule for d in by_path[path] for rule in d.get("rules", {})}
        if path not in seen.errors and "wrong_genre" not in {d["kind"] for d in by_path[path]} and rules - planted:
            yield f"not planted: {path} {sorted(rules - planted)}"
    kinds = {path: {d["kind"] for d in defects} for path, defects in by_path.items()}
    yield from (f"not planted: error {p}" for p in sorted(seen.errors) if "corrupt" not in kinds.get(p, ()))
    yield from (f"not planted: late {p}" for p in sorted(seen.late) if "late" not in kinds.get(p, ()))
    folder_years = {d["path"] for d in truth if d["kind"] == "wrong_folder_year"}
    pairs = {frozenset((d["path"], d["other"])) for d in truth if "other" in d}
    for group in seen.doubles:
        if group not in pairs and not group & folder_years:
            yield f"not planted: double {sorted(group)}"
    missing = {(d["organ"], d["region"], d["year"]) for d in truth if d["kind"] == "not_submitted"}
    for organ, region, year in sorted(seen.missing - missing, key=str):
        if not any(path.split("/")[-1].startswith(organ) for path in folder_years):
            yield f"not planted: missing {organ} {region} {year}"
    for pair in seen.copies:
        if pair not in pairs:
            counts["not planted: copy"] += 1
    for kind, path, other in seen.echoes:
        if frozenset((path, other)) not in pairs:
            counts[f"not planted: {kind}"] += 1


def main() -> None:
    """Print the counts and what does not agree; end with 1 when something does not."""
    wrong, counts = verify(Path(sys.argv[1]), Path(sys.argv[2]))
    for name, number in sorted(counts.items()):
        print(f"{name}: {number}")
    for line in wrong[:40]:
        print(line)
    print(f"{len(wrong)} do not agree")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
