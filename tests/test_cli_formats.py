"""The command line with Word, PDF and web files: what is written where, and what is said of what cannot be read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import SPECIMENS
from tests.docx_files import build_docx, paragraph
from tests.formats import as_docx, as_html, as_pdf, read_report
from validator.cli import app
from validator.cli.output import Output, plan_outputs
from validator.errors import LoadError, OptionError
from validator.reporters.table import BINARY

LINES = read_report("missing-plan.txt", (SPECIMENS / "missing-plan.txt").read_bytes())


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One report as Word, PDF, web page and text, and one file that cannot be read."""
    made = tmp_path / "报告"
    made.mkdir()
    (made / "甲.docx").write_bytes(as_docx(LINES))
    (made / "乙.pdf").write_bytes(as_pdf(LINES))
    (made / "丙.html").write_bytes(as_html(LINES))
    (made / "丁.txt").write_bytes((SPECIMENS / "missing-plan.txt").read_bytes())
    (made / "坏.docx").write_bytes(b"PK\x03\x04")
    return made


def test_one_bad_file_never_stops_the_others(folder: Path) -> None:
    result = run("check", folder, "--format", "json", "--select", "P")
    assert result.exit_code == 2
    files = json.loads(result.stdout)["files"]
    assert {Path(f["path"]).name: f["outcome"] for f in files} == {
        "丁.txt": "fail",
        "丙.html": "fail",
        "乙.pdf": "fail",
        "坏.docx": "error",
        "甲.docx": "fail",
    }
    kinds = {
        Path(f["path"]).suffix: f["rules"][0]["evidence"][0]["location"] for f in files if f["rules"][0]["evidence"]
    }
    assert kinds[".docx"]["paragraph"] == kinds[".docx"]["line"]
    assert kinds[".pdf"]["page"] == 1
    assert kinds[".txt"]["page"] is kinds[".txt"]["paragraph"] is None


def test_copies_with_comments(folder: Path, tmp_path: Path) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    out = tmp_path / "批注"
    result = run("check", folder, "--annotate", out, "--quiet")
    assert result.exit_code == 2
    assert sorted(p.name for p in out.iterdir()) == ["乙.pdf", "甲.docx"]
    assert "已写出2个" in result.stderr
    assert "2个文件不是" in result.stderr
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    with zipfile.ZipFile(out / "甲.docx") as archive:
        assert "P104" in archive.read("word/comments.xml").decode()
    again = {p.name: p.read_bytes() for p in out.iterdir()}
    run("check", folder, "--annotate", out, "--quiet")
    assert {p.name: p.read_bytes() for p in out.iterdir()} == again


def test_files_of_one_name_from_two_folders_get_two_copies(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("云溪镇/报告.docx", as_docx(LINES))
        archive.writestr("../柳湾镇/报告.docx", as_docx(LINES))
    (tmp_path / "全县.zip").write_bytes(out.getvalue())
    result = run("check", tmp_path / "全县.zip", "--annotate", tmp_path / "批注", "--quiet")
    assert result.exit_code == 1
    assert sorted(p.name for p in (tmp_path / "批注").iterdir()) == ["报告-2.docx", "报告.docx"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["全县.zip", "批注"]


@pytest.mark.parametrize("where", [".", "甲.docx"])
def test_a_copy_never_takes_the_place_of_an_original(folder: Path, where: str) -> None:
    before = (folder / "甲.docx").read_bytes()
    result = run("check", folder / "甲.docx", "--annotate", folder / where)
    assert isinstance(result.exception, OptionError)
    assert (folder / "甲.docx").read_bytes() == before


def test_a_file_changed_meanwhile_gets_no_copy(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.cli.annotate.sha256", lambda _: type("Digest", (), {"hexdigest": lambda _: "0"})())
    result = run("check", folder / "甲.docx", "--annotate", tmp_path / "批注", "--quiet")
    assert result.exit_code == 2
    assert "被改过" in result.stderr
    assert list((tmp_path / "批注").iterdir()) == []


def test_limits_are_taken_and_checked(folder: Path) -> None:
    assert "超过 1 页" in run("check", folder / "乙.pdf", "--limit", "pages=1").stdout
    result = run("check", folder / "乙.pdf", "--limit", "pages=none")
    assert isinstance(result.exception, OptionError)
    assert "pages" in str(result.exception)


def test_places_are_said_as_people_count_them(folder: Path) -> None:
    assert "原文：第1段“" in run("check", folder / "甲.docx", "--verbose").stdout
    assert "原文：第1页第1行“" in run("check", folder / "乙.pdf", "--verbose").stdout
    assert "原文：第1行“" in run("check", folder / "丁.txt", "--verbose").stdout


def test_outline_reads_every_format(folder: Path) -> None:
    wanted = [line.split("  ", 1)[-1].strip() for line in run("outline", folder / "丁.txt").stdout.splitlines()[1:]]
    for name in ("甲.docx", "乙.pdf", "丙.html"):
        told = [line.split("  ", 1)[-1].strip() for line in run("outline", folder / name).stdout.splitlines()[1:]]
        assert [t.split("  ")[-1] for t in told] == [w.split("  ")[-1] for w in wanted]
    assert isinstance(run("outline", folder / "坏.docx").exception, LoadError)


def test_fix_says_what_to_do_with_a_word_file(folder: Path) -> None:
    assert "--annotate" in str(run("fix", folder / "甲.docx", "--diff").exception)


def test_a_word_file_from_standard_input() -> None:
    data = build_docx("".join(paragraph(x.text) for x in LINES))
    result = CliRunner().invoke(app, ["check", "-", "--quiet"], input=data)
    assert result.exit_code == 1
    assert "不符合" in result.stdout


def test_ocr_without_its_parts_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from importlib.util import find_spec

    if find_spec("rapidocr") is not None:
        pytest.skip("the extra is installed")
    from tests.pdf_files import print_pdf

    (tmp_path / "扫描.pdf").write_bytes(print_pdf([[]], picture=(0, 0, 595, 842)))
    assert "没有文字层" in run("check", tmp_path / "扫描.pdf").stdout
    assert "fazhi-validator[ocr]" in run("check", tmp_path / "扫描.pdf", "--ocr").stdout


def test_a_list_and_a_workbook_are_files(folder: Path, tmp_path: Path) -> None:
    done = run(
        "check", folder / "甲.docx", "-f", "xlsx", "-o", tmp_path / "结果.xlsx", "-o", f"docx={tmp_path}/清单.docx"
    )
    assert (done.exit_code, done.stdout) == (1, "")
    for name, member in (("结果.xlsx", "xl/workbook.xml"), ("清单.docx", "word/document.xml")):
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert member in archive.namelist()
    piped = run("check", folder / "甲.docx", "-f", "docx")
    assert piped.stdout_bytes == (tmp_path / "清单.docx").read_bytes()
    failed = run("check", folder / "甲.docx", "-o", f"docx={tmp_path}/没有/清单.docx")
    assert "写不进" in str(failed.exception)
    assert isinstance(failed.exception, OptionError)


def test_a_file_is_not_shown_on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", type("Screen", (), {"isatty": lambda _: True})())
    for form in BINARY:
        with pytest.raises(OptionError, match=f"例如 -o 结果.{form}。"):
            plan_outputs(form, [])
        assert plan_outputs(form, [f"a.{form}"]) == (Output(form, Path(f"a.{form}")),)


def test_a_workbook_without_its_library_is_refused_before_anything_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.cli.output.find_spec", lambda _: None)
    with pytest.raises(OptionError, match=r"fazhi-validator\[web\]"):
        plan_outputs("terminal", ["xlsx=a.xlsx"])
