"""How rules on publication are checked, in plain words."""

from __future__ import annotations

from validator.kinds import PublicationCheck
from validator.rulebook.sayings import Asked, Saying


def explain_publication(asked: Asked[PublicationCheck]) -> tuple[Saying, ...]:
    """Explain a rule on publication."""
    check = asked.check
    if check.by is not None:
        month, day = (int(n) for n in check.by.split("-"))
        said = Saying(
            f"看文件里写的公开日期是不是不晚于下一年{month}月{day}日。",
            f"The date of publication in the file should not be later than {check.by} of the year after.",
        )
    else:
        said = Saying(
            "看存下来的网页上有没有这个栏目：{column}。",
            "The saved page should show this column in its path: {column}.",
            {"column": check.column or ""},
        )
    return said, Saying("文件里没有写的，不下结论。", "What the file does not say is not judged.")
