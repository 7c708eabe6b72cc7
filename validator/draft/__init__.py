"""``rules/draft.yaml`` + a rule set → a Word file to fill in: headings, blanks, and hints as comments."""

from validator.draft.plan_file import Draft, read_draft
from validator.draft.skeleton import Hint, Line, Skeleton, build_skeleton
from validator.draft.word import render_skeleton, write_skeleton

__all__ = ["Draft", "Hint", "Line", "Skeleton", "build_skeleton", "read_draft", "render_skeleton", "write_skeleton"]
