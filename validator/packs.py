"""Packs → the Draft that they make of another one: rules added, changed and switched off, words put in and taken out.

Files are only read, and nothing is half-laid: the first mistake ends it, with path, line and column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from validator.errors import PackProfileError
from validator.kinds import GenreCheck, PartCheck
from validator.nearest import list_names, suggest_nearest
from validator.pack_files import SOURCES, PackFolder, read_packs
from validator.pack_terms import change_terms
from validator.recipe import digest_pack, shipped_packs_path
from validator.result import PackUse, Severity
from validator.rule import Pack, Profile, Rule, Source
from validator.rule_drafts import Draft, parse, require_stem
from validator.yaml_file import Place, YamlFile, read_yaml

_RANK = {"error": 2, "warning": 1, "note": 0}
_JUDGES = ("check", "only_if", "applies", "basis")
"""Keys that decide what a rule finds, and for whom."""
_KEYS_OF_OTHERS = {"id": "编号不能改", "kind": "查法的种类不能改，请另写一条规则，再把这一条关掉"}
_SEVERITY_WORDS = {"error": "必备项", "warning": "应改项", "note": "质量提示"}


def lay_packs(draft: Draft, packs: Sequence[Path], overlay: Mapping[Path, bytes] | None = None) -> Draft:
    """Return a draft with packs laid on it, in their order; those that a pack extends come before it.

    Args:
        draft: the rules without them.
        packs: folders, or names of packs that come with the program.
        overlay: files that are taken from here and not from the disk.

    Raises:
        RuleFileError: a pack is wrong.
    """
    digest = draft.digest.copy()
    for number, folder in enumerate(read_packs(packs, shipped_packs_path(), overlay), 1):
        digest.update(digest_pack(number, folder))
        draft = _Laying(draft, folder).lay()
    return replace(draft, digest=digest)


@dataclass(slots=True)
class _Laying:
    """One pack on its way onto a draft, which each step makes anew. ``weakened`` gathers what is said of it."""

    draft: Draft
    folder: PackFolder
    weakened: tuple[str, ...] = ()

    @property
    def file(self) -> YamlFile:
        """``pack.yaml``."""
        return self.folder.manifest

    def lay(self) -> Draft:
        """Return the draft with the pack."""
        pack = parse(self.file, Pack)
        if any(p.id == pack.id for p in self.draft.packs):
            raise self.file.error(("id",), f"清单编号 {pack.id} 重复，前面已经有一份")
        if pack.profiles and self.draft.profile.id not in pack.profiles:
            path, line, column = self.file.mark(("profiles",))
            known = list_names(pack.profiles)
            said = f"这份清单只用于方案 {known}，现在用的是 {self.draft.profile.id}"
            said += suggest_nearest(known, [self.draft.profile.id])
            raise PackProfileError(path, line, column, said)
        self._require_known(pack)
        self._add_sources()
        self._add_rules(pack)
        for rule_id in pack.change:
            self._change(rule_id, pack)
        self._change_terms(pack)
        self._switch_off(pack)
        self._keep_unwaivable(pack)
        use = PackUse(pack.id, pack.title, pack.version, self.weakened)
        return replace(self.draft, packs=(*self.draft.packs, use))

    def _require_known(self, pack: Pack) -> None:
        """Refuse changes of rules that do not exist before them."""
        for key, names in (("change", pack.change), ("off", pack.off)):
            for name in names:
                if name not in self.draft.rules:
                    own = any(p.stem == name and p.parent.name != SOURCES for p in self.folder.files)
                    told = "自己加的规则，直接写在它的文件里" if own else self._no_rule(name)
                    raise self.file.error((key, name), told)
        for name in pack.off:
            if name in pack.change:
                raise self.file.error(("off", name), f"{name} 已经写在 change 里，不能又改又关")

    def _no_rule(self, name: str) -> str:
        return f"没有编号为 {name} 的规则{suggest_nearest(name, self.draft.rules)}"

    def _own_files(self, *, sources: bool) -> Iterator[tuple[Path, YamlFile]]:
        for path, data in self.folder.files.items():
            if path.parent != self.folder.folder and (path.parent.name == SOURCES) is sources:
                yield path, read_yaml(self.folder.name(path), data)

    def _add_sources(self) -> None:
        sources = dict(self.draft.sources)
        for path, file in self._own_files(sources=True):
            source = parse(file, Source)
            require_stem(file, source.id, path)
            if source.id in sources:
                raise file.error(("id",), f"已经有名为 {source.id} 的依据，请换一个编号；依据不能改，只能加")
            sources[source.id] = source
        self.draft = replace(self.draft, sources=sources)

    def _add_rules(self, pack: Pack) -> None:
        rules, files = dict(self.draft.rules), dict(self.draft.rule_files)
        added: list[str] = []
        for path, file in self._own_files(sources=False):
            rule = parse(file, Rule)
            require_stem(file, rule.id, path)
            if rule.id in rules:
                other = files[rule.id].name
                raise file.error(
                    ("id",),
                    f"规则编号 {rule.id} 已经有了，在 {other}；新规则请用 Y、Z 开头的新编号，要改它请写进 change",
                )
            if isinstance(rule.check, GenreCheck):
                raise file.error(("check", "kind"), "清单里不能另加文种规则")
            finder = _finder_of(rule, self.draft.rules.values())
            if finder is not None:
                raise file.error(
                    ("check", "kind"),
                    f"这一部分由 {finder} 认定，不能另加；要改认法，请在 change 里改它，写明理由",
                )
            rules[rule.id], files[rule.id] = rule, file
            added.append(rule.id)
        order = self._place(added, pack)
        profile = self.draft.profile.model_copy(update={"rules": order})
        self.draft = replace(self.draft, rules=rules, rule_files=files, profile=profile)

    def _place(self, added: Iterable[str], pack: Pack) -> tuple[str, ...]:
        """Return the order of the checklist with new rules: behind the one named, or at the end of their part."""
        order = list(self.draft.profile.rules)
        waiting = sorted(added)
        for name, target in pack.after.items():
            if name not in waiting:
                raise self.file.error(
                    ("after", name), f"{name} 不是本清单加的规则，不能排位置{suggest_nearest(name, waiting)}"
                )
            if target not in order and target not in waiting:
                near = suggest_nearest(target, (*order, *waiting))
                raise self.file.error(("after", name), f"没有编号为 {target} 的规则{near}")
        behind: dict[str, str] = {}
        while waiting:
            ready = [n for n in waiting if pack.after.get(n, "") not in waiting]
            if not ready:
                raise self.file.error(("after", waiting[0]), f"{'、'.join(waiting)} 互相排在后面，排不出位置")
            for name in ready:
                if name not in pack.after:
                    same = [i for i, other in enumerate(order) if other[0] == name[0]]
                    at = same[-1] + 1 if same else len(order)
                else:
                    target = pack.after[name]
                    at = order.index(behind.get(target, target)) + 1
                    behind[target] = name
                order.insert(at, name)
                waiting.remove(name)
        return tuple(order)

    def _change(self, rule_id: str, pack: Pack) -> None:
        """Lay changed keys over those of a rule."""
        at: Place = ("change", rule_id)
        said = dict(pack.change[rule_id])
        reason = said.pop("reason", None)
        if reason is not None and (not isinstance(reason, str) or not reason.strip()):
            raise self.file.error((*at, "reason"), "reason：应是不空的文字")
        if not said:
            raise self.file.error(at, f"没有写 {rule_id} 要改什么")
        before = self.draft.rules[rule_id]
        old = self.draft.severity(rule_id)
        check = said.get("check")
        if isinstance(check, dict) and check.get("kind", before.check.kind) != before.check.kind:
            raise self.file.error((*at, "check", "kind"), _KEYS_OF_OTHERS["kind"])
        merged = self._merge(self.draft.rule_files[rule_id], (), said, at)
        rule = parse(merged, Rule)
        if rule.check.kind != before.check.kind:
            raise self.file.error((*at, "check", "kind"), _KEYS_OF_OTHERS["kind"])
        new = rule.severity if "severity" in said else old
        touched = [k for k in _JUDGES if k in said]
        if isinstance(before.check, GenreCheck) and (touched or new != old):
            raise self.file.error(at, f"{rule_id} 决定一份文件是不是法治政府建设年度报告，不能改，只能改文字")
        if old == "error" and (touched or _RANK[new] < _RANK["error"]):
            if reason is None:
                raise self.file.error(at, f"{rule_id} 是必备项，改它要写 reason")
            what = f"由{_SEVERITY_WORDS[old]}改为{_SEVERITY_WORDS[new]}" if new != old else "改了查法"
            self._tell(f"{rule_id}{what}：{reason}")
        rules = {**self.draft.rules, rule_id: rule}
        files = {**self.draft.rule_files, rule_id: merged}
        profile = self.draft.profile
        if "severity" in said:
            profile = _without_severity(profile, rule_id)
        self.draft = replace(self.draft, rules=rules, rule_files=files, profile=profile)

    def _merge(self, file: YamlFile, place: Place, said: Mapping[str, object], at: Place) -> YamlFile:
        """Lay a mapping over another one, key by key; lists and values are replaced, ``null`` takes a key away."""
        for key, value in said.items():
            here, there = (*place, key), (*at, key)
            if here == ("id",):
                raise self.file.error(there, _KEYS_OF_OTHERS["id"])
            if isinstance(value, dict) and isinstance(_look(file.data, here), dict):
                file = self._merge(file, here, value, there)
            elif value is None and _look(file.data, here) is None:
                near = suggest_nearest(str(key), map(str, _keys(file.data, place)))
                raise self.file.error(there, f"这里本来没有 {key}，不能去掉{near}")
            else:
                file = file.lay(here, value, self.file, there)
        return file

    def _change_terms(self, pack: Pack) -> None:
        for name, changes in pack.terms.items():
            for index, change in enumerate(changes):
                at: Place = ("terms", name, index) if self.file.has(("terms", name, index)) else ("terms", name)
                before = self.draft
                self.draft = change_terms(before, self.file, at, name, change)
                rule = before.rules.get(name)
                if rule is not None and isinstance(rule.check, GenreCheck):
                    raise self.file.error(at, f"{name} 决定一份文件是不是法治政府建设年度报告，不能改")
                if rule is not None and before.severity(name) != "error":
                    continue
                if change.reason is None:
                    whose = f"{name} 是必备项" if rule is not None else f"词表 {name} 是各条规则共用的"
                    raise self.file.error(at, f"{whose}，改它要写 reason")
                what = "、".join((*(f"加“{w}”" for w in change.add), *(f"减“{w}”" for w in change.remove)))
                self._tell(f"{name}{what}：{change.reason}")

    def _switch_off(self, pack: Pack) -> None:
        off = dict(self.draft.off)
        for name, said in pack.off.items():
            if isinstance(self.draft.rules[name].check, GenreCheck):
                raise self.file.error(("off", name), f"{name} 决定一份文件是不是法治政府建设年度报告，不能关掉")
            off[name] = said.reason
            if self.draft.severity(name) == "error":
                self._tell(f"{name}（必备项）不查：{said.reason}")
        self.draft = replace(self.draft, off=off)

    def _keep_unwaivable(self, pack: Pack) -> None:
        profile = self.draft.profile
        for index, name in enumerate(pack.not_waivable):
            if not any(name in (i, i[0]) for i in profile.rules):
                raise self.file.error(("not_waivable", index), self._no_rule(name))
        names = dict.fromkeys((*profile.not_waivable, *pack.not_waivable))
        self.draft = replace(self.draft, profile=profile.model_copy(update={"not_waivable": tuple(names)}))

    def _tell(self, said: str) -> None:
        self.weakened = (*self.weakened, said)


def _finder_of(rule: Rule, rules: Iterable[Rule]) -> str | None:
    """Return which rule says already where a part is, if this one would: a second one would overrule it unseen."""
    check = rule.check
    if not isinstance(check, PartCheck):
        return None
    return next((r.id for r in rules if isinstance(r.check, PartCheck) and r.check.part == check.part), None)


def _without_severity(profile: Profile, rule_id: str) -> Profile:
    """Return the profile without a severity of its own for a rule: the pack has the last word."""
    left: dict[str, Severity] = {k: v for k, v in profile.severities.items() if k != rule_id}
    return profile.model_copy(update={"severities": left})


def _look(data: object, place: Place) -> object:
    for step in place:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _keys(data: object, place: Place) -> tuple[object, ...]:
    found = _look(data, place)
    return tuple(found) if isinstance(found, dict) else ()
