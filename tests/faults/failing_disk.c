/* A disk whose n-th write or flush of a store fails: LD_PRELOAD, FAILING_DISK=n.

   Counted are writes and flushes of files whose path ends with `store.db` or `store.db-wal`, from
   the call of `failing_disk_begin` on. With FAILING_DISK_FOR=m the m calls from the n-th on fail:
   with EIO, or as on a disk that turned read-only with FAILING_DISK_WITH=EROFS. `failing_disk_mend`
   ends it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls = -1, first, many;
static int what = EIO;

void failing_disk_begin(void) {
    const char *n = getenv("FAILING_DISK"), *m = getenv("FAILING_DISK_FOR");
    const char *with = getenv("FAILING_DISK_WITH");
    first = n ? atol(n) : 0;
    many = m ? atol(m) : 1;
    what = with && strcmp(with, "EROFS") == 0 ? EROFS : EIO;
    calls = 0;
}

void failing_disk_mend(void) { many = 0; }

long failing_disk_calls(void) { return calls; }

static int ends_with(const char *path, size_t length, const char *end) {
    size_t wanted = strlen(end);
    return length >= wanted && memcmp(path + length - wanted, end, wanted) == 0;
}

static int fails(int fd) {
    char link[64], path[PATH_MAX];
    if (calls < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path);
    if (length < 0) return 0;
    if (!ends_with(path, (size_t)length, "store.db") && !ends_with(path, (size_t)length, "store.db-wal"))
        return 0;
    calls++;
    if (calls < first || calls >= first + many) return 0;
    errno = what;
    return 1;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(pwrite64);
    return fails(fd) ? -1 : real(fd, bytes, size, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    REAL(pwrite);
    return fails(fd) ? -1 : real(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write);
    return fails(fd) ? -1 : real(fd, bytes, size);
}

int fsync(int fd) {
    REAL(fsync);
    return fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return fails(fd) ? -1 : real(fd);
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    return fails(fd) ? -1 : real(fd, size);
}
