/* Loaded before the C library, so that a test can stop a program at the k-th thing it does to the
   files below one folder: opening for writing, writing, renaming, making, removing.

   FAULT_BELOW   the folder, by its real path
   FAULT_AT      k, from 1
   FAULT_ERRNO   the error that the k-th gives; 0 kills the program just before it
   FAULT_ALWAYS  1: those after the k-th fail as well
   FAULT_DEVICE  a folder that nothing can be renamed into or out of, as on a device of its own
   FAULT_COUNT   a file that gets one byte for each, to count them by its length */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *below, *device;
static long at, fail, always;
static int count = -1;
static long seen;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void) {
    real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    real_write = REAL(write);
    at = number("FAULT_AT");
    fail = number("FAULT_ERRNO");
    always = number("FAULT_ALWAYS");
    const char *path = getenv("FAULT_COUNT");
    if (path) count = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    device = getenv("FAULT_DEVICE");
    below = getenv("FAULT_BELOW");
}

static int is_below(const char *path) {
    size_t len = below ? strlen(below) : 0;
    return len && path && strncmp(path, below, len) == 0;
}

static int is_open_below(int fd) {
    char link[64], path[PATH_MAX];
    if (!below) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len < 0) return 0;
    path[len] = 0;
    return is_below(path);
}

static int is_at_below(int folder, const char *path) {
    return path && path[0] == '/' ? is_below(path) : folder == AT_FDCWD ? 0 : is_open_below(folder);
}

/* Whether this one fails; does not come back if it kills. */
static int fails(int is_ours) {
    if (!is_ours) return 0;
    long now = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
    if (count >= 0) (void)!real_write(count, ".", 1);
    if (at == 0 || (always ? now < at : now != at)) return 0;
    if (fail == 0) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = (int)fail;
    return 1;
}

static int opens(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
    return fails(writes && is_below(path)) ? -1 : real(path, flags, mode);
}

static int opens_at(int (*real)(int, const char *, int, ...), int folder, const char *path, int flags,
                    mode_t mode) {
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
    return fails(writes && is_at_below(folder, path)) ? -1 : real(folder, path, flags, mode);
}

#define MODE                      \
    va_list rest;                 \
    va_start(rest, flags);        \
    mode_t mode = va_arg(rest, int); \
    va_end(rest);

int open(const char *path, int flags, ...) {
    MODE return opens(REAL(open), path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE return opens(REAL(open64), path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    MODE return opens_at(REAL(openat), folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    MODE return opens_at(REAL(openat64), folder, path, flags, mode);
}

/* A write that is killed or has no room has written half. */
ssize_t write(int fd, const void *bytes, size_t len) {
    if (!below || fd <= 2 || !is_open_below(fd)) return real_write(fd, bytes, len);
    if (at && (always ? seen + 1 >= at : seen + 1 == at) && len > 1) (void)!real_write(fd, bytes, len / 2);
    return fails(1) ? -1 : real_write(fd, bytes, len);
}
ssize_t writev(int fd, const struct iovec *parts, int len) {
    return fails(fd > 2 && is_open_below(fd)) ? -1 : REAL(writev)(fd, parts, len);
}
ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t start_at) {
    return fails(is_open_below(fd)) ? -1 : REAL(pwrite64)(fd, bytes, len, start_at);
}
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t len, unsigned flags) {
    return fails(is_open_below(to)) ? -1 : REAL(copy_file_range)(from, a, to, b, len, flags);
}
ssize_t sendfile64(int to, int from, off64_t *a, size_t len) {
    return fails(is_open_below(to)) ? -1 : ((ssize_t(*)(int, int, off64_t *, size_t))dlsym(
                                               RTLD_NEXT, "sendfile64"))(to, from, a, len);
}
int ftruncate64(int fd, off64_t len) {
    return fails(is_open_below(fd)) ? -1 : REAL(ftruncate64)(fd, len);
}
static int is_on_device(const char *path) {
    size_t len = device ? strlen(device) : 0;
    return len && strncmp(path, device, len) == 0 && (path[len] == '/' || !path[len]);
}

int rename(const char *from, const char *to) {
    if (is_on_device(from) != is_on_device(to)) {
        errno = EXDEV;
        return -1;
    }
    return fails(is_below(from) || is_below(to)) ? -1 : REAL(rename)(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
    return fails(is_at_below(a, from) || is_at_below(b, to)) ? -1 : REAL(renameat)(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    return fails(is_at_below(a, from) || is_at_below(b, to)) ? -1 : REAL(renameat2)(a, from, b, to, flags);
}
int mkdir(const char *path, mode_t mode) {
    return fails(is_below(path)) ? -1 : REAL(mkdir)(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
    return fails(is_at_below(folder, path)) ? -1 : REAL(mkdirat)(folder, path, mode);
}
int unlink(const char *path) {
    return fails(is_below(path)) ? -1 : REAL(unlink)(path);
}
int unlinkat(int folder, const char *path, int flags) {
    return fails(is_at_below(folder, path)) ? -1 : REAL(unlinkat)(folder, path, flags);
}
int rmdir(const char *path) {
    return fails(is_below(path)) ? -1 : REAL(rmdir)(path);
}
int link(const char *from, const char *to) {
    return fails(is_below(to)) ? -1 : REAL(link)(from, to);
}
int symlink(const char *from, const char *to) {
    return fails(is_below(to)) ? -1 : REAL(symlink)(from, to);
}
