"""Outputs that people edit: what is written again, what is kept, what is removed, and what a kill leaves."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from validator.audit.exports.own_files import RECORD, open_own_files
from validator.audit.read import DATABASE
from validator.errors import OptionError

ALL = re.compile(r"信/.+|表(?:（新\d*）)?\.xlsx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that looks like one of an audit."""
    (tmp_path / DATABASE).touch()
    return tmp_path


def writing(words: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(words, encoding="utf-8")


def write_all(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write files as an output does, and return what people are told."""
    with open_own_files(folder) as own:
        for name, words in files.items():
            own.place(name, writing(words))
        own.clear(ALL)
        return own.describe()


def standing(folder: Path) -> dict[str, str]:
    """Return every file that people see, by name."""
    found = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: p.read_text("utf-8") for name, p in found.items() if "audit." not in name}


def edit(path: Path, words: str = "改过") -> None:
    path.write_text(words, encoding="utf-8")


def test_what_nobody_edited_is_written_again_and_goes_when_it_is_not_meant(folder: Path) -> None:
    assert write_all(folder, {"信/甲.docx": "一", "信/乙.docx": "一"}) == ()
    assert standing(folder) == {"信/甲.docx": "一", "信/乙.docx": "一"}
    assert write_all(folder, {"信/甲.docx": "二"}) == ("这次已不需要，也没有人改过，已删去：信/乙.docx。",)
    assert standing(folder) == {"信/甲.docx": "二"}
    assert {p.name for p in folder.iterdir()} == {DATABASE, RECORD, "信"}


def test_what_somebody_edited_stays_and_the_new_one_stands_beside_it(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一", "信/乙.docx": "一"})
    edit(folder / "信/甲.docx")
    (told,) = write_all(folder, {"信/甲.docx": "二", "信/乙.docx": "二"})
    assert "没有覆盖。新的写在：信/甲（新）.docx" in told
    assert "乙" not in told
    assert standing(folder) == {"信/甲.docx": "改过", "信/甲（新）.docx": "二", "信/乙.docx": "二"}
    write_all(folder, {"信/甲.docx": "三", "信/乙.docx": "二"})
    assert standing(folder)["信/甲（新）.docx"] == "三"
    edit(folder / "信/甲（新）.docx", "又改过")
    write_all(folder, {"信/甲.docx": "四", "信/乙.docx": "二"})
    assert standing(folder) == {
        "信/甲.docx": "改过",
        "信/甲（新）.docx": "又改过",
        "信/甲（新2）.docx": "四",
        "信/乙.docx": "二",
    }


def test_nothing_is_written_beside_an_edited_file_when_nothing_is_new(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    edit(folder / "信/甲.docx")
    assert write_all(folder, {"信/甲.docx": "一"}) == ("有人改过，这次的内容没有变，保留原样：信/甲.docx。",)
    assert standing(folder) == {"信/甲.docx": "改过"}
    write_all(folder, {"信/甲.docx": "二"})
    write_all(folder, {"信/甲.docx": "一"})
    assert standing(folder) == {"信/甲.docx": "改过"}


def test_what_somebody_edited_stays_when_it_is_no_longer_meant(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    edit(folder / "信/甲.docx")
    for _ in range(2):
        (told,) = write_all(folder, {})
        assert "已不需要，没有删去，请看过后自己处理：信/甲.docx" in told
    assert standing(folder) == {"信/甲.docx": "改过"}


def test_the_new_one_goes_when_its_place_is_free_again(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    edit(folder / "信/甲.docx")
    write_all(folder, {"信/甲.docx": "二"})
    (folder / "信/甲.docx").unlink()
    write_all(folder, {"信/甲.docx": "三"})
    assert standing(folder) == {"信/甲.docx": "三"}


def test_a_person_may_take_the_new_one(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    edit(folder / "信/甲.docx")
    write_all(folder, {"信/甲.docx": "二"})
    (folder / "信/甲（新）.docx").replace(folder / "信/甲.docx")
    assert write_all(folder, {"信/甲.docx": "三"}) == ()
    assert standing(folder) == {"信/甲.docx": "三"}


def test_files_that_are_not_ours_are_not_touched(folder: Path) -> None:
    (folder / "信").mkdir()
    others = {"信/甲.docx": "别人的", "信/丙.docx": "别人的", "信/说明.txt": "别人的", "表（新）.xlsx": "别人的"}
    for name, words in others.items():
        edit(folder / name, words)
    write_all(folder, {"信/甲.docx": "一", "表.xlsx": "一"})
    assert standing(folder) == {**others, "信/甲（新）.docx": "一", "表.xlsx": "一"}
    write_all(folder, {})
    assert standing(folder) == others


def test_only_what_is_chosen_is_removed(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一", "表.xlsx": "一"})
    with open_own_files(folder) as own:
        own.clear(re.compile(r"表\.xlsx"))
    assert standing(folder) == {"信/甲.docx": "一"}


def test_a_file_that_was_read_in_gives_way_but_is_kept(folder: Path) -> None:
    path = folder / "表.xlsx"
    for turn, kept in ((1, "表（已读入）.xlsx"), (2, "表（已读入2）.xlsx")):
        write_all(folder, {"表.xlsx": f"第{turn}次"})
        edit(path, f"填过{turn}")
        with open_own_files(folder) as own:
            own.remember_read_in(path)
        (told,) = write_all(folder, {"表.xlsx": f"第{turn}次以后"})
        assert kept in told
        assert standing(folder)["表.xlsx"] == f"第{turn}次以后"
        assert standing(folder)[kept] == f"填过{turn}"
    edit(path, "再填，没有读入")
    (told,) = write_all(folder, {"表.xlsx": "三"})
    assert "表（新）.xlsx" in told
    assert standing(folder)["表.xlsx"] == "再填，没有读入"


def test_the_name_of_another_letter_is_not_taken(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    edit(folder / "信/甲.docx")
    for order in (("信/甲.docx", "信/甲（新）.docx"), ("信/甲（新）.docx", "信/甲.docx")):
        write_all(folder, {name: f"{name}的" for name in order})
        assert sorted(standing(folder).values()) == ["信/甲.docx的", "信/甲（新）.docx的", "改过"]


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_is_no_file_is_not_replaced(folder: Path, tmp_path_factory: pytest.TempPathFactory, kind: str) -> None:
    other = tmp_path_factory.mktemp("别处") / "别的.docx"
    edit(other, "一")
    write_all(folder, {"信/乙.docx": "一"})
    if kind == "link":
        (folder / "信/甲.docx").symlink_to(other)
    else:
        (folder / "信/甲.docx").mkdir()
    write_all(folder, {"信/甲.docx": "一"})
    assert (folder / "信/甲（新）.docx").read_text("utf-8") == other.read_text("utf-8") == "一"


def test_people_are_told_of_many_files_in_one_line(folder: Path) -> None:
    write_all(folder, {f"信/{n}.docx": "一" for n in range(30)})
    for number in range(30):
        edit(folder / f"信/{number}.docx")
    (told,) = write_all(folder, {f"信/{n}.docx": "二" for n in range(30)})
    assert told.count("（新）") == 5
    assert "共30个" in told


@pytest.mark.parametrize("name", ["../外.docx", "信/../../外.docx", "/外.docx", "信/a\\b.docx", "信/甲.txt", b"\xff"])
def test_a_hostile_record_removes_nothing_else(folder: Path, name: str | bytes) -> None:
    inner = folder / "里"
    inner.mkdir()
    (inner / DATABASE).touch()
    write_all(inner, {"信/甲.docx": "一"})
    for path in (folder / "外.docx", inner / "信/甲.txt", inner / "信/a\\b.docx"):
        edit(path, "一")
    with closing(sqlite3.connect(inner / RECORD)) as base, base:
        base.execute("INSERT INTO written SELECT ?, digest, 1 FROM written", (name,))
    before = standing(folder)
    with open_own_files(inner) as own:
        own.clear(re.compile("(?!信/甲.docx).*", re.DOTALL))
    assert standing(folder) == before


@pytest.mark.parametrize("record", [b"no record" * 99, b"", None])
def test_without_a_record_nothing_is_ours(folder: Path, record: bytes | None) -> None:
    write_all(folder, {"信/甲.docx": "一", "信/乙.docx": "一"})
    (folder / RECORD).unlink()
    if record is not None:
        (folder / RECORD).write_bytes(record)
    (told,) = write_all(folder, {"信/甲.docx": "二", "信/乙.docx": "一"})
    assert "乙" not in told
    assert standing(folder) == {"信/甲.docx": "一", "信/甲（新）.docx": "二", "信/乙.docx": "一"}
    write_all(folder, {})
    assert standing(folder) == {"信/甲.docx": "一"}


def test_a_record_of_another_kind_is_begun_anew(folder: Path) -> None:
    with closing(sqlite3.connect(folder / RECORD)) as base, base:
        base.execute("CREATE TABLE written (x)")
        base.execute("PRAGMA user_version = 7")
    write_all(folder, {"信/甲.docx": "一"})
    with closing(sqlite3.connect(folder / RECORD)) as base, base:
        base.execute("DROP TABLE written")
    with pytest.raises(OptionError, match="已损坏"):
        write_all(folder, {"信/甲.docx": "二"})
    assert standing(folder) == {"信/甲.docx": "一"}


def test_one_process_writes_at_a_time(folder: Path) -> None:
    with open_own_files(folder), pytest.raises(OptionError, match="另一个程序正在写"), open_own_files(folder):
        pass
    write_all(folder, {"信/甲.docx": "一"})


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    edit(folder / "信", "不是文件夹")
    with pytest.raises(OptionError, match=r"甲\.docx 写不进去（路径中间有一个不是文件夹）"):
        write_all(folder, {"信/甲.docx": "一"})
    with pytest.raises(OptionError, match="没有审核结果"), open_own_files(folder / "没有"):
        pass
    (folder / "另").mkdir()
    (folder / "另" / DATABASE).touch()
    (folder / "另" / RECORD).symlink_to(folder / "信")
    with pytest.raises(OptionError, match="不是普通文件"), open_own_files(folder / "另"):
        pass


def test_a_failure_removes_nothing(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一", "信/乙.docx": "一"})

    def fail(path: Path) -> None:
        edit(path, "半")
        raise OptionError("磁盘满了。")

    with open_own_files(folder) as own, pytest.raises(OptionError):
        own.place("信/甲.docx", fail)
    assert standing(folder) == {"信/甲.docx": "一", "信/乙.docx": "一"}


def kill_at(folder: Path, step: int, files: Mapping[str, str]) -> None:
    """Write files in a process of their own that dies before or after a change to the disk."""
    child = os.fork()
    if child:
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        return
    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def fatal(real: Callable[..., object]) -> Callable[..., object]:
        def change(*args: object, **kwargs: object) -> object:
            count()
            found = real(*args, **kwargs)
            count()
            return found

        return change

    for name in ("replace", "unlink", "write_text"):
        setattr(Path, name, fatal(getattr(Path, name)))
    write_all(folder, files)
    os._exit(0)


@pytest.mark.parametrize("step", range(1, 21))
def test_a_kill_leaves_no_half_file_and_a_record_that_is_right(folder: Path, step: int) -> None:
    write_all(folder, {"信/甲.docx": "一", "信/乙.docx": "一", "信/丁.docx": "一"})
    edit(folder / "信/乙.docx")
    kill_at(folder, step, {"信/甲.docx": "二", "信/乙.docx": "二", "信/丙.docx": "二"})
    for name, words in standing(folder).items():
        allowed = {"甲": "一二", "乙": ("改过",), "乙（新）": "二", "丙": "二", "丁": "一"}
        assert words in allowed[Path(name).stem]
    told = write_all(folder, {"信/甲.docx": "三", "信/乙.docx": "三", "信/丙.docx": "三"})
    wanted = {"信/甲.docx": "三", "信/乙.docx": "改过", "信/乙（新）.docx": "三", "信/丙.docx": "三"}
    assert standing(folder) == wanted
    assert not [words for words in told if "甲" in words or "丙" in words]
    assert {p.name for p in folder.iterdir()} == {DATABASE, RECORD, "信"}


def test_what_was_edited_after_a_kill_is_not_taken_for_up_to_date(folder: Path) -> None:
    write_all(folder, {"信/甲.docx": "一"})
    kill_at(folder, 5, {"信/甲.docx": "二"})
    assert standing(folder) == {"信/甲.docx": "一"}
    edit(folder / "信/甲.docx")
    write_all(folder, {"信/甲.docx": "二"})
    assert standing(folder) == {"信/甲.docx": "改过", "信/甲（新）.docx": "二"}
