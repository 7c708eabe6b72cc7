"""Every mistake in a pack is one line with path, line and column, names what was probably meant, and loads nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pack_files import FILES, PACK, SOURCE, X101, write_pack
from validator.errors import RuleFileError
from validator.pack_files import MOST_FILES
from validator.ruleset import load_ruleset

MEANT = "您是不是要写 "
Edit = tuple[str, str, str]

P, S, R = "pack.yaml", "sources/yunhe-2024.yaml", "themes/X101.yaml"
DEEP = "x: " + "[" * 200 + "]" * 200

EDITS: list[tuple[Edit, int, str]] = [
    ((P, "title:", "titel:"), 2, MEANT + "title"),
    ((P, "change:", "chance:"), 7, MEANT + "change"),
    ((P, "version: \"1\"", "version: 1"), 3, "加引号"),
    ((P, "version: \"1\"\n", ""), 1, "缺少键 version"),
    ((P, "id: yunhe", "id: 云河"), 1, "应是小写英文字母"),
    ((P, "version: \"1\"", "version: “1”"), 3, "英文引号"),
    ((P, "title: ", "title："), 2, "英文冒号"),
    ((P, "  T312:\n", "  T399:\n"), 8, MEANT + "T309"),
    ((P, "  T312:\n", "  t312:\n"), 8, "编号应是"),
    ((P, "severity: warning", "severty: warning"), 9, MEANT + "severity"),
    ((P, "severity: warning", "severity: waring"), 9, MEANT + "warning"),
    ((P, "    severity: warning", "    severity: [warning]"), 9, "应是"),
    ((P, "    severity: warning", "    id: T399"), 9, "编号不能改"),
    ((P, "    severity: warning", "    check: {kind: title}"), 9, ""),
    ((P, "    severity: warning", "    check: {related: 企业}"), 9, "列表"),
    ((P, "    severity: warning", "    check: {reladed: [企业]}"), 9, MEANT + "related"),
    ((P, "    severity: warning", "    only_if: {P199: [pass]}"), 9, "没有编号为 P199"),
    ((P, "    severity: warning", "    basis: [{source: yunhe-2042, article: 第一条, quote: 要, relation: duty}]"), 9, MEANT + "yunhe-2024"),
    ((P, "    severity: warning", "    reason: 试"), 8, "没有写 T312 要改什么"),
    ((P, "    severity: warning", "    message: {fial: null}"), 9, MEANT + "fail"),
    ((P, "      fail: 没有写", "      fial: 没有写"), 12, MEANT + "fail"),
    ((P, "  T301:\n    message:", "  T301:\n    severity: note\n    message:"), 10, "要写 reason"),
    ((P, "  T301:\n    message:", "  G001:\n    severity: note\n    reason: 试\n    message:"), 10, "不能改"),
    ((P, "  X101: P104", "  X103: P104"), 6, MEANT + "X101"),
    ((P, "  X101: P104", "  X101: P140"), 6, "没有编号为 P140"),
    ((P, "  X101: P104", "  X101: X102\n  X102: X101"), 6, "互相"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  W640: {reason: 试}"), 16, "没有编号为 W640"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  W604: {}"), 16, "缺少键 reason"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  W604: {reason: ''}"), 16, "不能为空"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  G001: {reason: 试}"), 16, "不能关掉"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  X101: {reason: 试}"), 16, "自己加的规则"),
    ((P, "  W604: {reason: 由文印室统一排版}", "  T312: {reason: 试}"), 16, "不能又改又关"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T380: {add: [家事调停]}"), 14, MEANT),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  plann: {add: [家事调停]}"), 14, "没有叫 plann"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  latter: {add: [家事调停]}"), 14, MEANT + "later"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  later: {add: [转过年]}"), 14, "要写 reason"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T308: {remove: [人民调節]}"), 14, "列表里没有"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T308: {}"), 14, "add 或 remove"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T301: {beside: 三项制渡, add: [三制], reason: 试}"), 14, MEANT + "三项制度"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T301: {in: term, add: [三制], reason: 试}"), 14, MEANT + "terms"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  T301: {add: [三制], reason: 试}"), 14, "个列表合得上"),
    ((P, "  T308: {beside: 矛盾纠纷, add: [家事调停]}", "  P104: {in: headings, add: ['(下年'], reason: 试}"), 14, "正则表达式"),
    ((P, "not_waivable: [X101]", "not_waivable: [X110]"), 17, MEANT + "X101"),
    ((P, "not_waivable: [X101]", "profiles: [statutory]"), 17, "只用于方案 statutory"),
    ((P, "not_waivable: [X101]", "extends: ../别处"), 17, "应是清单文件夹的列表"),
    ((P, "not_waivable: [X101]", "extends: [hubie]"), 17, MEANT + "hubei"),
    ((P, "not_waivable: [X101]", "extends: [../云河]"), 17, "绕回了自己"),
    ((P, "not_waivable: [X101]", "title: 二"), 17, "键 title 重复"),
    ((P, "off:\n", "off:\n\t"), 16, "不能用制表符"),
    ((P, PACK, "- 一\n"), 1, "映射"),
    ((P, PACK, DEEP), 1, "嵌套太深"),
    ((S, "in_force: 2023-01-01", "in_force: 2023-02-30"), 5, "不是有效的值"),
    ((S, "in_force: 2023-01-01", "in_force: 去年"), 5, "应是日期"),
    ((S, "in_force: 2023-01-01", "in_force: 2023-01-01\nrepealed: 2022-01-01"), 6, "必须晚于"),
    ((S, "kind: policy", "kind: polcy"), 4, MEANT + "policy"),
    ((S, "id: yunhe-2024", "id: yunhe-2025"), 1, "与文件名"),
    ((R, "source: yunhe-2024", "source: yunhe-2042"), 5, MEANT + "yunhe-2024"),
    ((R, "article: 第一条", "article: 第二条"), 6, MEANT + "第一条"),
    ((R, "quote: 执法", "quote: 说法"), 7, "引文不在"),
    ((R, "kind: theme", "kind: themes"), 16, MEANT + "theme"),
    ((R, "terms: [执法培训]", "term: [执法培训]"), 21, MEANT + "terms"),
    ((R, "severity: warning", "severity: warning\napplies: {year: 2024}"), 4, MEANT + "years"),
    ((R, "severity: warning", "severity: warning\napplies: {years: {from: 2024, until: 2024}}"), 4, "until 必须晚于"),
    ((R, "severity: warning", "severity: warning\napplies: {levels: [conty]}"), 4, "levels的第1项：应是 "),
    ((R, "severity: warning", "severity: warning\napplies: {levels: [conty]}"), 4, MEANT + "county"),
    ((R, "severity: warning", "severity: warning\napplies: {regions: [江东]}"), 4, "要写全称"),
    ((R, "severity: warning", "severity: warning\napplies: {enforcement: 有}"), 4, "true 或 false"),
    ((R, "severity: warning", "severity: warning\nonly_if: {X101: [pass]}"), 4, "以自己为前提"),
    ((R, "severity: warning", "severity: warning\nonly_if: {X120: [pass]}"), 4, MEANT + "X102"),
    ((R, "  near_miss:", "  near_mis:"), 27, MEANT + "near_miss"),
    ((R, "- terms: [执法培训]", "- terms: [“执法培训”]"), 21, "“执法培训”里不要写引号"),
    ((R, "- terms: [执法培训]", "- terms: [执法培训]\n          needs: ['{latter}']"), 22, MEANT + "later"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "line", "words"), EDITS, ids=[f"{n:02}" for n in range(len(EDITS))])
def test_a_mistake_is_pointed_at(tmp_path: Path, edit: Edit, line: int, words: str) -> None:
    name, old, new = edit
    assert FILES[name].count(old) >= 1
    pack = write_pack(tmp_path / "云河", {name: FILES[name].replace(old, new, 1)})
    with pytest.raises(RuleFileError) as caught:
        load_ruleset(packs=[pack])
    error = caught.value
    assert error.path == f"{pack.as_posix()}/{name}"
    assert error.line == line, str(error)
    assert error.column >= 1
    assert words in error.message
    assert "\n" not in str(error)
    assert "Input should" not in str(error)


FILES_WRONG: list[tuple[dict[str, str | bytes], str, str]] = [
    ({"themes/T301.yaml": X101.replace("id: X101", "id: T301")}, "themes/T301.yaml", "已经有了，在 rules/themes/T301.yaml"),
    ({"themes/X109.yaml": X101}, "themes/X109.yaml", "与文件名"),
    ({"other/X101.yaml": X101}, "themes/X101.yaml", "规则编号 X101 已经有了"),
    ({"sources/ducha-2019.yaml": SOURCE.replace("yunhe-2024", "ducha-2019")}, "sources/ducha-2019.yaml", "已经有名为"),
    ({"X103.yaml": X101}, "X103.yaml", "子文件夹"),
    ({"pak.yaml": PACK}, "pak.yaml", MEANT + "pack.yaml"),
    ({"themes/X103.yml": X101}, "themes/X103.yml", ".yaml 结尾"),
    ({"a/b/X103.yaml": X101}, "a/b/X103.yaml", "太深"),
    ({"a/pack.yaml": PACK}, "a/pack.yaml", "又有一份清单"),
    ({"profiles/default.yaml": PACK}, "profiles/default.yaml", "不写方案"),
    ({"themes/X101.yaml": X101.encode("gb18030")}, "themes/X101.yaml", "不是 UTF-8"),
    ({"themes/X101.yaml": b"\x00\x01"}, "themes/X101.yaml", "不允许的字符"),
    ({"pack.yaml": b"\xff\xfe\x00"}, "pack.yaml", "不是 UTF-8"),
    ({"themes/X101.yaml": b"#" * (2 * 1024 * 1024 + 1)}, "themes/X101.yaml", "文件太大"),
    ({"themes/X101.yaml": X101.replace("kind: theme", "kind: genre")}, "themes/X101.yaml", "不认识的键 any_of"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "name", "words"), FILES_WRONG, ids=[f"{n:02}" for n in range(len(FILES_WRONG))])
def test_a_wrong_file_is_named(tmp_path: Path, files: dict[str, str | bytes], name: str, words: str) -> None:
    pack = write_pack(tmp_path / "云河", files)
    with pytest.raises(RuleFileError) as caught:
        load_ruleset(packs=[pack])
    assert caught.value.path == f"{pack.as_posix()}/{name}"
    assert words in caught.value.message


def test_folders_that_are_no_packs(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "文件").write_text("x")
    for path, words in (
        (tmp_path / "空", "没有这个文件"),
        (tmp_path / "没有", "没有这个清单文件夹"),
        (tmp_path / "文件", "这是一个文件"),
        (Path("hubie"), MEANT + "hubei"),
    ):
        with pytest.raises(RuleFileError, match=words):
            load_ruleset(packs=[path])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every file can be read")
def test_a_file_without_permission(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "云河")
    (pack / "pack.yaml").chmod(0)
    with pytest.raises(RuleFileError, match="没有权限"):
        load_ruleset(packs=[pack])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "云河")
    os.mkfifo(pack / "themes" / "X103.yaml")
    with pytest.raises(RuleFileError, match="不是普通文件"):
        load_ruleset(packs=[pack])


def test_no_second_rule_says_where_a_part_is(tmp_path: Path) -> None:
    """It would decide what the mandatory rule finds, without a reason and without a word in the result."""
    rule = (ROOT / "rules" / "parts" / "P102.yaml").read_text("utf-8").replace("id: P102", "id: X103")
    pack = write_pack(tmp_path / "云河", {"themes/X103.yaml": rule})
    with pytest.raises(RuleFileError, match="这一部分由 P102 认定，不能另加"):
        load_ruleset(packs=[pack])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "云河")
    inside = pack / "themes" / "X103.yaml"
    (tmp_path / "X103.yaml").write_text("x", "utf-8")
    try:
        inside.symlink_to(tmp_path / "X103.yaml")
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(RuleFileError, match=r"X103\.yaml:1:1: 这是指到清单文件夹外面的链接"):
        load_ruleset(packs=[pack])
    inside.unlink()
    linked = tmp_path / "链接"
    linked.symlink_to(pack, target_is_directory=True)
    assert load_ruleset(packs=[linked]).digest == load_ruleset(packs=[pack]).digest


def test_files_without_number_are_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "云河")
    for number in range(MOST_FILES):
        (pack / "themes" / f"Z{number}.yaml").touch()
    with pytest.raises(RuleFileError, match="文件太多"):
        load_ruleset(packs=[pack])


def test_packs_that_extend_one_another(tmp_path: Path) -> None:
    first, second = (
        "id: a\ntitle: 甲\nversion: '1'\nextends: [../乙]\n",
        "id: b\ntitle: 乙\nversion: '1'\nextends: [../甲]\n",
    )
    for name, text in (("甲", first), ("乙", second)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleFileError, match=r"乙/pack\.yaml:4:11: 清单 \.\./甲 绕回了自己"):
        load_ruleset(packs=[tmp_path / "甲"])
    (tmp_path / "乙" / "pack.yaml").write_text("id: a\ntitle: 乙\nversion: '1'\n", "utf-8")
    with pytest.raises(RuleFileError, match=r"甲/pack\.yaml:1:1: 清单编号 a 重复"):
        load_ruleset(packs=[tmp_path / "甲"])


def test_rules_that_wait_for_one_another_in_a_circle_end(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"themes/{name}.yaml": X101.replace("X101", name).replace(
            "severity:", f"only_if: {{{other}: [pass]}}\nseverity:"
        )
        for name, other in (("X101", "X102"), ("X102", "X103"), ("X103", "X102"))
    }
    with pytest.raises(RuleFileError, match="以自己为前提"):
        load_ruleset(packs=[write_pack(tmp_path / "云河", files)])
