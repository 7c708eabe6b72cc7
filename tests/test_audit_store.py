"""The database of an audit when things go wrong: a full disk, a folder that cannot be written, readers meanwhile."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from validator.audit.intake import Found
from validator.audit.read import Audit
from validator.audit.records import PathFacts
from validator.audit.store import Store
from validator.errors import OptionError
from validator.sources import Source

ABOUT = {
    **{"tool_version": "1", "pipeline": "0", "ruleset_version": "1", "ruleset_digest": "0"},
    **{"profile": "核心", "source": "报告", "state": "checking"},
}


def list_paths(store: Store, *paths: str) -> None:
    with store.transaction():
        store.list((Found(p, Source(p, p)), PathFacts()) for p in paths)
        store.tell(ABOUT)


def fill(folder: Path) -> None:
    with Store(folder) as store:
        pages = store.base.execute("PRAGMA page_count").fetchone()[0]
        store.base.execute(f"PRAGMA max_page_count = {pages}")
        list_paths(store, *(f"{n}{'长' * 200}.txt" for n in range(2000)))


def test_a_full_disk_is_told_and_nothing_half_stays(tmp_path: Path) -> None:
    with Store(tmp_path, create=True) as store:
        list_paths(store, "甲.txt")
    with pytest.raises(OptionError, match=r"磁盘满了.*--resume"):
        fill(tmp_path)
    with Store(tmp_path) as store:
        assert store.count() == (1, 1)


def test_a_lock_that_cannot_be_had_is_no_second_audit(tmp_path: Path) -> None:
    (tmp_path / "audit.lock").mkdir()
    with pytest.raises(OptionError, match="写不进去，或锁不住"):
        Store(tmp_path, create=True)


def test_who_reads_meanwhile_sees_one_state(tmp_path: Path) -> None:
    with Store(tmp_path, create=True) as store:
        with pytest.raises(OptionError, match="还没有审核结果"):
            Audit(tmp_path)
        list_paths(store, "甲.txt")
        with Audit(tmp_path) as audit:
            list_paths(store, "甲.txt", "乙.txt")
            assert audit.about().files == audit.count("file") == 1
        with Audit(tmp_path) as audit:
            assert audit.count("file") == 2


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "audit.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(OptionError, match="不是审核结果"):
        Audit(tmp_path)
    with pytest.raises(OptionError, match="不是审核结果"):
        Store(tmp_path)
    (tmp_path / "audit.sqlite").unlink()
    sqlite3.connect(tmp_path / "audit.sqlite").execute("PRAGMA user_version = 7")
    with pytest.raises(OptionError, match="另一个版本的审核结果（7）"):
        Audit(tmp_path)


def numbers(folder: Path) -> dict[str, int]:
    with Store(folder) as store:
        return dict(store.base.execute("SELECT path, id FROM file"))


def test_a_file_has_its_number_by_its_path_whatever_came_and_went(tmp_path: Path) -> None:
    for name, batches in (("一", [["甲", "乙", "丙"]]), ("二", [["丙", "丁"], ["甲", "丙"], ["丙", "乙", "甲"]])):
        with Store(tmp_path / name, create=True) as store:
            for paths in batches:
                list_paths(store, *paths)
    assert numbers(tmp_path / "一") == numbers(tmp_path / "二")
    assert max(numbers(tmp_path / "一").values()) < 2**53, "scripts count no further"


def test_two_paths_never_have_one_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.audit.store.number_path", lambda _: 7)
    with Store(tmp_path, create=True) as store:
        list_paths(store, "甲", "乙", "丙")
        list_paths(store, "丁", "乙")
        assert dict(store.base.execute("SELECT path, id FROM file")) == {"乙": 8, "丁": 10}


def test_a_new_list_leaves_nothing_of_the_old_comparison(tmp_path: Path) -> None:
    with Store(tmp_path, create=True) as store:
        list_paths(store, "甲", "乙")
        one, other = numbers_of(store)
        store.base.execute("INSERT INTO copy VALUES (?, ?, 'organ', 1, 1, 1, '[]')", (one, other))
        store.base.execute("INSERT INTO late VALUES (?, '2024-05-01', '2024-04-01')", (one,))
        list_paths(store, "甲", "丙")
        for table in ("copy", "late"):
            assert store.base.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def numbers_of(store: Store) -> list[int]:
    return [n for (n,) in store.base.execute("SELECT id FROM file ORDER BY path")]
