"""A .zip is a folder: names as people wrote them, members within limits, one bad member never stops the others."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from validator.engine import Engine
from validator.errors import LoadError, OptionError
from validator.loaders.archive import Archives
from validator.options import Limits
from validator.runner import run
from validator.sources import Source, find_sources, read_source

REPORT = "云溪镇人民政府2023年度法治政府建设情况报告\n2023年，云溪镇扎实推进各项工作。\n".encode()


def pack(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_name(data: bytes, plain: str, raw: bytes) -> bytes:
    """Put the bytes of a name, of equal length, in place of an ASCII one (no UTF-8 flag is set then)."""
    assert len(plain) == len(raw)
    return data.replace(plain.encode(), raw)


def names(path: Path, limits: Limits | None = None) -> list[str]:
    sources, _ = find_sources([str(path)], limits or Limits())
    return [s.path.removeprefix(f"{path}/") for s in sources]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def read(path: Path, limits: Limits | None = None) -> list[bytes | str]:
    got: list[bytes | str] = []
    with Archives(limits or Limits()) as archives:
        for source in find_sources([str(path)], limits or Limits())[0]:
            try:
                got.append(read_source(source, archives))
            except LoadError as exc:
                got.append(str(exc))
    return got


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_without_a_mark(tmp_path: Path, encoding: str) -> None:
    name = "云溪镇报告.txt".encode(encoding)
    plain = "x" * len(name)
    path = write(tmp_path / "全县.zip", with_name(pack({plain: REPORT}), plain, name))
    assert names(path) == ["云溪镇报告.txt"]
    assert read(path) == [REPORT]


def test_names_marked_as_utf8_and_backslashes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", pack({"二〇二三/云溪镇.txt": REPORT, "乙\\丙.md": REPORT}))
    assert names(path) == ["乙/丙.md", "二〇二三/云溪镇.txt"]


def test_the_unicode_path_field_wins(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("yxz.txt")
    name = "云溪镇.txt".encode()
    info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, REPORT)
    assert names(write(tmp_path / "a.zip", out.getvalue())) == ["云溪镇.txt"]


def test_names_never_become_paths(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", pack({"../../坏.txt": REPORT, "/etc/报告.txt": REPORT, "甲\u202e.txt": REPORT}))
    assert names(path) == ["etc/报告.txt", "坏.txt", "甲?.txt"]


def test_other_files_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    members = {"图.jpg": b"1", "__MACOSX/._甲.txt": b"1", ".DS_Store": b"1", "~$甲.docx": b"1", "甲.txt": REPORT}
    assert names(write(tmp_path / "a.zip", pack(members))) == ["甲.txt"]


def test_archives_in_archives_and_how_deep(tmp_path: Path) -> None:
    inner = pack({"甲.txt": REPORT})
    path = write(tmp_path / "a.zip", pack({"乡镇.zip": inner, "更深.zip": pack({"里.zip": inner})}))
    assert names(path) == ["乡镇.zip/甲.txt", "更深.zip/里.zip/甲.txt"]
    assert read(path) == [REPORT, REPORT]
    limited = read(path, Limits(nesting=2))
    assert limited[0] == REPORT
    assert "超过 2 层" in str(limited[1])


def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("甲.txt", REPORT)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("甲.txt", REPORT + b"2")
    assert read(write(tmp_path / "a.zip", out.getvalue())) == [REPORT, REPORT + b"2"]


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    whole = pack({"甲.txt": REPORT})
    assert "打不开" in str(read(write(tmp_path / "a.zip", whole[:-30]))[0])
    assert "打不开" in str(read(write(tmp_path / "b.zip", b""))[0])
    assert "没有可检查的文件" in str(read(write(tmp_path / "c.zip", pack({"图.jpg": b"1"})))[0])
    assert "Word" in str(read(write(tmp_path / "d.zip", pack({"word/document.xml": b"<a/>"})))[0])


def test_damaged_protected_and_strange_members(tmp_path: Path) -> None:
    whole = bytearray(pack({"甲.txt": REPORT * 9, "乙.txt": REPORT}, zipfile.ZIP_STORED))
    whole[60] ^= 0xFF
    got = read(write(tmp_path / "a.zip", bytes(whole)))
    assert REPORT in got
    assert "已损坏" in str(next(x for x in got if isinstance(x, str)))
    locked = bytearray(pack({"甲.txt": REPORT}))
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "密码" in str(read(write(tmp_path / "b.zip", bytes(locked)))[0])
    strange = bytearray(pack({"甲.txt": REPORT}))
    at = strange.index(b"PK\x01\x02")
    strange[at + 10] = 97
    strange[8] = 97
    assert "压缩方式" in str(read(write(tmp_path / "c.zip", bytes(strange)))[0])


def test_limits(tmp_path: Path) -> None:
    bomb = write(tmp_path / "a.zip", pack({"甲.txt": b"0" * (40 << 20), "乙.txt": REPORT}))
    assert [type(x) for x in read(bomb)] == [bytes, str]
    assert "恶意" in str(read(bomb)[1])
    assert "超过 1 兆字节" in str(read(bomb, Limits(file_mib=1, ratio=10**9))[1])
    assert "解开后超过 3 兆" in str(read(bomb, Limits(archive_mib=3))[0])
    assert "超过 1 个" in str(read(bomb, Limits(members=1))[0])


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    data = bytearray(pack({"甲.txt": b"0" * (40 << 20)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    got = read(write(tmp_path / "a.zip", bytes(data)), Limits(archive_mib=1))
    assert isinstance(got[0], str)


def test_one_bad_member_never_stops_the_others(tmp_path: Path, engine: Engine) -> None:
    path = write(
        tmp_path / "a.zip", pack({"甲.txt": REPORT, "乙.docx": b"PK\x03\x04", "丙.zip": b"1", "丁.txt": REPORT})
    )
    result = run(engine, find_sources([str(path)])[0])
    assert [f.path.removeprefix(f"{path}/") for f in result.files] == ["丁.txt", "丙.zip", "乙.docx", "甲.txt"]
    assert [bool(f.errors) for f in result.files] == [False, True, True, False]


def test_a_folder_with_an_archive(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", pack({"甲.txt": REPORT}))
    write(tmp_path / "乙.txt", REPORT)
    assert [s.path for s in find_sources([str(tmp_path)])[0]] == [f"{tmp_path}/a.zip/甲.txt", f"{tmp_path}/乙.txt"]


def test_nothing_found_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="没有找到"):
        find_sources([str(tmp_path)])


def test_a_missing_path_is_kept(tmp_path: Path) -> None:
    path = str(tmp_path / "无.zip")
    assert find_sources([path]) == ((Source(path, path),), 0)
