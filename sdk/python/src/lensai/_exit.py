"""The life of the process: drain at its end, begin anew after a fork.

- Normal exit: `atexit` runs after all non-daemon threads have ended, so their last events are there to drain.
- multiprocessing's children skip or clear `atexit`; they have finalizers of their own.
- SIGTERM: only when nobody handles it, since then Python would die without `atexit`. A handler that the application
  or its server installs (before or after) is left alone: it is expected to end by `sys.exit`.
- fork: threads do not survive it. The parent sends what it queued; the child begins with an empty queue.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
import weakref
from types import FrameType
from typing import TYPE_CHECKING, List, Optional

from ._log import quiet

if TYPE_CHECKING:
    from ._lens import Lens

_lenses: weakref.WeakSet[Lens] = weakref.WeakSet()
_hooked_in: Optional[int] = None
_fork_hooked = False


@quiet
def watch(lens: Lens) -> None:
    """Has `lens` drained at the end of this process, and made anew in its children."""
    global _hooked_in, _fork_hooked
    _lenses.add(lens)
    if not _fork_hooked and hasattr(os, "register_at_fork"):
        _fork_hooked = True
        os.register_at_fork(after_in_child=_begin_anew)
    if _hooked_in != os.getpid():
        _hooked_in = os.getpid()
        atexit.unregister(_drain_all)
        atexit.register(_drain_all)
        multiprocessing_util = sys.modules.get("multiprocessing.util")
        if multiprocessing_util is not None:
            multiprocessing_util.Finalize(None, _drain_all, exitpriority=0)
    if lens.settings.exit_timeout_s > 0:
        _take_sigterm()


def _take_sigterm() -> None:
    # Only the main thread may install a handler.
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _drain_and_die)


def _drain_and_die(signal_number: int, frame: Optional[FrameType]) -> None:
    _drain_all()
    # Die of the signal itself, so that the parent sees the exit status that it expects.
    signal.signal(signal_number, signal.SIG_DFL)
    os.kill(os.getpid(), signal_number)


@quiet
def _drain_all() -> None:
    began = time.monotonic()
    for lens in _living():
        left = began + lens.settings.exit_timeout_s - time.monotonic()
        lens._drain(max(0.0, left))


@quiet
def _begin_anew() -> None:
    for lens in _living():
        lens._begin()


def _living() -> List[Lens]:
    return list(_lenses)
