/* Makes the kernel's heap work: files that stay, then processes that open, stat and close them, make pipes, and fork. One operation is
 * one of these rounds. What stays, in objects of the kernel, is some 500 bytes a file.
 *
 *     heap ROUNDS FILES WORKERS
 */
#include "bench.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { DIRECTORY = 256, OPERATIONS = 3000, FORK_EVERY = 32 };

static void name_of(char *name, size_t size, int file)
{
    snprintf(name, size, "/tmp/heap/%d/%d", file / DIRECTORY, file);
}

static void make_files(int files)
{
    char name[64];
    check(mkdir("/tmp/heap", 0755) == 0);
    for (int i = 0; i < files; i++) {
        if (i % DIRECTORY == 0) {
            snprintf(name, sizeof name, "/tmp/heap/%d", i / DIRECTORY);
            check(mkdir(name, 0755) == 0);
        }
        name_of(name, sizeof name, i);
        int file = open(name, O_CREAT | O_WRONLY, 0600);
        check(file >= 0 && close(file) == 0);
    }
}

static void work(int operations, int files, unsigned seed)
{
    char name[64];
    for (int i = 0; i < operations; i++) {
        struct stat status;
        int ends[2];
        seed = seed * 1103515245 + 12345;
        name_of(name, sizeof name, (seed >> 8) % files);
        int file = open(name, O_RDONLY);
        check(file >= 0 && fstat(file, &status) == 0 && close(file) == 0);
        check(pipe(ends) == 0 && write(ends[1], name, 8) == 8 && read(ends[0], name, 8) == 8);
        check(close(ends[0]) == 0 && close(ends[1]) == 0);
        if (i % FORK_EVERY == 0) {
            pid_t child = fork();
            check(child >= 0);
            if (child == 0)
                _exit(0);
            check(waitpid(child, 0, 0) == child);
        }
    }
    _exit(0);
}

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 20), files = argc > 2 ? atoi(argv[2]) : 1000, workers = argc > 3 ? atoi(argv[3]) : 2;
    make_files(files);
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        int status, failed = 0;
        for (int i = 0; i < workers; i++) {
            pid_t child = fork();
            check(child >= 0);
            if (child == 0)
                work(OPERATIONS / workers, files, round * workers + i);
        }
        while (wait(&status) > 0)
            failed |= status;
        check(failed == 0);
        report("heap", round, now() - start, OPERATIONS / workers * workers);
    }
    return 0;
}
