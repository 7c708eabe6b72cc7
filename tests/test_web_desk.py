"""The desk: the line, its end, who leaves it; processes that hang, die or are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from validator.errors import OptionError
from validator.recipe import DEFAULT_RECIPE
from validator.web.checking import check_file
from validator.web.desk import Busy, Desk, Died, TimedOut


class HandDesk(Desk):
    """A desk whose tasks end when the test says so."""

    def __init__(self, processes: int = 1, waiting: int = 2) -> None:
        super().__init__(processes, waiting, 5, DEFAULT_RECIPE)
        self.begun: list[tuple[str, Future[Any]]] = []

    def _schedule(self, function: Callable[..., Any], args: tuple[object, ...], seconds: float) -> Future[Any]:
        assert function is print
        assert seconds == 5
        future: Future[Any] = Future()
        self.begun.append((str(args[0]), future))
        return future


def ask(desk: Desk, name: str, **more: Any) -> asyncio.Task[Any]:
    return asyncio.create_task(desk.submit(print, name, **more))


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_tasks_are_done_in_the_order_in_which_they_came() -> None:
    async def run() -> None:
        desk = HandDesk()
        tasks = [ask(desk, name) for name in "abc"]
        for n in range(3):
            await turn()
            assert [name for name, _ in desk.begun] == list("abc")[: n + 1]
            assert (desk.running, desk.waiting) == (1, 2 - n)
            desk.begun[n][1].set_result(n)
        assert await asyncio.gather(*tasks) == [0, 1, 2]
        await turn()
        assert (desk.running, desk.waiting) == (0, 0)

    asyncio.run(run())


def test_a_full_line_says_when_to_come_again_but_keeps_who_is_patient() -> None:
    async def run() -> None:
        desk = HandDesk(waiting=1)
        tasks = [ask(desk, "a"), ask(desk, "b")]
        await turn()
        with pytest.raises(Busy) as busy:
            await desk.submit(print, "c")
        assert busy.value.retry_after >= 1
        assert str(busy.value.retry_after) in str(busy.value)
        tasks.append(ask(desk, "d", patient=True))
        for n in range(3):
            await turn()
            desk.begun[n][1].set_result(n)
        assert await asyncio.gather(*tasks) == [0, 1, 2]

    asyncio.run(run())


def test_who_goes_away_leaves_the_line() -> None:
    async def run() -> None:
        desk = HandDesk()
        first, second, third = (ask(desk, name) for name in "abc")
        await turn()
        second.cancel()
        await turn()
        assert desk.waiting == 1
        desk.begun[0][1].set_result(None)
        await turn()
        assert [name for name, _ in desk.begun] == ["a", "c"]
        third.cancel()  # what has begun goes on, and its process is free only then
        await turn()
        assert desk.running == 1
        desk.begun[1][1].set_result(None)
        await turn()
        assert desk.running == 0
        await first

    asyncio.run(run())


def test_a_turn_given_to_somebody_who_just_left_goes_to_the_next() -> None:
    async def run() -> None:
        desk = HandDesk()
        first, second, third = (ask(desk, name) for name in "abc")
        await turn()
        desk._release()  # the turn of the second
        second.cancel()
        await turn()
        assert [name for name, _ in desk.begun] == ["a", "c"]
        for _, future in desk.begun:
            future.set_result(None)
        await asyncio.gather(first, third)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("error", "expected"),
    [(TimeoutError(), TimedOut), (BrokenProcessPool(), Died), (OptionError("没有"), OptionError)],
)
def test_what_becomes_of_a_task_is_said_in_a_sentence(error: Exception, expected: type[Exception]) -> None:
    async def run() -> None:
        desk = HandDesk()
        task = ask(desk, "a")
        await turn()
        desk.begun[0][1].set_exception(error)
        with pytest.raises(expected, match=r".+"):
            await task
        await turn()
        assert desk.running == 0

    asyncio.run(run())


def test_a_task_that_no_process_takes_up_is_given_up_and_the_processes_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("validator.web.desk._START_SECONDS", -4.99)
    opened: list[int] = []

    async def run() -> None:
        desk = HandDesk()
        monkeypatch.setattr(desk, "open", lambda: opened.append(1))
        with pytest.raises(TimedOut):
            await desk.submit(print, "a")
        await turn()
        assert desk.begun[0][1].cancelled()
        assert (opened, desk.running) == ([1], 0)

    asyncio.run(run())


def test_processes_that_were_replaced_meanwhile_are_not_replaced_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.web.desk._START_SECONDS", -4.99)
    opened: list[int] = []

    async def run() -> None:
        desk = HandDesk()
        monkeypatch.setattr(desk, "open", lambda: opened.append(1))
        task = ask(desk, "a")
        await turn()
        monkeypatch.setattr(desk, "_pool", object())
        with pytest.raises(TimedOut):
            await task

    asyncio.run(run())
    assert not opened


def hang() -> None:
    time.sleep(600)


def has_loaded(module: str) -> bool:
    return module in sys.modules


def die() -> None:
    os._exit(3)


def shout() -> str:
    os.write(1, "报告里的一句话".encode())
    os.write(2, "报告里的一句话".encode())
    return "好"


@pytest.mark.slow
def test_processes_that_hang_die_or_are_killed_are_replaced(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "a.txt"
    report.write_text("云溪镇2023年法治政府建设年度报告\n一、工作情况\n开展执法检查3次。\n", "utf-8")

    async def run() -> None:
        desk = Desk(1, 4, 30, DEFAULT_RECIPE, tmp_path)
        desk.open()
        try:
            await desk.warm()
            assert desk.is_warm
            assert Path(await desk.submit(tempfile.mkdtemp)).parent == tmp_path
            assert await desk.submit(os.getenv, "TMPDIR") == str(tmp_path)
            assert await desk.submit(has_loaded, "spacy")
            with pytest.raises(TimedOut):
                await desk.submit(hang, seconds=0.3)
            assert (await desk.submit(check_file, str(report), "报告.txt", DEFAULT_RECIPE)).path == "报告.txt"
            with pytest.raises(Died):
                await desk.submit(die)
            assert await desk.submit(shout) == "好"
            idle = await desk.submit(os.getpid)
            os.kill(idle, signal.SIGKILL)  # want of memory, mostly: the pool gives up, the desk makes another
            await asyncio.sleep(0.5)
            assert await desk.submit(shout) == "好"
            unread = await desk.submit(check_file, str(tmp_path / "none"), "没有.txt", DEFAULT_RECIPE)
            assert unread.outcome == "error"
        finally:
            begun = time.monotonic()
            await desk.close()
            assert time.monotonic() - begun < 2

    asyncio.run(run())
    assert "一句话" not in "".join(capfd.readouterr())


def test_a_task_that_cannot_be_handed_over_frees_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        desk = HandDesk()
        with monkeypatch.context() as patch:
            patch.setattr(desk, "_schedule", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await desk.submit(print, "a")
        assert desk.running == 0

    asyncio.run(run())


def test_what_is_under_way_when_the_desk_closes_is_said_to_have_ended() -> None:
    async def run() -> None:
        desk = HandDesk()
        task = ask(desk, "a")
        await turn()
        desk.begun[0][1].cancel()
        with pytest.raises(Died):
            await task

    asyncio.run(run())
