"""An audit as it is run: what is kept, what is reused, what a kill leaves, and who is kept out."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS, Run
from tests.pack_files import PACK, write_pack
from validator.audit.examine import Examined, Examiner, Job
from validator.audit.read import Audit
from validator.audit.standing import name_ruleset
from validator.document import RawDocument
from validator.loaders.reader import Reader

QUICK = ("--select", "G001,P101,P104")
"""Rules that start no language pipeline."""
REPORTS = ("passes-all.txt", "missing-plan.txt", "running-text.txt", "genre-pufa-qingdan.txt", "gb18030.txt")


def build_batch(folder: Path, copies: int = 1) -> Path:
    """Write a small batch: two years, some reports, one that is broken, one of another genre."""
    for number in range(copies):
        for year in ("2022", "2023"):
            place = folder / year / f"云{number}县"
            place.mkdir(parents=True)
            for name in REPORTS:
                shutil.copy(SPECIMENS / name, place / f"{name.split('.')[0]}镇.txt")
            (place / "坏了.docx").write_bytes(b"PK\x03\x04 broken")
    return folder


def dump(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of an audit."""
    base = sqlite3.connect(folder / "audit.sqlite")
    tables = [t for (t,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    rows = {t: sorted(base.execute(f"SELECT * FROM {t}"), key=repr) for t in tables if not t.startswith("sqlite_")}
    base.close()
    return rows


def states(folder: Path) -> dict[str, str | None]:
    with Audit(folder) as audit:
        return {f.path: f.outcome for f in audit.files()}


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return build_batch(tmp_path / "报告")


def test_an_audit_tells_what_packs_loosen(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    write_pack(tmp_path / "云河", {"pack.yaml": PACK.replace("off:\n", "off:\n  T303: {reason: 另有专报}\n")})
    fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", "--rules", "云河", *QUICK)
    with Audit(tmp_path / "结果") as audit:
        assert audit.about().ruleset.packs[0].weakened == ("T303（必备项）不查：另有专报",)
        assert "T303（必备项）不查：另有专报" in name_ruleset(audit.about())


def test_every_file_is_a_row_also_the_broken_ones(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    done = fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", *QUICK)
    assert done.returncode == 2, done.stderr
    found = states(tmp_path / "结果")
    assert len(found) == 12
    assert found["2022/云0县/坏了.docx"] == "error"
    assert found["2022/云0县/passes-all镇.txt"] == "pass"
    assert "未能检查：2022/云0县/坏了.docx" in done.stdout


@pytest.mark.slow
def test_several_processes_give_the_same_rows(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    for name, jobs in (("一", 1), ("二", 2)):
        fazhi("audit", batch, "--out", name, "--outputs", "none", "--jobs", jobs, *QUICK)
    assert dump(tmp_path / "一") == dump(tmp_path / "二")


def test_an_unchanged_file_is_not_looked_at_again(
    fazhi: Run, tmp_path: Path, batch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", *QUICK)
    before = dump(tmp_path / "结果")
    (batch / "2023/云0县/missing-plan镇.txt").write_bytes((SPECIMENS / "passes-all.txt").read_bytes())
    (batch / "2023/云0县/running-text镇.txt").unlink()
    shutil.copy(SPECIMENS / "passes-all.txt", batch / "新来镇.txt")
    read: list[str] = []
    real = Reader.read

    def watch(reader: Reader, name: str, data: bytes) -> RawDocument:
        read.append(name)
        return real(reader, name, data)

    monkeypatch.setattr(Reader, "read", watch)
    fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", *QUICK)
    after = dump(tmp_path / "结果")
    broken = ["2022/云0县/坏了.docx", "2023/云0县/坏了.docx"]
    assert sorted(read) == sorted([*broken, "2023/云0县/missing-plan镇.txt", "新来镇.txt"])
    assert len(before["file"]) == len(after["file"]) == 12
    assert states(tmp_path / "结果")["2023/云0县/missing-plan镇.txt"] == "pass"


@pytest.mark.slow
def test_an_audit_after_changes_is_the_same_as_a_new_one(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    given = ("--outputs", "csv,html", "--jobs", "1", *QUICK)
    fazhi("audit", batch, "--out", "旧", *given)
    (batch / "2023/云0县/missing-plan镇.txt").write_bytes((SPECIMENS / "passes-all.txt").read_bytes())
    (batch / "2023/云0县/running-text镇.txt").rename(batch / "2022/阿来镇.txt")
    shutil.copy(SPECIMENS / "passes-all.txt", batch / "2022/云0县/丙镇.txt")
    for name in ("旧", "新"):
        fazhi("audit", batch, "--out", name, *given)
    assert dump(tmp_path / "旧") == dump(tmp_path / "新")
    written = [
        {str(p.relative_to(tmp_path / name)): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("旧", "新")
    ]
    for files in written:
        files.pop("audit.sqlite")
    assert len(written[0]) > 20
    assert written[0] == written[1]


def test_without_any_year_nobody_is_called_missing_unless_one_is_given(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "报告").mkdir()
    (tmp_path / "报告" / "柳河镇.txt").write_bytes(b"")
    (tmp_path / "名册.csv").write_text("单位\n柳河镇人民政府\n云溪镇人民政府\n", "utf-8")
    given = ("audit", "报告", "--out", "结果", "--outputs", "none", "--roster", "名册.csv", *QUICK)
    said = fazhi(*given).stdout
    assert "没有一份报告看得出年度，说不出谁没有报送。" in said
    assert "None" not in said
    assert "未报送：云溪镇人民政府。" in fazhi(*given, "--due", "2023").stdout


@pytest.mark.slow
def test_half_characters_stop_nothing(fazhi: Run, tmp_path: Path, batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Examiner.examine

    def spoil(examiner: Examiner, job: Job) -> Examined:
        found = real(examiner, job)
        if found.result is None or not job.path.endswith("2023/云0县/passes-all镇.txt"):
            return found
        return found._replace(result=replace(found.result, as_of="2023\ud800"))

    monkeypatch.setattr(Examiner, "examine", spoil)
    fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", *QUICK)
    with Audit(tmp_path / "结果") as audit:
        assert audit.about().state == "finished"
        spoiled = audit.file("2023/云0县/passes-all镇.txt")
    assert spoiled is not None
    assert (spoiled.outcome, spoiled.error) == ("error", "文字里有残缺的字符，存不下来。请另存一次再报送。")


def test_a_second_audit_on_one_folder_is_told(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    from validator.audit.store import Store

    with Store(tmp_path / "结果", create=True):
        done = fazhi("audit", batch, "--out", "结果", "--outputs", "none")
    assert done.returncode == 2
    assert "另一个审核正在写 结果" in done.stderr
    assert fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", 1).returncode == 2
    assert len(states(tmp_path / "结果")) == 12


@pytest.mark.slow
def test_results_beside_the_reports_are_not_reports(fazhi: Run, batch: Path) -> None:
    for _ in range(2):
        fazhi("audit", batch, "--out", batch / "结果", "--outputs", "csv,html", "--jobs", "1", *QUICK)
    assert len(states(batch / "结果")) == 12


def test_reports_named_by_url(fazhi: Run, tmp_path: Path) -> None:
    import fsspec

    store = fsspec.filesystem("memory")
    for name in ("2023/云溪县/柳河镇.txt", "2023/云溪县/.藏着.txt", "2023/云溪县/照片.png"):
        store.pipe(f"/桶/{name}", (SPECIMENS / "passes-all.txt").read_bytes())
    store.pipe("/桶/全部.zip", b"PK")
    done = fazhi("audit", "memory://桶", "--out", "结果", "--outputs", "none", "--jobs", 1, *QUICK)
    assert done.returncode == 2, done.stderr
    assert states(tmp_path / "结果") == {"2023/云溪县/柳河镇.txt": "pass", "全部.zip": "error"}
    assert "按网址审核时不打开里面的压缩包" in done.stdout


def test_a_pattern_that_fits_nothing_is_said(fazhi: Run, batch: Path) -> None:
    done = fazhi("audit", batch, "--out", "结果", "--pattern", "报告/{region}/{organ}.pdf", *QUICK)
    assert (done.returncode, done.stdout) == (2, "")
    assert "没有一个文件对得上，例如“2022/云0县/gb18030镇.txt”" in done.stderr


def test_a_pattern_that_fits_some_is_said(fazhi: Run, batch: Path) -> None:
    shutil.copy(SPECIMENS / "passes-all.txt", batch / "新来镇.txt")
    options = ("--outputs", "none", "--jobs", 1, "--pattern", "{year}/{region}/{organ}")
    done = fazhi("audit", batch, "--out", "结果", *options, *QUICK)
    assert "样式对上12个文件，1个没有对上，例如“新来镇.txt”" in done.stdout
    shutil.copy(SPECIMENS / "passes-all.txt", batch / "又来镇.txt")
    assert (
        "来源里多了1个文件，这次没有看" in fazhi("audit", batch, "--out", "结果", "--resume", *options, *QUICK).stdout
    )


def test_the_conclusion_is_about_the_year_that_is_due(fazhi: Run, tmp_path: Path, batch: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("单位,地区\n没交镇,云0县\npasses-all镇,云0县\n", "utf-8")
    options = ("--outputs", "none", "--jobs", 1, "--pattern", "{year}/{region}/{organ}", "--roster", roster, *QUICK)
    first = fazhi("audit", batch, "--out", "结果", "--due", 2023, *options).stdout.splitlines()
    assert first[0].startswith("2023年度：应报送2家，未报送2家；报告5份：")
    assert "未报送：passes-all镇（云0县）、没交镇（云0县）。" in first
    last = fazhi("audit", batch, "--out", "结果", "--due", 2018, *options).stdout
    assert "没有一份2018年度的报告，请核对年度（--due）。" in last
    assert "没交镇" not in last


def test_a_missing_package_is_said_before_any_work(fazhi: Run, batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.cli.audit._NEEDED", ("datasketch", "nichts_dergleichen"))
    done = fazhi("audit", batch, "--out", "结果")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == "审核成批的报告需要安装 fazhi-validator[audit]。"
    assert not (batch.parent / "结果").exists()


def test_a_password_in_a_url_is_not_kept() -> None:
    from validator.audit.intake import name_source

    assert name_source("s3://key:secret@桶/报告?token=x") == "s3://桶/报告"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["没有", "--out", "结果"], "没有 没有 这个文件或文件夹"),
        (["空", "--out", "结果"], "没有找到可检查的文件：空"),
        (["报告"], "缺少 --out"),
        (["报告", "--out", "结果", "--outputs", "pdf"], "--outputs 不认识“pdf”"),
        (["报告", "--out", "结果", "--resume"], "里没有可以接着做的审核"),
        (["报告", "--out", "报告/2022/云0县/坏了.docx"], "建不了文件夹"),
        (["报告", "--out", "结果", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"], "不能一起用"),
        (["x9://a/b", "--out", "结果"], "打不开 x9:// 开头的网址"),
    ],
)
@pytest.mark.usefixtures("batch")
def test_what_cannot_be_done_is_said(fazhi: Run, tmp_path: Path, args: list[str], said: str) -> None:
    (tmp_path / "空").mkdir()
    done = fazhi("audit", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_other_settings_are_not_gone_on_with(fazhi: Run, batch: Path) -> None:
    fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--jobs", "1", *QUICK)
    done = fazhi("audit", batch, "--out", "结果", "--outputs", "none", "--resume", "--profile", "statutory", *QUICK)
    assert done.returncode == 2
    assert "来源、规则或选项与上次不同" in done.stderr


def test_region_and_power_of_enforcement_come_from_the_roster(fazhi: Run, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / "报告").mkdir(exist_ok=True)
        shutil.copy(SPECIMENS / "passes-all.txt", tmp_path / "报告" / f"{name}.txt")
    roster = "单位,地区,行政执法职能,文件\n甲镇,江东省江州市,有,甲.txt\n乙馆,湖北省,无,乙.txt\n"
    (tmp_path / "名册.csv").write_text(roster, "utf-8")
    args = ["--roster", "名册.csv", "--rules", "hubei", "--select", "T301,X101", "--jobs", "1", "--outputs", "none"]
    done = fazhi("audit", "报告", "--out", "结果", *args)
    assert done.returncode in (0, 1), done.stderr
    with Audit(tmp_path / "结果") as audit:
        found = {
            f.path: {r.id: r.outcome for r in result.rules}
            for f in audit.files()
            if (result := audit.result(f.id)) is not None
        }
    assert found["甲.txt"] == {"T301": "pass", "X101": "not_applicable"}
    assert found["乙.txt"] == {"T301": "not_applicable", "X101": "fail"}
    (tmp_path / "名册.csv").write_text(roster.replace("有", "也许"), "utf-8")
    assert "看不懂" in fazhi("audit", "报告", "--out", "结果二", *args).stderr


def start(batch: Path, out: Path, *more: str, cluster: str = "", jobs: int = 2) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "validator", "audit", str(batch), "--out", str(out), "--outputs", "none", *more]
    crew = ["--scheduler", cluster] if cluster else ["--jobs", str(jobs)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, *crew], stdout=quiet, stderr=quiet, start_new_session=True)


def kill_after(process: subprocess.Popen[bytes], out: Path, done: int) -> None:
    """Kill an audit and all its processes once so many files are done, or it has ended."""
    while process.poll() is None:
        try:
            with closing(sqlite3.connect(f"{(out / 'audit.sqlite').as_uri()}?mode=ro", uri=True)) as base:
                if base.execute("SELECT count(*) FROM file WHERE state = 'done'").fetchone()[0] >= done:
                    break
        except sqlite3.Error:
            pass
        time.sleep(0.002)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def crash(tmp_path: Path, batch: Path, kills: tuple[int, ...], jobs: int, *more: str) -> None:
    """Kill an audit again and again, go on with it each time, and compare with one that was left alone."""
    out = tmp_path / "被杀"
    known: set[tuple[object, ...]] = set()
    for turn, done in enumerate(kills):
        kill_after(start(batch, out, *(["--resume"] if turn else []), *more, jobs=jobs), out, done)
        with closing(sqlite3.connect(out / "audit.sqlite")) as base:
            here = set(base.execute("SELECT id, sha256 FROM file WHERE state = 'done'"))
        assert known <= here, "what was done is done"
        known = here
    assert start(batch, out, "--resume", *more, jobs=jobs).wait() == 2
    assert dump(out) == dump(tmp_path / "顺利")


@pytest.mark.slow
def test_a_kill_loses_nothing(fazhi: Run, tmp_path: Path) -> None:
    batch = build_batch(tmp_path / "报告", 2)
    fazhi("audit", batch, "--out", tmp_path / "顺利", "--outputs", "none", "--jobs", 1, *QUICK)
    crash(tmp_path, batch, (9,), 1, *QUICK)


@pytest.mark.slow
def test_many_kills_lose_nothing(tmp_path: Path) -> None:
    batch = build_batch(tmp_path / "报告", 12)
    start(batch, tmp_path / "顺利").wait()
    crash(tmp_path, batch, (1, 2, 5, 17, 18, 40, 70, 71, 72, 110, 140, 144), 2)
