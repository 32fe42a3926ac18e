"""Run a program that dies with the one that started it: nothing is left behind after a kill of the parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def leash() -> None:
    """Ask the kernel to end this process when its parent ends."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended just before we asked
        sys.exit(1)


if __name__ == "__main__":
    leash()
    os.execvp(sys.argv[1], sys.argv[1:])
