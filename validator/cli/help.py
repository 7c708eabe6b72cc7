"""Help and usage errors of the command line in plain Chinese (the framework's own are in English)."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

UsageError: Any = typer.BadParameter.__mro__[1]
"""The framework's base class of usage errors, which it does not export."""


def _usage(ctx: typer.Context, words: str) -> str:
    return f"用法：{ctx.command_path} {words}"


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    return [line for name, text in rows for line in (f"  {name}", f"      {text}")]


def _describe_parameter(parameter: Any) -> tuple[str, str]:
    """Return the names and the help of an option or argument, with its default."""
    text = parameter.help or ""
    default = getattr(parameter.default, "value", parameter.default)
    if isinstance(default, str) and default:
        text += f"默认：{default}。"
    return (", ".join(parameter.opts) if parameter.param_type_name == "option" else _name(parameter)), text


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.name)


class ChineseCommand(TyperCommand):
    """A command whose help is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, help, arguments and options."""
        arguments = [p for p in self.params if p.param_type_name == "argument"]
        options = [p for p in self.params if p.param_type_name == "option"]
        lines = [_usage(ctx, " ".join(["[选项]", *(_name(a) for a in arguments)])), "", self.help or ""]
        if arguments:
            lines += ["", "参数：", *_rows([_describe_parameter(a) for a in arguments])]
        rows = [*(_describe_parameter(o) for o in options), ("-h, --help", "显示这份说明。")]
        formatter.write("\n".join([*lines, "", "选项：", *_rows(rows)]) + "\n")


class ChineseGroup(TyperGroup):
    """A group of commands whose help is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write usage, help and the commands."""
        commands = [(name, (self.commands[name].help or "").split("。")[0] + "。") for name in self.list_commands(ctx)]
        options = [_describe_parameter(p) for p in self.params if p.param_type_name == "option"]
        lines = [_usage(ctx, "命令 …"), "", self.help or "", "", "命令：", *_rows(commands)]
        formatter.write("\n".join([*lines, "", "选项：", *_rows([*options, ("-h, --help", "显示这份说明。")])]) + "\n")


def explain_usage_error(error: Any) -> str:
    """Return one plain sentence for a usage error, with the command that shows the help."""
    path = error.ctx.command_path if error.ctx is not None else "fazhi"
    kind = type(error).__name__
    name = getattr(error, "option_name", None) or getattr(getattr(error, "param", None), "name", None) or ""
    if kind == "NoSuchOption":
        said = f"没有选项 {name}"
    elif kind == "MissingParameter":
        said = "没有写要检查的文件" if name == "paths" else f"缺少{_said(error.param)}"
    elif kind == "BadParameter":
        said = f"{_option_of(error)} 的值不对{_allowed(getattr(error, 'param', None))}"
    elif kind == "BadOptionUsage":
        said = f"选项 {name} 缺少值"
    elif error.ctx is not None and isinstance(error.ctx.command, TyperGroup):
        said = f"请写一个命令：{'、'.join(error.ctx.command.list_commands(error.ctx))}"
    else:
        said = "命令写法有误"
    return f"{said}。用 {path} --help 查看用法。"


def _said(parameter: Any) -> str:
    """Return an argument by its name, and an option as it is written, with what it is for."""
    if parameter.param_type_name != "option":
        return _name(parameter)
    return f" {parameter.opts[0]}（{(parameter.help or '').rstrip('。')}）"


def _option_of(error: Any) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None or not parameter.opts:
        return "选项"
    return str(parameter.opts[0]) if parameter.param_type_name == "option" else _name(parameter)


def _allowed(parameter: Any) -> str:
    """Return what may be written, as the end of a sentence; nothing where anything may be or nobody knows."""
    kind = getattr(parameter, "type", None)
    choices = getattr(kind, "choices", ())
    if choices:
        return f"，可用：{'、'.join(str(getattr(c, 'value', c)) for c in choices)}"
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    return f"，应是{least}到{most}之间的整数" if least is not None and most is not None else ""
