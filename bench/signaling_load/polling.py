"""A loop that never sleeps."""

import asyncio
from collections.abc import Callable
from time import perf_counter
from types import TracebackType
from typing import Self


class BusyPolling:
    """Keeps the running loop awake while it is entered.

    Visitors are other machines. If the generator slept, the kernel would charge waking it up to the
    server that sends, on each message, and the time to wake up to the latency.
    """

    def __init__(self, progress: Callable[[], int] = lambda: 0) -> None:
        """`progress` changes whenever the generator had something to do."""
        self.idle_seconds = 0.0
        self._progress = progress
        self._seen = 0
        self._then = 0.0
        self._next: asyncio.Handle | None = None

    def __enter__(self) -> Self:
        """Start with the next iteration of the loop."""
        self._then = perf_counter()
        self._schedule()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Let the loop sleep again."""
        if self._next is not None:
            self._next.cancel()

    def _schedule(self) -> None:
        self._next = asyncio.get_running_loop().call_soon(self._iterate)

    def _iterate(self) -> None:
        now, progress = perf_counter(), self._progress()
        if progress == self._seen:
            self.idle_seconds += now - self._then
        self._then, self._seen = now, progress
        self._schedule()
