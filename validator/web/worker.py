"""What a worker process is: it holds rules, pipeline and reading process, says nothing, and ends with the server."""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from dataclasses import replace
from functools import cache
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread

from validator.engine import Engine
from validator.loaders.reader import Reader
from validator.options import CheckOptions, Limits
from validator.recipe import Recipe
from validator.workbench import Workbench


class Tools:
    """What a worker checks with. Few engines serve all recipes: facts that a visitor states cost no new one."""

    def __init__(self) -> None:
        self._bench = Workbench()
        self._readers: dict[tuple[Limits, bool], Reader] = {}

    def engine(self, recipe: Recipe) -> Engine:
        """Return the engine of a recipe.

        Raises:
            RuleFileError: a rule file is wrong.
            OptionError: a chosen rule, profile or model does not exist.
        """
        own = recipe.options
        shared = CheckOptions(select=own.select, ignore=own.ignore)
        engine = self._bench.engine(Recipe(recipe.rules_dir, recipe.profile, shared, recipe.model, packs=recipe.packs))
        return engine if own == shared else replace(engine, options=own)

    def reader(self, recipe: Recipe) -> Reader:
        """Return what reads files within the limits of a recipe."""
        key = (recipe.limits, recipe.ocr)
        if key not in self._readers:
            self._readers[key] = Reader(recipe.limits, ocr=recipe.ocr)
        return self._readers[key]

    def close(self) -> None:
        """End the reading processes."""
        for reader in self._readers.values():
            with suppress(OSError):
                reader.close()


@cache
def tools() -> Tools:
    """Return the tools of this process."""
    return Tools()


def begin(recipe: Recipe, scratch: Path | None = None) -> None:
    """Make a new process ready: it leaves Ctrl-C to the server, ends with it, writes nothing, and loads everything.

    Args:
        recipe: what it will check with, mostly.
        scratch: where it and what it starts put temporary files: whoever is killed cannot remove them.
    """
    if scratch is not None:
        tempfile.tempdir = str(scratch)
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), tempfile.tempdir))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    Thread(target=_end_with_parent, daemon=True).start()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    _shut_streams()
    with suppress(Exception):  # what is wrong with the rules is said to whoever asks
        warm(recipe)


def warm(recipe: Recipe) -> None:
    """Load rules, language pipeline and reading process by checking a sample, and what results are kept with."""
    import msgspec  # noqa: F401

    import validator.annotation  # noqa: F401
    from validator.reporters.json import render_json
    from validator.runner import Checker, finish_run
    from validator.web.sample import SAMPLE, make_sample

    held = tools()
    engine = held.engine(recipe)
    with Checker(engine, recipe.limits, reader=held.reader(recipe)) as checker:
        render_json(finish_run(engine, [checker.check_bytes("样例.docx", make_sample(SAMPLE))]))


def rest(seconds: float) -> int:
    """Wait, and return which process did."""
    time.sleep(seconds)
    return os.getpid()


def _shut_streams() -> None:
    """Let nothing reach the streams of the server: what libraries print could hold words of a report."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)


def _end(*_: object) -> None:
    """End at once, and the reading process with it: it might be the one that hangs."""
    with suppress(BaseException):
        tools().close()
    os._exit(1)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        _end()
