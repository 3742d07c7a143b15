"""Starts a command that ends with the process that started it, also where that one is killed: `python -m flows.part`.

No flow and no task is loaded here: the command takes this process's place at once.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

SET_PARENT_DEATH_SIGNAL = 1  # <linux/prctl.h>


def main(command: list[str], *, parent: int) -> None:
    """Becomes the command. It gets SIGTERM when `parent` ends, on Linux; elsewhere only `parent` itself ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before the line above
            return
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[2:], parent=int(sys.argv[1]))
