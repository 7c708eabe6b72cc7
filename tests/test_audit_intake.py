"""What a batch holds: names that occur twice, that are no text, loops of links, and results beside the reports."""

from __future__ import annotations

import os
import warnings
import zipfile
from pathlib import Path

import pytest

from validator.audit.intake import fetch, list_source, name_source, unlock
from validator.errors import LoadError, OptionError
from validator.loaders.archive import Archives
from validator.options import DEFAULT_LIMITS


def listed(source: Path | str, out: Path) -> list[str]:
    return [f.path for f in list_source(str(source), DEFAULT_LIMITS, out)]


def test_members_of_one_name_are_all_listed_under_names_of_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "批.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("甲.txt", "甲#2.txt", "甲.txt", "甲.txt"):
            archive.writestr(name, name)
    found = list(list_source(str(tmp_path / "批.zip"), DEFAULT_LIMITS, tmp_path / "果"))
    assert [f.path for f in found] == ["甲#2.txt", "甲.txt", "甲#3.txt", "甲#4.txt"]
    assert [f.address.member for f in found] == [(1,), (0,), (2,), (3,)]


def test_a_folder_whose_name_is_no_text_is_listed_and_named(tmp_path: Path) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"\xb1\xa8")  # noqa: PTH118 - a name that is no UTF-8
    os.mkdir(folder)  # noqa: PTH102
    Path(os.fsdecode(folder), "甲.txt").write_text("甲", "utf-8")
    assert listed(os.fsdecode(folder), tmp_path / "果") == ["甲.txt"]
    assert name_source(os.fsdecode(folder)) == f"{os.path.realpath(tmp_path)}/\ufffd\ufffd"


def test_a_link_to_itself_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("甲", "utf-8")
    (tmp_path / "乙.txt").symlink_to("乙.txt")
    assert listed(tmp_path, tmp_path / "果") == ["乙.txt", "甲.txt"]


def test_results_below_the_source_are_left_out_and_above_it_refused(tmp_path: Path) -> None:
    source = tmp_path / "报告"
    (source / "果").mkdir(parents=True)
    for name in ("甲.txt", "果/意见.txt", "果实.txt"):
        (source / name).write_text("甲", "utf-8")
    assert listed(source, source / "果") == ["果实.txt", "甲.txt"]
    for out in (source, tmp_path):
        with pytest.raises(OptionError, match="结果不能写到来源所在的文件夹"):
            listed(source, out)
    assert listed(source / "甲.txt", source) == ["甲.txt"], "a file that is named itself may lie beside the results"


def test_a_password_in_a_url_is_never_named() -> None:
    pytest.importorskip("fsspec")
    assert name_source("memory://王:暗号@主机/空") == "memory://主机/空"
    with pytest.raises(OptionError) as told:
        listed("memory://王:暗号@主机/空", Path("果"))
    assert "暗号" not in str(told.value)


def test_files_behind_a_url_keep_their_host_and_never_a_password() -> None:
    fsspec = pytest.importorskip("fsspec")
    from fsspec.implementations.memory import MemoryFileSystem

    class Hosted(MemoryFileSystem):  # type: ignore[misc]
        protocol = "hosted"
        host = ""

        def __init__(self, host: str = "", **more: object) -> None:
            super().__init__(**more)
            self.host = host

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return "/" + path.partition("://")[2].partition("/")[2] if "://" in path else path

        @staticmethod
        def _get_kwargs_from_urls(path: str) -> dict[str, str]:
            return {"host": path.partition("://")[2].partition("/")[0]}

    fsspec.register_implementation("hosted", Hosted, clobber=True)
    fsspec.filesystem("hosted", host="x").pipe("/批/甲.txt", b"1")
    (found,) = list_source("hosted://王:暗号@主机:80/批", DEFAULT_LIMITS, Path("果"))
    assert found.path == "甲.txt"
    assert "暗号" not in found.address.file
    assert unlock(found.address, "hosted://王:暗号@主机:80/批").file == "hosted://王:暗号@主机:80/批/甲.txt"
    (plain,) = list_source("hosted://主机/批", DEFAULT_LIMITS, Path("果"))
    assert unlock(plain.address, "hosted://主机/批").file == plain.address.file == "hosted://主机/批/甲.txt"


def test_results_beside_reports_that_a_url_names_are_left_out(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "果").mkdir()
    for name in ("甲.txt", "果/意见.txt"):
        (tmp_path / name).write_text("甲", "utf-8")
    assert listed(f"file://{tmp_path}", tmp_path / "果") == ["甲.txt"]
    assert listed(f"file://{tmp_path}", tmp_path / "别处") == ["果/意见.txt", "甲.txt"]


def test_a_file_url_may_be_written_either_way(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    for name in ("报 告", "报%20告"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text("甲", "utf-8")
    assert listed((tmp_path / "报 告").as_uri(), Path("果")) == ["报 告.txt"]
    assert listed(f"file://{tmp_path}/报 告", Path("果")) == ["报 告.txt"]
    assert listed(f"file://{tmp_path}/报%20告", Path("果")) == ["报%20告.txt"], "what is there by this name counts"
    found = list(list_source((tmp_path / "报%20告").as_uri(), DEFAULT_LIMITS, Path("果")))
    with Archives(DEFAULT_LIMITS) as archives:
        assert [fetch(f.address, archives) for f in found] == ["甲".encode()]


def test_a_folder_that_may_not_be_looked_into_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "锁着").mkdir()
    (tmp_path / "甲.txt").write_text("甲", "utf-8")
    real = os.scandir

    def scan(place: str) -> object:
        if place.endswith("锁着"):
            raise PermissionError(13, "no", place)
        return real(place)

    monkeypatch.setattr(os, "scandir", scan)
    found = list(list_source(str(tmp_path), DEFAULT_LIMITS, tmp_path / "果"))
    assert [f.path for f in found] == ["甲.txt", "锁着"]
    with Archives(DEFAULT_LIMITS) as archives, pytest.raises(LoadError):
        fetch(found[1].address, archives)
