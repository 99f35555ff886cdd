"""A laptop's session on a bus of its own: `dbus-run-session -- python -m tests.ui.session_actor`.

Without a word the watch listens and this process prints what it tells; with `speak` this process is
the session: it owns login1's name, waits for lines `PATH INTERFACE SIGNAL [true|false]` and sends
each as a signal.
"""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from fieldapp.ui.session_watch import SessionWatch

#: What the session says one after the other, and whether the app is to lock by it.
SAID = (
    ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "true"),
    ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "false"),
    ("/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Lock", ""),
    ("/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session", "Unlock", ""),
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "true"),
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "false"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", "true"),
)


def speak() -> None:
    """Be the session until the lines end."""
    application = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    if not bus.registerService("org.freedesktop.login1"):
        raise SystemExit("the name of login1 is taken")
    print("ready", flush=True)
    for line in sys.stdin:
        path, interface, name, *arguments = line.split()
        signal = QDBusMessage.createSignal(path, interface, name)
        signal.setArguments([word == "true" for word in arguments])
        bus.send(signal)
        application.processEvents()
        print("sent", flush=True)


def listen() -> None:
    """Watch, and print each time that the app would lock; each signal is answered before the next.

    Bus signals of one sender arrive in their order, so all that was said has arrived with the last.
    """
    application = QCoreApplication([])
    command = [sys.executable, "-m", "tests.ui.session_actor", "speak"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        assert session.stdout.readline() == "ready\n"
        watch = SessionWatch()
        locks: list[str] = []
        watch.away.connect(lambda: locks.append("away"))
        watch.start(0)
        watch.start(0)  # unlocked a second time: heard once all the same
        for said in SAID:
            session.stdin.write(" ".join(said) + "\n")
            session.stdin.flush()
        wanted = sum(said[3] == "true" or said[2] == "Lock" for said in SAID)
        notifier = QSocketNotifier(session.stdout.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: session.stdout and session.stdout.readline())
        watch.away.connect(lambda: len(locks) >= wanted and application.quit())
        application.exec()
        session.stdin.close()
    print(*locks, flush=True)


if __name__ == "__main__":
    speak() if sys.argv[1:] == ["speak"] else listen()
