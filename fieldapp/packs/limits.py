"""How much memory and time the process that calls this may take.

On Linux by resource limits; on Windows by a job object that the process puts itself into (untried
there: written from Microsoft's description of the calls, checked by mypy for that system only).
macOS takes the limits and does not enforce that of memory: there the time limit alone holds.
"""

from __future__ import annotations

import sys
from typing import Final

#: What the process has used already plus this: the parent's clock ends it long before.
_CPU_BEYOND_S: Final = 10


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


def limit_next_task(limit_s: float) -> None:
    """Ends this process when its next task loops and nobody is left to end it.

    The parent watches the clock; this is for the parent that was itself killed meanwhile. On
    Windows one limit holds for the whole life of the process.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        ends = int(used.ru_utime + used.ru_stime + limit_s) + _CPU_BEYOND_S
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        if hard == resource.RLIM_INFINITY or ends < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (ends, hard))


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

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
