"""A folder that nobody else may look into, removed at the end; those of killed servers go at the next start."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "fazhi-page-"
_LOCK = "lock"


class PrivateFolder:
    """A temporary folder of this process. A lock says that the process lives."""

    def __init__(self, parent: Path | None = None) -> None:
        """Make the folder, and remove those of servers that are gone.

        Args:
            parent: where (default: the temporary folder of the system).
        """
        where = Path(parent or tempfile.gettempdir())
        for left in sorted(where.glob(f"{_PREFIX}*")):
            if _is_left(left):
                shutil.rmtree(left, ignore_errors=True)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=where))
        self._lock: int | None = _take_lock(self.path)

    def close(self) -> None:
        """Remove the folder and everything in it."""
        if self._lock is not None:
            with suppress(OSError):
                os.close(self._lock)
            self._lock = None
        shutil.rmtree(self.path, ignore_errors=True)


def _take_lock(folder: Path) -> int:
    """Return the lock of a new folder. A file says that it is locked, so that nobody takes a new one for a left one.

    It is the folder that is locked: ``systemd-tmpfiles``, which empties temporary folders, leaves such folders alone.
    """
    if sys.platform == "win32":  # a file that is open cannot be removed there: that is the lock
        return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (folder / _LOCK).touch(0o600)
    return lock


def _is_left(folder: Path) -> bool:
    """Tell whether a folder is of ours and its server is gone. One without a lock has just been made."""
    try:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return False
        if sys.platform == "win32":
            (folder / _LOCK).unlink()
            return True
        import fcntl

        if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) != 0o700:
            return False
        if not stat.S_ISREG((folder / _LOCK).lstat().st_mode):
            return False
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
