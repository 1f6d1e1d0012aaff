"""Processes that end with the one that started them, however that one ended."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Has the kernel kill this process when the thread that started it ends (Linux; nothing elsewhere).

    :param parent: the process id of the parent, which may be gone already.
    """
    if not hasattr(_libc, "prctl"):
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def dying_with_me() -> Callable[[], None]:
    """A ``preexec_fn`` for :class:`subprocess.Popen`."""
    me = os.getpid()
    return lambda: die_with(me)
