"""Words that a pack puts into lists or takes from them: lists of the lexicon, of right titles, or of one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from validator.nearest import list_names, suggest_nearest
from validator.rule import Lexicon, Rule, TermChange, Titles
from validator.rule_drafts import Draft, parse
from validator.yaml_file import Place, YamlFile

_TITLE_LISTS = tuple(Titles.model_fields)


def change_terms(draft: Draft, pack: YamlFile, at: Place, name: str, change: TermChange) -> Draft:
    """Return a draft with words put into a list, and others taken from it.

    Args:
        draft: the rules so far.
        pack: ``pack.yaml``.
        at: where it says so.
        name: the id of a rule, the name of a word list of the lexicon, or of a list of right titles.
        change: what it says.

    Raises:
        RuleFileError: there is no such list or word, or a word is there already.
    """
    if name in draft.rules:
        file = draft.rule_files[name]
        place = _find_list(file, pack, at, name, change)
        file = _change_list(file, place, pack, at, change)
        rules = {**draft.rules, name: parse(file, Rule)}
        return replace(draft, rules=rules, rule_files={**draft.rule_files, name: file})
    for key, said in (("beside", change.beside), ("in", change.within)):
        if said is not None and name in (*draft.lexicon.words, *_TITLE_LISTS):
            raise pack.error((*at, key), f"{key} 只用于规则里的列表，词表不用写")
    if name in draft.lexicon.words:
        file = _change_list(draft.lexicon_file, ("words", name), pack, at, change)
        return replace(draft, lexicon=parse(file, Lexicon), lexicon_file=file)
    if name in _TITLE_LISTS:
        file = _change_list(draft.titles_file, (name,), pack, at, change)
        return replace(draft, titles=parse(file, Titles), titles_file=file)
    known = (*draft.lexicon.words, *_TITLE_LISTS)
    near = suggest_nearest(name, (*known, *draft.rules))
    raise pack.error(at, f"没有叫 {name} 的规则或词表{near or f'，词表有：{list_names(known)}'}")


def _find_list(file: YamlFile, pack: YamlFile, at: Place, name: str, change: TermChange) -> Place:
    """Return the list of a rule that is meant: by its key, by a word that it holds, or because it is the only one."""
    check = file.data.get("check") if isinstance(file.data, dict) else None
    lists = list(_lists_of_words(check, ("check",)))
    if change.within is not None:
        found = [(p, words) for p, words in lists if p[-1] == change.within]
        if not found:
            keys = sorted({str(p[-1]) for p, _ in lists})
            near = suggest_nearest(change.within, keys) or f"，有这些：{list_names(keys)}"
            raise pack.error((*at, "in"), f"{name} 里没有叫 {change.within} 的列表{near}")
        lists = found
    word = change.beside or (change.remove[0] if change.remove else None)
    key = "beside" if change.beside is not None else "remove"
    if word is not None:
        found = [(p, words) for p, words in lists if word in words]
        if not found:
            near = suggest_nearest(word, (w for _, words in lists for w in words))
            raise pack.error((*at, key), f"{name} 的列表里没有“{word}”{near}")
        lists = found
    if len(lists) == 1:
        return lists[0][0]
    if not lists:
        raise pack.error(at, f"{name} 的查法里没有词的列表，请在 change 里改")
    first = "、".join(f"{p[-1]}（{words[0]}）" for p, words in lists[:6])
    raise pack.error(
        at, f"{name} 有{len(lists)}个列表合得上：{first}。请用 in 写列表的键，或用 beside 写一个只在那个列表里的词"
    )


def _lists_of_words(data: object, place: Place) -> Iterator[tuple[Place, list[str]]]:
    """Yield every list of plain words or patterns, with its place."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        if isinstance(value, list) and value and all(isinstance(w, str) for w in value):
            yield (*place, key), value
        else:
            yield from _lists_of_words(value, (*place, key))


def _change_list(file: YamlFile, place: Place, pack: YamlFile, at: Place, change: TermChange) -> YamlFile:
    data = file.data
    for step in place:
        data = data[step]  # type: ignore[index]
    words = [str(w) for w in data]  # type: ignore[attr-defined]
    for index, word in enumerate(change.remove):
        if word not in words:
            raise pack.error((*at, "remove", index), f"列表里没有“{word}”{suggest_nearest(word, words)}")
        words.remove(word)
    for index, word in enumerate(change.add):
        if word in words:
            raise pack.error((*at, "add", index), f"“{word}”本来就在列表里")
        words.append(word)
    if not words:
        raise pack.error((*at, "remove"), "列表里的词都去掉了，至少要留一个")
    laid = file.lay(place, words, pack, at)
    first = len(words) - len(change.add)
    own = {(*place, first + i): pack.mark((*at, "add", i)) for i in range(len(change.add))}
    return replace(laid, laid={**laid.laid, **own})
