/* Faults of disk and power for programs under test, by LD_PRELOAD; see __init__.py.
 *
 * Files below one folder are watched. Every call that changes them is counted and written into a journal, from which
 * a possible disk after a power cut is made; at the chosen call the fault begins. Shared memory of SQLite (-shm) is
 * not watched: it means nothing after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, CUT, KILL, TORN, FULL, BROKEN, SHORT, READONLY, FSYNC };

#define FILES 65536
static char watched[FILES];
static char root[PATH_MAX];
static int journal = -1, kind = NONE, done_once;
static long at, span, count;
static unsigned dice;
static pthread_mutex_t gate = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

struct head { uint32_t kind, first, second, pad; uint64_t number, offset; };

#define REAL(name) ({ \
    static __typeof__(&name) found; \
    if (!found) { found = (__typeof__(&name)) dlsym(RTLD_NEXT, #name); } \
    found; \
})

static void note(char what, uint64_t number, uint64_t offset, const void *a, size_t na, const void *b, size_t nb) {
    if (journal < 0) return;
    struct head head = { (uint32_t) what, (uint32_t) na, (uint32_t) nb, 0, number, offset };
    struct iovec parts[3] = { { &head, sizeof head }, { (void *) a, na }, { (void *) b, nb } };
    syscall(SYS_writev, journal, parts, 3);
}

static void note_paths(char what, uint64_t number, const char *one, const char *two) {
    note(what, number, 0, one, strlen(one), two, two ? strlen(two) : 0);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Begin: called by the program under test, in its own process. The journal is a path outside the folder. */
void faults_begin(const char *folder, const char *into, int which, long call, long length, unsigned seed) {
    snprintf(root, sizeof root, "%s", folder);
    journal = (int) syscall(SYS_openat, AT_FDCWD, into, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    kind = which, at = call, span = length, dice = seed, count = 0, done_once = 0;
}

long faults_count(void) { return count; }

void faults_end(void) { kind = NONE; }

static int inside(const char *path) {
    size_t length = strlen(root), own = strlen(path);
    if (!length || strncmp(path, root, length) || (path[length] && path[length] != '/')) return 0;
    return own < 4 || strcmp(path + own - 4, "-shm");
}

/* Make a path absolute, as the kernel would for this folder's descriptor. */
static void absolute(int folder, const char *path, char *into) {
    char link[64], base[PATH_MAX] = "";
    if (path[0] == '/') { snprintf(into, PATH_MAX, "%s", path); return; }
    if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
    else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, base, sizeof base - 1);
        base[length > 0 ? length : 0] = 0;
    }
    if (snprintf(into, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) into[0] = 0;
}

static uint64_t number_of(int file) {
    struct stat found;
    return fstat(file, &found) ? 0 : (uint64_t) found.st_ino;
}

static int is_due(void) { return count >= at && (span < 0 || count < at + span); }

/* Count a call that changes something; return the error that it gets, or 0. */
static int changing(int is_write, int is_sync) {
    if (!root[0]) return 0;
    count++;
    switch (kind) {
    case CUT: case KILL:
        if (count >= at) die();
        return 0;
    case FULL: return is_due() && !is_sync ? ENOSPC : 0;
    case READONLY: return is_due() && !is_sync ? EROFS : 0;
    case BROKEN: return is_due() ? EIO : 0;
    case FSYNC:
        if (done_once && count >= at + span) die();
        if (is_sync && count >= at && !done_once) { done_once = 1; return EIO; }
        return 0;
    default: (void) is_write; return 0;
    }
}

static int is_watched(int file) { return file >= 0 && file < FILES && watched[file]; }

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    int (*next)(int, const char *, int, ...) = REAL(openat);
    char whole[PATH_MAX];
    absolute(folder, path, whole);
    int ours = root[0] && inside(whole), changes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
    if (!ours) {
        int file = next(folder, path, flags, mode);
        if (file >= 0 && file < FILES) watched[file] = 0;
        return file;
    }
    pthread_mutex_lock(&gate);
    struct stat found;
    int existed = fstatat(folder, path, &found, 0) == 0, error = 0;
    if (changes && (flags & (O_CREAT | O_TRUNC)) && (!existed || flags & O_TRUNC)) error = changing(0, 0);
    else if (changes && kind == READONLY && is_due()) error = EROFS;
    int file = error ? -1 : next(folder, path, flags, mode);
    if (file >= 0 && file < FILES) {
        watched[file] = 1;
        if (!existed && flags & O_CREAT) note_paths('C', number_of(file), whole, NULL);
        else if (flags & O_TRUNC) note('T', number_of(file), 0, NULL, 0, NULL, 0);
    }
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return file;
}

#define MODE(flags) ({ mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } mode; })

int open(const char *path, int flags, ...) { return open_any(AT_FDCWD, path, flags, MODE(flags)); }
int open64(const char *path, int flags, ...) { return open_any(AT_FDCWD, path, flags | O_LARGEFILE, MODE(flags)); }
int openat(int folder, const char *path, int flags, ...) { return open_any(folder, path, flags, MODE(flags)); }
int openat64(int folder, const char *path, int flags, ...) {
    return open_any(folder, path, flags | O_LARGEFILE, MODE(flags));
}

int close(int file) {
    if (file >= 0 && file < FILES) watched[file] = 0;
    return REAL(close)(file);
}

/* offset < 0: at the file's own place */
static ssize_t write_any(int file, const void *data, size_t length, off64_t offset) {
    if (!is_watched(file))
        return offset < 0 ? REAL(write)(file, data, length) : REAL(pwrite64)(file, data, length, offset);
    pthread_mutex_lock(&gate);
    int error = changing(1, 0);
    ssize_t wrote = -1;
    if (!error) {
        size_t part = length;
        int torn = kind == TORN && count >= at;
        if (length > 1 && (torn || (kind == SHORT && is_due()))) part = 1 + rand_r(&dice) % (length - 1);
        off64_t place = offset;
        if (offset < 0) {
            int flags = fcntl(file, F_GETFL);
            place = lseek64(file, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
        }
        wrote = offset < 0 ? REAL(write)(file, data, part) : REAL(pwrite64)(file, data, part, offset);
        if (wrote > 0) note('W', number_of(file), (uint64_t) place, data, (size_t) wrote, NULL, 0);
        if (torn) die();
    }
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return wrote;
}

ssize_t write(int file, const void *data, size_t length) { return write_any(file, data, length, -1); }
ssize_t pwrite(int file, const void *data, size_t length, off_t offset) {
    return write_any(file, data, length, offset);
}
ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    return write_any(file, data, length, offset);
}

static int is_read_broken(int file) {
    if (kind != BROKEN || !is_watched(file)) return 0;
    count++;
    return is_due();
}

ssize_t read(int file, void *data, size_t length) {
    if (is_read_broken(file)) { errno = EIO; return -1; }
    return REAL(read)(file, data, length);
}
ssize_t pread(int file, void *data, size_t length, off_t offset) {
    if (is_read_broken(file)) { errno = EIO; return -1; }
    return REAL(pread)(file, data, length, offset);
}
ssize_t pread64(int file, void *data, size_t length, off64_t offset) {
    if (is_read_broken(file)) { errno = EIO; return -1; }
    return REAL(pread64)(file, data, length, offset);
}

/* A failed sync loses what it was to bring to the disk, though the program can still read it: so it is on Linux. */
static int sync_any(int file, int (*next)(int)) {
    if (!is_watched(file)) return next(file);
    pthread_mutex_lock(&gate);
    int error = changing(0, 1), result = error ? -1 : next(file);
    note(result ? 'F' : 'S', number_of(file), 0, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return result;
}

int fsync(int file) { return sync_any(file, REAL(fsync)); }
int fdatasync(int file) { return sync_any(file, REAL(fdatasync)); }

static int truncate_any(int file, off64_t length) {
    if (!is_watched(file)) return REAL(ftruncate64)(file, length);
    pthread_mutex_lock(&gate);
    int error = changing(1, 0), result = error ? -1 : REAL(ftruncate64)(file, length);
    if (!result) note('T', number_of(file), (uint64_t) length, NULL, 0, NULL, 0);
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return result;
}

int ftruncate(int file, off_t length) { return truncate_any(file, length); }
int ftruncate64(int file, off64_t length) { return truncate_any(file, length); }

static int rename_any(int from, const char *old, int to, const char *new) {
    char one[PATH_MAX], two[PATH_MAX];
    absolute(from, old, one), absolute(to, new, two);
    if (!root[0] || !inside(two)) return REAL(renameat)(from, old, to, new);
    pthread_mutex_lock(&gate);
    int error = changing(0, 0), result = error ? -1 : REAL(renameat)(from, old, to, new);
    if (!result) note_paths('R', 0, one, two);
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return result;
}

int rename(const char *old, const char *new) { return rename_any(AT_FDCWD, old, AT_FDCWD, new); }
int renameat(int from, const char *old, int to, const char *new) { return rename_any(from, old, to, new); }

static int remove_any(int folder, const char *path, int flags) {
    char whole[PATH_MAX];
    absolute(folder, path, whole);
    if (!root[0] || !inside(whole)) return REAL(unlinkat)(folder, path, flags);
    pthread_mutex_lock(&gate);
    int error = changing(0, 0), result = error ? -1 : REAL(unlinkat)(folder, path, flags);
    if (!result) note_paths(flags & AT_REMOVEDIR ? 'X' : 'U', 0, whole, NULL);
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return result;
}

int unlink(const char *path) { return remove_any(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return remove_any(folder, path, flags); }
int rmdir(const char *path) { return remove_any(AT_FDCWD, path, AT_REMOVEDIR); }

static int make_any(int folder, const char *path, mode_t mode) {
    char whole[PATH_MAX];
    absolute(folder, path, whole);
    if (!root[0] || !inside(whole)) return REAL(mkdirat)(folder, path, mode);
    pthread_mutex_lock(&gate);
    int error = changing(0, 0), result = error ? -1 : REAL(mkdirat)(folder, path, mode);
    struct stat found;
    if (!result && !fstatat(folder, path, &found, 0)) note_paths('D', (uint64_t) found.st_ino, whole, NULL);
    pthread_mutex_unlock(&gate);
    if (error) errno = error;
    return result;
}

int mkdir(const char *path, mode_t mode) { return make_any(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return make_any(folder, path, mode); }
