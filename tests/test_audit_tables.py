"""The tables of an audit for analysts: complete, safe to open, the same for the same audit."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from tests.audit_files import HOSTILE, NOT_SUBMITTED, SAMPLES, build_audit, decisions
from validator.audit.exports.tables import TABLES, write_rows, write_tables
from validator.audit.read import Audit
from validator.errors import OptionError


@pytest.fixture(scope="module")
def audit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_audit(tmp_path_factory.mktemp("表"))


@pytest.fixture(scope="module")
def written(audit_folder: Path) -> Path:
    with Audit(audit_folder) as audit:
        write_tables(audit, audit_folder / "csv", "csv")
        write_tables(audit, audit_folder / "parquet", "parquet")
    return audit_folder


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def read_parquet(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return found


def test_every_table_is_written_in_both_forms(written: Path) -> None:
    for form in ("csv", "parquet"):
        assert {p.name for p in (written / form).iterdir()} == {f"{name}.{form}" for name in TABLES}
    for name, shape in TABLES.items():
        text = (written / "csv" / f"{name}.csv").read_bytes()
        assert text.startswith(b"\xef\xbb\xbf")
        table = parquet.read_table(written / "parquet" / f"{name}.parquet")
        assert table.column_names == list(shape.columns)
        assert text.decode("utf-8-sig").split("\r\n")[0].split(",") == list(shape.columns)
        assert table.num_rows == len(read_csv(written / "csv" / f"{name}.csv"))


def test_the_rows_are_those_of_the_audit(written: Path) -> None:
    files = read_parquet(written / "parquet" / "files.parquet")
    assert {f["path"] for f in files} == {s.path for s in SAMPLES}
    with Audit(written) as audit:
        assert [f["path"] for f in files] == [f.path for f in audit.files()]
        rules = len(audit.rules())
        found = [(f.path, f.rule, f.number, f.message, f.fingerprint, f.verb) for f in audit.findings()]
    outcomes = read_parquet(written / "parquet" / "outcomes.parquet")
    assert len(outcomes) == rules * len(SAMPLES)
    changed = {(o["path"], o["rule"], o["decided"]) for o in outcomes if o["outcome"] != o["decided"]}
    assert changed == {
        ("2024/岚溪县/芦浦街道.txt", "P101", "pass"),
        ("2024/岚溪县/芦浦街道.txt", "T301", "review"),
        ("2024/穗川县/教体局.txt", "P103", "pass"),
    }
    table = read_parquet(written / "parquet" / "findings.parquet")
    names = ("path", "rule", "number", "message", "fingerprint", "verb")
    assert [tuple(row[n] for n in names) for row in table] == found
    missing = read_parquet(written / "parquet" / "missing.parquet")
    assert [(m["year"], m["line"]) for m in missing] == list(NOT_SUBMITTED)
    assert len(read_parquet(written / "parquet" / "decisions.parquet")) == len(decisions())
    assert [d["stale"] for d in read_parquet(written / "parquet" / "decisions.parquet")].count(True) == 1


def test_types_are_explicit(written: Path) -> None:
    schema = parquet.read_schema(written / "parquet" / "files.parquet")
    assert {n: str(schema.field(n).type) for n in ("path", "year", "failed")} == {
        "path": "string",
        "year": "int64",
        "failed": "int64",
    }
    empty = parquet.read_schema(written / "parquet" / "doubles.parquet")
    assert str(empty.field("identical").type) == "bool"


def test_parquet_has_a_text_as_it_is_and_csv_no_formula(written: Path) -> None:
    excerpts = [f["excerpt"] for f in read_parquet(written / "parquet" / "findings.parquet")]
    assert HOSTILE in excerpts
    rows = read_csv(written / "csv" / "findings.csv")
    (cell,) = [r["excerpt"] for r in rows if "HYPERLINK" in r["excerpt"]]
    assert cell.startswith("'=HYPERLINK(")
    assert cell.replace("\n", "").isprintable()
    for table in (written / "csv").iterdir():
        for row in read_csv(table):
            assert not [c for c in row.values() if c.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=1", "' =1"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
        ("—项", "—项"),
        ("'=1", "'=1"),
        ("", ""),
        (None, ""),
        (-1, "-1"),
        (True, "1"),
        ("a\x00\x1b\u202eb", "a   b"),
    ],
)
def test_what_a_cell_holds(value: object, expected: str) -> None:
    stream = io.StringIO(newline="")
    write_rows(stream, ("a", "b"), [(value, "x")])
    assert list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1] == [expected, "x"]


def test_the_same_audit_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    with Audit(written) as audit:
        for form in ("csv", "parquet"):
            write_tables(audit, tmp_path / form, form)
            for path in (tmp_path / form).iterdir():
                assert path.read_bytes() == (written / form / path.name).read_bytes(), path.name


def test_large_tables_are_written_in_row_groups(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.audit.exports.tables._BATCH", 100)
    with Audit(written) as audit:
        write_tables(audit, tmp_path, "parquet")
    file = parquet.ParquetFile(tmp_path / "outcomes.parquet")
    assert file.num_row_groups == -(-file.metadata.num_rows // 100)
    assert read_parquet(tmp_path / "outcomes.parquet") == read_parquet(written / "parquet" / "outcomes.parquet")


def test_without_the_package_parquet_is_refused(
    audit_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with Audit(audit_folder) as audit:
        with pytest.raises(OptionError, match=r"写 Parquet 需要安装 fazhi-validator\[parquet\]。"):
            write_tables(audit, tmp_path / "a", "parquet")
        write_tables(audit, tmp_path / "b", "csv")
    assert not (tmp_path / "a").exists()


def test_what_cannot_be_written_is_told(audit_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "占用").write_bytes(b"")
    with Audit(audit_folder) as audit, pytest.raises(OptionError, match="写不进去（已有同名的文件）"):
        write_tables(audit, tmp_path / "占用", "csv")
