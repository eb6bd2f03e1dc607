"""The leash of a child on Windows: a job object, which the system ends with its last handle.

This process alone holds a handle, so the child dies when this process does, whatever either was
doing. Ending the job also ends what the child started.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pos_queue.children.leash import NO_PIPE

if TYPE_CHECKING:
    import subprocess

EXTENDED_LIMITS = 9
"""The number by which the system knows `ExtendedLimits`."""
KILL_ON_JOB_CLOSE = 0x2000
KILLED = 1
"""The exit code of a child that was killed."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("most_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


if sys.platform == "win32":
    import subprocess

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateJobObjectW.restype = ctypes.c_void_p
    _kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
    _kernel.SetInformationJobObject.argtypes = (
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_uint32,
    )
    _kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    _kernel.TerminateJobObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    _kernel.CloseHandle.argtypes = (ctypes.c_void_p,)

    class JobLeash:
        """A job object of one child."""

        argument = NO_PIPE
        options: Mapping[str, Any] = {"creationflags": subprocess.CREATE_NO_WINDOW}

        def __init__(self) -> None:
            self._job: int | None = _kernel.CreateJobObjectW(None, None)
            _check(self._job)
            limits = ExtendedLimits()
            limits.basic.flags = KILL_ON_JOB_CLOSE
            place, size = ctypes.byref(limits), ctypes.sizeof(limits)
            _check(_kernel.SetInformationJobObject(self._job, EXTENDED_LIMITS, place, size))

        def tie(self, process: subprocess.Popen[bytes]) -> None:
            """Put the process into the job; raises OSError."""
            handle = int(process._handle)  # type: ignore[attr-defined] # noqa: SLF001
            if not _kernel.AssignProcessToJobObject(self._job, handle):
                error = ctypes.WinError(ctypes.get_last_error())
                process.kill()
                raise error

        def kill(self) -> None:
            """End the job."""
            if self._job is not None:
                _kernel.TerminateJobObject(self._job, KILLED)

        def close(self) -> None:
            """Close the handle."""
            job, self._job = self._job, None
            if job is not None:
                _kernel.CloseHandle(job)

    def _check(done: object) -> None:
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
