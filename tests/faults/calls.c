/* Loaded before the C library: the calls that change files of one folder are counted over all threads, and the one asked for is
   the last ("kill", "power") or fails ("full", "once"). "power" also takes back what was written and not yet brought to the disk. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OFF, KILL, POWER, FULL, ONCE };

struct lost { struct lost *before; int fd; ino_t inode; off_t at, size; size_t length; char *bytes; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int kind = OFF, wanted, seen;
static char folder[4096];
static struct lost *journal;

void arm(int fault, int at, const char *path) {
    kind = fault; wanted = at; seen = 0;
    strncpy(folder, path, sizeof folder - 1);
}

int calls(void) { return seen; }

static int inside(const char *path) { return kind && path && !strncmp(path, folder, strlen(folder)); }

static int ours(int fd) {
    char name[32], path[4096];
    if (!kind || fd < 3) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(name, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return inside(path);
}

static void power_fails(void) {
    for (struct lost *each = journal; each; each = each->before) {
        if (each->length) syscall(SYS_pwrite64, each->fd, each->bytes, each->length, each->at);
        syscall(SYS_ftruncate, each->fd, each->size);
    }
}

/* Whether this call fails; does not come back from the last one. `space`: it is one that a full disk refuses. */
static int fails(int space) {
    int failing = 0;
    pthread_mutex_lock(&lock);
    if (kind != FULL || space) seen++;
    if (seen == wanted && (kind == KILL || kind == POWER)) {
        if (kind == POWER) power_fails();
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    if (kind == FULL && space && seen >= wanted) failing = ENOSPC;
    if (kind == ONCE && seen == wanted) failing = EIO;
    pthread_mutex_unlock(&lock);
    if (failing) errno = failing;
    return failing;
}

/* Remember what stands where something is to be written. */
static void remember(int fd, off_t at, size_t length) {
    struct stat file;
    if (kind != POWER || fstat(fd, &file)) return;
    struct lost *each = calloc(1, sizeof *each);
    *each = (struct lost){NULL, -1, file.st_ino, at, file.st_size, 0, malloc(length ? length : 1)};
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    each->fd = syscall(SYS_openat, AT_FDCWD, name, O_RDWR);   /* the descriptor given may be for appending, where pwrite appends */
    ssize_t got = at < file.st_size ? pread(each->fd, each->bytes, length, at) : 0;
    each->length = got > 0 ? got : 0;
    pthread_mutex_lock(&lock);
    each->before = journal; journal = each;
    pthread_mutex_unlock(&lock);
}

static void on_disk(int fd) {
    struct stat file;
    if (kind != POWER || fstat(fd, &file)) return;
    pthread_mutex_lock(&lock);
    for (struct lost **link = &journal; *link;) {
        struct lost *each = *link;
        if (each->inode != file.st_ino) { link = &each->before; continue; }
        *link = each->before;
        close(each->fd); free(each->bytes); free(each);
    }
    pthread_mutex_unlock(&lock);
}

static off_t position(int fd) {
    struct stat file;
    return fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &file) ? file.st_size : lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (ours(fd)) {
        if (fails(1)) return -1;
        remember(fd, position(fd), size);
    }
    return syscall(SYS_write, fd, bytes, size);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) {
    if (ours(fd)) {
        if (fails(1)) return -1;
        remember(fd, at, size);
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return pwrite64(fd, bytes, size, at); }

int ftruncate64(int fd, off_t size) {
    if (ours(fd)) {
        if (fails(0)) return -1;
        struct stat file;
        if (!fstat(fd, &file)) remember(fd, size, file.st_size > size ? file.st_size - size : 0);
    }
    return syscall(SYS_ftruncate, fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int call, int fd) {
    if (ours(fd) && fails(1)) return -1;
    int done = syscall(call, fd);
    if (!done && ours(fd)) on_disk(fd);
    return done;
}
int fsync(int fd) { return synced(SYS_fsync, fd); }
int fdatasync(int fd) { return synced(SYS_fdatasync, fd); }

int unlink(const char *path) { return inside(path) && fails(0) ? -1 : syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
int rename(const char *from, const char *to) { return inside(to) && fails(0) ? -1 : syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }
int link(const char *from, const char *to) { return inside(to) && fails(1) ? -1 : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return flags & O_CREAT && inside(path) && fails(1) ? -1 : syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open64(path, flags, mode);
}
