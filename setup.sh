#!/bin/sh
# Makes .venv hold exactly what requirements.lock says, and the system hold what Qt loads.
#
# `make` calls this before run and test. A second run compares two files and leaves: no network.
# DISPLAY or WAYLAND_DISPLAY set: what a real window needs is looked for too, not only offscreen.
# `setup.sh package`: that, and what builds the bundle and tries it on a screen in memory.
# `setup.sh test`: that, and the keyring that tests talk to; without it they skip, loudly.
set -eu
cd "$(dirname "$0")"

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# The first Python that is new enough; PYTHON names another.
find_python() {
    for candidate in ${PYTHON:-python3.11 python3}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

# Debian package of every shared library that Qt opens and this system lacks.
missing_libraries() {
    wanted='libGL.so.1=libgl1 libEGL.so.1=libegl1 libglib-2.0.so.0=libglib2.0-0
        libfontconfig.so.1=libfontconfig1 libdbus-1.so.3=libdbus-1-3
        libxkbcommon.so.0=libxkbcommon0 libfreetype.so.6=libfreetype6'
    if [ "$purpose" != offscreen ]; then
        wanted="$wanted libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
            libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
            libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0
            libxcb-shape.so.0=libxcb-shape0 libxcb-xkb.so.1=libxcb-xkb1
            libxkbcommon-x11.so.0=libxkbcommon-x11-0 libX11-xcb.so.1=libx11-xcb1"
    fi
    if [ "$purpose" = package ]; then
        version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        wanted="$wanted libpython$version.so.1.0=libpython$version"
    fi
    # shellcheck disable=SC2086 - one word a library
    "$1" - $wanted <<'PYTHON'
import ctypes, sys

for pair in sys.argv[1:]:
    library, _, package = pair.partition("=")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

# Debian package of every program that the tests, or building and trying the bundle, start.
missing_programs() {
    case $purpose in
        package) programs='objdump=binutils Xvfb=xvfb xauth=xauth' ;;
        test) programs='dbus-run-session=dbus gnome-keyring-daemon=gnome-keyring' ;;
        *) return 0 ;;
    esac
    for pair in $programs; do
        command -v "${pair%=*}" >/dev/null || echo "${pair#*=}"
    done
}

install_packages() {
    command="apt-get install -y --no-install-recommends $*"
    command -v apt-get >/dev/null || stop "these Debian packages, or their like, are missing: $*"
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=sudo
    else
        stop "run this as root, then again what you ran: apt-get update && $command"
    fi
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 - words on purpose
    $as_root $command -qq >/dev/null 2>&1 || {
        $as_root apt-get update -qq
        $as_root $command -qq >/dev/null
    }
}

environment_ready() {
    [ -x .venv/bin/python ] && cmp -s requirements.lock .venv/installed.lock &&
        cmp -s pyproject.toml .venv/installed.toml
}

purpose=offscreen
[ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || purpose=window
case ${1:-} in package | test) purpose=$1 ;; esac
if environment_ready && [ -e ".venv/libraries.$purpose" ]; then
    exit 0
fi

python=$(find_python)
if [ -z "$python" ]; then
    install_packages python3 python3-venv
    python=$(find_python)
    [ -n "$python" ] || stop 'Python 3.11 or newer is needed'
fi

packages="$(missing_libraries "$python") $(missing_programs)"
"$python" -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
# shellcheck disable=SC2086 - one word a package
if [ -n "${packages# }" ]; then
    if [ "$purpose" = test ]; then
        (install_packages $packages) || say 'going on without: the tests that want them are skipped'
    else
        install_packages $packages
    fi
fi
# A Python of the system that had no ensurepip has one now; one from elsewhere has its own.

[ -x .venv/bin/python ] || "$python" -m venv .venv
touch ".venv/libraries.$purpose"
if ! environment_ready; then
    if ! cmp -s requirements.lock .venv/installed.lock; then
        say "installing $(grep -c '==' requirements.lock) packages from requirements.lock"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes --only-binary :all: -r requirements.lock
        cp requirements.lock .venv/installed.lock
    fi
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
        --no-index --no-deps --no-build-isolation -e .
    cp pyproject.toml .venv/installed.toml
fi
say "ready ($("$python" --version), .venv)"
