"""What the law says beside the checklist: when reports are due (``calendar``), and which clause which rule checks."""

from validator.law.calendar import Calendar, Item, Organ, Plan, plan_year, read_calendar
from validator.law.coverage import Clause, Coverage, CoveredSource, describe_coverage, read_coverage

__all__ = [
    "Calendar",
    "Clause",
    "Coverage",
    "CoveredSource",
    "Item",
    "Organ",
    "Plan",
    "describe_coverage",
    "plan_year",
    "read_calendar",
    "read_coverage",
]
