"""The command ``fazhi``. Only this package prints and exits; payload goes to stdout, everything else to stderr."""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import suppress
from threading import current_thread, main_thread
from typing import Annotated, NoReturn

import typer

from validator import __version__
from validator.cli import (
    audit,
    audit_review,
    baseline,
    cache,
    calendar,
    check,
    config,
    draft,
    fix,
    init,
    lsp,
    model,
    outline,
    rules,
    rules_check,
    rules_new,
    serve,
    show,
    waive,
)
from validator.cli.help import ChineseCommand, ChineseGroup, UsageError, explain_usage_error
from validator.errors import ValidatorError, explain_os_error, plain
from validator.exit_codes import EXIT_NOT_CHECKED

app = typer.Typer(
    cls=ChineseGroup,
    help="检查法治政府建设年度报告是否写全、写对。",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


_INTERRUPTED = 130
"""What the command framework makes of Ctrl-C."""


def main() -> None:
    """Run the command line; every expected error is one sentence on stderr and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if current_thread() is main_thread():
        signal.signal(signal.SIGTERM, _stop)  # what a code host sends when a run is cancelled
    try:
        code = app(standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        if not sys.stdout.closed:
            sys.stdout.flush()
        sys.exit(code)
    except UsageError as exc:
        _fail(explain_usage_error(exc))
    except ValidatorError as exc:
        _fail(plain(str(exc)))
    except (typer.Abort, KeyboardInterrupt):
        _fail("已中断，没有完成检查。")
    except BrokenPipeError:
        _leave_pipe()
        sys.exit(EXIT_NOT_CHECKED)
    except OSError as exc:
        _leave_pipe()
        _fail(f"读写文件出错（{explain_os_error(exc)}），没有完成检查。")
    except Exception as exc:  # the last resort: exit code 1 would say that everything was checked
        _fail(f"程序出错（{type(exc).__name__}），没有完成检查，请报告给维护者。")


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(EXIT_NOT_CHECKED)


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _leave_pipe() -> None:
    """Let the interpreter end without writing what nobody reads any more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fazhi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本。")
    ] = False,
) -> None:
    """检查法治政府建设年度报告是否写全、写对。"""


app.command("check", cls=ChineseCommand)(check.check)
app.command("fix", cls=ChineseCommand)(fix.fix)
app.command("init", cls=ChineseCommand)(init.init)
app.command("new", cls=ChineseCommand)(draft.new)
app.command("outline", cls=ChineseCommand)(outline.outline)
app.command("plan", cls=ChineseCommand)(calendar.plan)
app.command("serve", cls=ChineseCommand)(serve.serve)
app.command("show", cls=ChineseCommand)(show.show)
app.command("lsp", cls=ChineseCommand)(lsp.lsp)
app.command("waive", cls=ChineseCommand)(waive.waive)
audit.app.command("export", cls=ChineseCommand)(audit_review.export)
audit.app.command("page", cls=ChineseCommand)(audit_review.page)
audit.app.command("decide", cls=ChineseCommand)(audit_review.decide)
audit.app.command("import-decisions", cls=ChineseCommand)(audit_review.import_decisions)
audit.app.command("diff", cls=ChineseCommand)(audit_review.diff)
rules.app.command("test", cls=ChineseCommand)(rules_check.try_rules)
rules.app.command("lint", cls=ChineseCommand)(rules_check.lint)
rules.app.command("new", cls=ChineseCommand)(rules_new.new)
rules.app.command("schema", cls=ChineseCommand)(rules_new.schema)
app.add_typer(audit.app, name="audit")
app.add_typer(baseline.app, name="baseline")
app.add_typer(rules.app, name="rules")
app.add_typer(config.app, name="config")
app.add_typer(cache.app, name="cache")
app.add_typer(model.app, name="model")
