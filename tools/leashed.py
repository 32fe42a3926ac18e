"""Run a program that dies with the one that started it: nothing is left behind after a kill of the parent.

Who starts it says in `LEASHED_TO` which process it is: a parent that is gone before we ask is noticed too.
"""

import ctypes
import os
import signal
import sys

PARENT = "LEASHED_TO"
PR_SET_PDEATHSIG = 1


def leash() -> None:
    """Ask the kernel to end this process when its parent ends; end at once when it has ended already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if str(os.getppid()) != os.environ.get(PARENT):
        sys.exit(1)


if __name__ == "__main__":
    leash()
    os.environ[PARENT] = str(os.getpid())  # what this program starts is leashed to it
    os.execvp(sys.argv[1], sys.argv[1:])
