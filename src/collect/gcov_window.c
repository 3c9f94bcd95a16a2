/* Lets `culprit record` take the coverage of a running program one window at a time.
 *
 * Link this file into a program that is built with --coverage (compile it without), or preload it as
 * a shared library (needs a program linked with -rdynamic):
 *
 *   cc -c gcov_window.c                                            then link gcov_window.o, -pthread
 *   cc -shared -fPIC gcov_window.c -o libgcov_window.so -lgcov -pthread   then LD_PRELOAD it
 *
 * and start the program with CULPRIT_WINDOW in its environment:
 *
 *   unix:PATH        listens on a Unix socket that only its owner may open
 *   tcp:HOST:PORT    listens there; HOST is a numeric address, 127.0.0.1 for this machine alone
 *   crash            does not listen; writes the counters when the program dies of a signal such as
 *                    SIGABRT, which would lose them
 *
 * Without CULPRIT_WINDOW it does nothing. Depends on libc and POSIX threads.
 *
 * Protocol, lines of text: the server greets with `culprit-window 1 PID`. The client asks `dump`;
 * the server writes out the counters, sets them to zero, and sends every file in which something was
 * counted as `file SIZE PATH` and SIZE bytes, PATH being that of the object file; then `done FILES`,
 * FILES counting those without a count too, or `error TEXT`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

extern void __gcov_dump(void);
extern void __gcov_reset(void);

enum { kMaxDepth = 64, kMaxLine = 64, kCrashSeconds = 5 };

/* Where libgcov puts the files of a dump, below which come the objects' whole paths. Set once, before
 * the program's threads start: libgcov reads GCOV_PREFIX at each dump, and setenv() in a running
 * program races with every getenv(). */
static char folder[PATH_MAX];
static int listener = -1;

static void complain(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "culprit window: %s\n", text);
}

/* ---- what a dump left ---- */

static uint32_t word_at(const unsigned char* bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

/* Whether the .gcda file says that anything ran. What cannot be made out counts as yes. */
static int counts_anything(const unsigned char* bytes, size_t size) {
  if (size < 12 || memcmp(bytes, "adcg", 4) != 0) return 1;
  const int major = (bytes[7] - 'A') * 10 + (bytes[6] - '0'); /* "B22*" is GCC 12 */
  const size_t unit = major >= 12 ? 1 : 4;                    /* lengths count bytes since then */
  size_t at = major >= 12 ? 16 : 12;
  while (at + 8 <= size) {
    const uint32_t tag = word_at(bytes + at);
    const int32_t length = (int32_t)word_at(bytes + at + 4);
    at += 8;
    if (tag == 0) break;
    if (length < 0) continue; /* so many zeros, not written */
    const size_t payload = (size_t)length * unit;
    if (payload > size - at) return 1;
    if (tag == 0x01a10000) {
      for (size_t i = 0; i < payload; ++i) {
        if (bytes[at + i] != 0) return 1;
      }
    }
    at += payload;
  }
  return 0;
}

static int send_all(int to, const void* bytes, size_t size) {
  const char* at = bytes;
  while (size > 0) {
    const ssize_t sent = send(to, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return -1;
    at += sent;
    size -= (size_t)sent;
  }
  return 0;
}

static int send_line(int to, const char* format, ...) {
  char line[PATH_MAX + 64];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (size < 0 || (size_t)size >= sizeof line) return -1;
  return send_all(to, line, (size_t)size);
}

static unsigned char* read_whole(const char* path, size_t* size) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return NULL;
  struct stat status;
  unsigned char* bytes = NULL;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
      (bytes = malloc((size_t)status.st_size + 1)) != NULL) {
    *size = 0;
    while (*size < (size_t)status.st_size) {
      const ssize_t count = read(file, bytes + *size, (size_t)status.st_size - *size);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      *size += (size_t)count;
    }
  }
  close(file);
  return bytes;
}

/* Sends (where `to` is a socket, not -1) and deletes everything below `path`. Counts the files;
 * -1: the client is gone, the files are deleted all the same. */
static int take_folder(int to, const char* path, int depth) {
  DIR* const stream = depth < kMaxDepth ? opendir(path) : NULL;
  if (stream == NULL) return 0;
  int files = 0;
  int lost = 0;
  for (struct dirent* entry; (entry = readdir(stream)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char child[PATH_MAX];
    const int length = snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    if (length < 0 || (size_t)length >= sizeof child) continue;
    struct stat status;
    if (lstat(child, &status) != 0) continue;
    if (S_ISDIR(status.st_mode)) {
      const int below = take_folder(lost ? -1 : to, child, depth + 1);
      if (below < 0) lost = 1;
      if (below > 0) files += below;
      rmdir(child);
      continue;
    }
    size_t size = 0;
    unsigned char* const bytes = to < 0 || lost ? NULL : read_whole(child, &size);
    if (bytes != NULL && counts_anything(bytes, size) &&
        (send_line(to, "file %zu %s\n", size, child + strlen(folder)) != 0 ||
         send_all(to, bytes, size) != 0)) {
      lost = 1;
    }
    free(bytes);
    unlink(child);
    ++files;
  }
  closedir(stream);
  return lost ? -1 : files;
}

/* ---- the conversation ---- */

static int dump(int client) {
  __gcov_dump();
  __gcov_reset();
  const int files = take_folder(client, folder, 0);
  if (files < 0) return -1;
  if (files == 0) {
    return send_line(client, "error no counters were written: is the program built with --coverage, "
                             "and %s writable?\n", folder);
  }
  return send_line(client, "done %d\n", files);
}

static void converse(int client) {
  if (send_line(client, "culprit-window 1 %ld\n", (long)getpid()) != 0) return;
  char line[kMaxLine];
  size_t filled = 0;
  for (;;) {
    const ssize_t count = recv(client, line + filled, sizeof line - 1 - filled, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    filled += (size_t)count;
    line[filled] = '\0';
    char* end;
    while ((end = strchr(line, '\n')) != NULL) {
      *end = '\0';
      if (strcmp(line, "dump") == 0 ? dump(client) != 0
                                    : send_line(client, "error unknown request\n") != 0) {
        return;
      }
      filled -= (size_t)(end + 1 - line);
      memmove(line, end + 1, filled + 1);
    }
    if (filled == sizeof line - 1) return;
  }
}

static void* serve(void* unused) {
  (void)unused;
  for (;;) {
    const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      complain("no longer listening: %s", strerror(errno));
      return NULL;
    }
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails on Unix sockets: fine */
    converse(client);
    close(client);
  }
}

/* ---- setting up ---- */

static int listen_unix(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server < 0) return -1;
  /* A socket that nobody answers was left by a process that died. */
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct stat status;
  if (probe >= 0 && lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) &&
      connect(probe, (struct sockaddr*)&address, sizeof address) != 0 && errno == ECONNREFUSED) {
    unlink(path);
  }
  if (probe >= 0) close(probe);
  const mode_t mask = umask(0177);
  const int bound = bind(server, (struct sockaddr*)&address, sizeof address);
  umask(mask);
  if (bound == 0 && listen(server, 1) == 0) return server;
  const int error = errno;
  close(server);
  errno = error;
  return -1;
}

static int listen_tcp(const char* where) {
  const char* const colon = strrchr(where, ':');
  char host[INET_ADDRSTRLEN] = "";
  char* end = NULL;
  const long port = colon == NULL ? 0 : strtol(colon + 1, &end, 10);
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (colon == NULL || (size_t)(colon - where) >= sizeof host || port < 1 || port > 65535 ||
      *end != '\0') {
    errno = EINVAL;
    return -1;
  }
  memcpy(host, where, (size_t)(colon - where));
  address.sin_port = htons((uint16_t)port);
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    errno = EINVAL;
    return -1;
  }
  if ((ntohl(address.sin_addr.s_addr) >> 24) != 127) {
    complain("listening on %s: whoever reaches that port can read this program's coverage", where);
  }
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server < 0) return -1;
  const int on = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(server, (struct sockaddr*)&address, sizeof address) == 0 && listen(server, 1) == 0) {
    return server;
  }
  const int error = errno;
  close(server);
  errno = error;
  return -1;
}

/* Best effort: libgcov is not made for signal handlers, so an alarm ends what would hang. */
static void write_and_die(int signal_number) {
  signal(SIGALRM, SIG_DFL);
  alarm(kCrashSeconds);
  __gcov_dump();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static void write_on_crash(void) {
  static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; ++i) {
    struct sigaction now;
    if (sigaction(fatal[i], NULL, &now) != 0 || now.sa_handler != SIG_DFL) continue;
    struct sigaction ours = {.sa_handler = write_and_die};
    /* SA_NODEFER: the signal raised again is to end the program at once. */
    ours.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
    sigemptyset(&ours.sa_mask);
    sigaction(fatal[i], &ours, NULL);
  }
}

static int make_folder(void) {
  const char* const bases[] = {"/dev/shm", getenv("TMPDIR"), "/tmp"};
  for (size_t i = 0; i < sizeof bases / sizeof *bases; ++i) {
    if (bases[i] == NULL) continue;
    const int length = snprintf(folder, sizeof folder, "%s/culprit-window-XXXXXX", bases[i]);
    if (length > 0 && (size_t)length < sizeof folder && mkdtemp(folder) != NULL) return 0;
  }
  folder[0] = '\0';
  return -1;
}

__attribute__((constructor)) static void start(void) {
  const char* const where = getenv("CULPRIT_WINDOW");
  if (where == NULL || *where == '\0') return;
  if (strcmp(where, "crash") == 0) {
    write_on_crash();
    return;
  }
  if (strncmp(where, "unix:", 5) == 0) {
    listener = listen_unix(where + 5);
  } else if (strncmp(where, "tcp:", 4) == 0) {
    listener = listen_tcp(where + 4);
  } else {
    errno = EINVAL;
  }
  if (listener < 0) {
    complain("cannot listen on CULPRIT_WINDOW=%s: %s", where, strerror(errno));
    return;
  }
  if (make_folder() != 0) {
    complain("no folder for counters: %s", strerror(errno));
    return;
  }
  setenv("GCOV_PREFIX", folder, 1);
  unsetenv("GCOV_PREFIX_STRIP");
  unsetenv("CULPRIT_WINDOW"); /* a child process would listen there too */
  /* The program's own signals are for the program's own threads. */
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_t thread;
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int failed = pthread_create(&thread, NULL, serve, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed != 0) {
    complain("no thread: %s", strerror(failed));
    return;
  }
  pthread_detach(thread);
}

#ifndef __clang__
#pragma GCC diagnostic ignored "-Wprio-ctor-dtor"
#endif
/* Runs after libgcov's own exit handler, which has priority 100 and writes there once more. */
__attribute__((destructor(99))) static void stop(void) {
  if (folder[0] == '\0') return;
  take_folder(-1, folder, 0);
  rmdir(folder);
}
