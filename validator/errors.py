"""The errors that a person can do something about. Bottom of the flow: imports nothing of ours."""

from __future__ import annotations


class ValidatorError(Exception):
    """Base of all errors that end in one plain sentence for the user."""


class LoadError(ValidatorError):
    """A file cannot be read as a report. The message is a plain Chinese sentence."""


class OptionError(ValidatorError):
    """An option, a path or a rule id given by the user is wrong."""


class RuleFileError(ValidatorError):
    """A file below ``rules/`` breaks the schema.

    ``line`` and ``column`` are 1-based and point at the node in the YAML file.
    """

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(path, line, column, message)
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"
