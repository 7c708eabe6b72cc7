"""The errors that a person can do something about. Bottom of the flow: imports nothing of ours."""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中间有一个不是文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "路径太长",
    errno.ELOOP: "链接绕回了自己",
    errno.EBUSY: "文件正被别的程序使用",
    errno.EIO: "磁盘读写出错",
}


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


class PackProfileError(RuleFileError):
    """A pack is not meant for the profile that is used."""


def explain_os_error(error: OSError) -> str:
    """Return why a file could not be read or written, in a few Chinese words."""
    return _REASONS.get(error.errno or 0, f"系统错误{error.errno}" if error.errno else "原因不明")


def plain(text: str) -> str:
    """Return text on one line without control characters: names of files and their words are hostile."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
