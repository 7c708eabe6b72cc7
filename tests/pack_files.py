"""A small pack of an invented bureau, as the tests and the guide write it."""

from __future__ import annotations

from pathlib import Path

PACK = """\
id: yunhe
title: 云河局自查清单
version: "1"
source_note: 云河局内部要求
after:
  X101: P104
change:
  T312:
    severity: warning
  T301:
    message:
      fail: 没有写三项制度，请对照云河局的要求补上。
terms:
  T308: {beside: 矛盾纠纷, add: [家事调停]}
off:
  W604: {reason: 由文印室统一排版}
not_waivable: [X101]
"""
SOURCE = """\
id: yunhe-2024
title: 云河局法治工作要求
issuer: 云河局
kind: policy
in_force: 2023-01-01
binds: 云河局各科室
source_status: unverified
articles:
  - id: 第一条
    text: 年度报告写明执法人员培训的次数。办事窗口公开服务承诺。
    article_status: unverified
"""


def rule(rule_id: str, title: str, quote: str, term: str, right: str, wrong: str) -> str:
    """Return a rule file that asks for one theme."""
    return f"""\
id: {rule_id}
title: {title}
severity: warning
basis:
  - source: yunhe-2024
    article: 第一条
    quote: {quote}
    relation: content
rationale: 云河局的要求。
expected: 举措和成效部分
stands_in: measures
message:
  fail: 没有写{title}。
wording: |
  {right}
check:
  kind: theme
  any_of:
    - name: {title}
      all_of:
        - terms: [{term}]
examples:
  pass:
    - text: {right}
  fail:
    - text: {wrong}
  near_miss:
    - text: 学习《{term}办法》。
      outcome: fail
      why: 只出现在文件名称里
"""


X101 = rule("X101", "执法人员培训", "执法人员培训的次数", "执法培训", "开展执法培训3次。", "走访企业60家。")
X102 = rule("X102", "窗口服务承诺", "办事窗口公开服务承诺", "服务承诺", "窗口公开服务承诺12项。", "走访企业60家。")
FILES = {"pack.yaml": PACK, "sources/yunhe-2024.yaml": SOURCE, "themes/X101.yaml": X101, "themes/X102.yaml": X102}


def write_pack(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write a pack; ``files`` come instead of those of the usual one or beside them."""
    for name, text in {**FILES, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
