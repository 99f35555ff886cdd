"""How much memory and time the process that calls this may take.

Time is the processor's: on a busy laptop a harmless workbook waits long and works little. On Linux
by limits and timers of the kernel; on Windows by a job object that the process puts itself into
(untried there: written from Microsoft's description of the calls, checked by mypy for that system
only). macOS takes the limits and does not enforce that of memory: there that of time alone holds.
"""

from __future__ import annotations

import signal
import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes
    from typing import Final


def limit_memory(limit_bytes: int) -> None:
    """This process gets MemoryError, or ends, when it asks for more. Leaves no memory dump."""
    if sys.platform == "win32":
        _limit_job(limit_bytes)
    else:
        import resource  # noqa: PLC0415 - not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            limit_bytes = min(limit_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, hard))
        # A dump of a process that died would hold the workbook.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def begin_task(limit_s: float) -> None:
    """Ends this process once its task has worked so long, whoever waits for it or does no more.

    By a signal that Python never sees, so that a regular expression that loops is ended, too. On
    Windows one limit holds for the whole life of the process.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, limit_s)


def end_task() -> None:
    """What comes next is not on that task's time."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)


def ran_out_of_time(exit_code: int | None) -> bool:
    """Whether a process ended as `begin_task` ends it."""
    return sys.platform != "win32" and exit_code == -signal.SIGPROF


if sys.platform == "win32":
    _EXTENDED_LIMITS: Final = 9  # JobObjectExtendedLimitInformation
    _PROCESS_TIME: Final = 0x0002
    _PROCESS_MEMORY: Final = 0x0100
    _LIFE_S: Final = 30 * 60
    _DIE_ON_UNHANDLED_EXCEPTION: Final = 0x0400
    _KILL_ON_JOB_CLOSE: Final = 0x2000

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def _limit_job(limit_bytes: int) -> None:
        """A job of this process alone; its handle stays open until the process ends."""
        system = ctypes.WinDLL("kernel32", use_last_error=True)
        system.CreateJobObjectW.restype = wintypes.HANDLE
        system.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        system.GetCurrentProcess.restype = wintypes.HANDLE
        system.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        system.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        job = system.CreateJobObjectW(None, None)
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = (
            _PROCESS_TIME | _PROCESS_MEMORY | _DIE_ON_UNHANDLED_EXCEPTION | _KILL_ON_JOB_CLOSE
        )
        limits.BasicLimitInformation.PerProcessUserTimeLimit = _LIFE_S * 10_000_000
        limits.ProcessMemoryLimit = limit_bytes
        is_set = job and system.SetInformationJobObject(
            job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        if not is_set or not system.AssignProcessToJobObject(job, system.GetCurrentProcess()):
            # Without a limit a workbook could take the whole laptop: rather no conversion.
            raise MemoryError
