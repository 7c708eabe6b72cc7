"""What a run means for the process that asked for it: 0, 1 or 2."""

from __future__ import annotations

from validator.options import FailOn
from validator.result import RunResult

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_NOT_CHECKED = 2


def exit_code(result: RunResult, fail_on: FailOn) -> int:
    """Return 2 when something could not be checked, 1 when something at or above ``fail_on`` failed, else 0.

    What was waived or is in the baseline does not count. No file at all is not checked.
    """
    rules = [r for f in result.files for r in f.rules]
    if not result.files or any(f.outcome == "error" for f in result.files) or any(r.outcome == "error" for r in rules):
        return EXIT_NOT_CHECKED
    if fail_on == "never":
        return EXIT_OK
    counting = [r for r in rules if not r.is_accepted]
    severities = {"error"} if fail_on == "error" else {"error", "warning"}
    failed = any(r.outcome == "fail" and r.severity in severities for r in counting)
    reviewed = fail_on == "review" and any(r.outcome == "review" for r in counting)
    return EXIT_FAILED if failed or reviewed else EXIT_OK
