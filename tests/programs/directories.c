/* Reading directories: every name exactly once, types, positions, and what changes meanwhile. */
#include "check.h"
#include <dirent.h>

enum { FILES = 500 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static void list(const char *path)
{
    char *names[600];
    int count = 0;
    DIR *directory = opendir(path);
    need(directory != 0);
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        char line[300];
        snprintf(line, sizeof line, "%s type %d", entry->d_name, entry->d_type);
        names[count++] = strdup(line);
    }
    closedir(directory);
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++)
        print("%s\n", names[i]);
}

static void many(void)
{
    print("-- %d files in small portions\n", FILES);
    need(mkdir("many", 0755) == 0);
    char name[40];
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "many/file-%04d", i);
        close(open(name, O_CREAT | O_WRONLY, 0600));
    }
    int directory = open("many", O_RDONLY | O_DIRECTORY);
    static int seen[FILES];
    int others = 0, calls = 0;
    char buffer[512];
    long length;
    while ((length = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
        calls++;
        for (long at = 0; at < length;) {
            struct dirent64 *entry = (struct dirent64 *) (buffer + at);
            int number;
            if (sscanf(entry->d_name, "file-%d", &number) == 1)
                seen[number]++;
            else
                others++;
            need(entry->d_reclen % 8 == 0 && entry->d_ino != 0);
            at += entry->d_reclen;
        }
    }
    int once = 0;
    for (int i = 0; i < FILES; i++)
        once += seen[i] == 1;
    print("%d once, %d others, ended with %ld, in portions %d\n", once, others, length, calls > 10);
    show(syscall(SYS_getdents64, directory, buffer, sizeof buffer));
    show(lseek(directory, 0, SEEK_SET));
    show(syscall(SYS_getdents64, directory, buffer, 8));
    show(syscall(SYS_getdents64, directory, wild, 512));
    holds(syscall(SYS_getdents64, directory, buffer, sizeof buffer) > 0);
    show(read(directory, buffer, 10));
    show(write(directory, buffer, 10));
    show(syscall(SYS_getdents64, 0x7fff, buffer, sizeof buffer));
}

static void while_changing(void)
{
    print("-- files that stay are read once even while others are removed\n");
    DIR *directory = opendir("many");
    struct dirent *entry;
    int read_once = 0, removed = 0;
    while ((entry = readdir(directory))) {
        int number;
        if (sscanf(entry->d_name, "file-%d", &number) != 1)
            continue;
        if (number % 2 == 0) {
            need(unlinkat(dirfd(directory), entry->d_name, 0) == 0);
            removed++;
        } else
            read_once++;
    }
    closedir(directory);
    print("removed %d, kept and read %d\n", removed, read_once);
    print("-- seekdir goes back to where telldir was\n");
    directory = opendir("many");
    for (int i = 0; i < 100; i++)
        readdir(directory);
    long position = telldir(directory);
    char first[300];
    strcpy(first, readdir(directory)->d_name);
    for (int i = 0; i < 50; i++)
        readdir(directory);
    seekdir(directory, position);
    holds(strcmp(first, readdir(directory)->d_name) == 0);
    closedir(directory);
    print("-- a removed directory is empty\n");
    need(mkdir("gone", 0755) == 0);
    int file = open("gone", O_RDONLY);
    need(rmdir("gone") == 0);
    char buffer[512];
    show(syscall(SYS_getdents64, file, buffer, sizeof buffer));
    show(openat(file, "x", O_CREAT | O_WRONLY, 0600));
}

/* getdents(2), the older call: the type is the last byte of an entry. */
static void list_older(const char *path)
{
    int directory = open(path, O_RDONLY);
    char buffer[1000];
    long length = syscall(SYS_getdents, directory, buffer, sizeof buffer);
    for (long at = 0; at < length;) {
        unsigned short size = *(unsigned short *) (buffer + at + 16);
        char *name = buffer + at + 18;
        if (name[0] != '.')
            print("%s, %d bytes, type %d\n", name, size, buffer[at + size - 1]);
        at += size;
    }
    show(syscall(SYS_getdents, directory, buffer, sizeof buffer));
    need(lseek(directory, 0, SEEK_SET) == 0);
    show(syscall(SYS_getdents, directory, buffer, 0));
    show(syscall(SYS_getdents, directory, buffer, 23));
    show(syscall(SYS_getdents, directory, buffer, 24));
    show(syscall(SYS_getdents, directory, wild, 100));
    close(directory);
}

static void older(void)
{
    print("-- the older structure\n");
    need(mkdir("older", 0755) == 0);
    need(mkdir("older/directory-with-a-long-name", 0755) == 0);
    need(symlink("x", "older/directory-with-a-long-name/link") == 0);
    list_older("older");
    list_older("older/directory-with-a-long-name");
    show(syscall(SYS_getdents, open("/dev/null", O_RDONLY), wild, 100));
    show(syscall(SYS_getdents, 0x7fff, wild, 100));
}

int main(void)
{
    work_in_scratch_directory();
    print("-- types\n");
    need(mkdir("directory", 0755) == 0 && symlink("x", "link") == 0 && mkfifo("fifo", 0600) == 0);
    close(open("file", O_CREAT, 0600));
    list(".");
    many();
    while_changing();
    older();
    return 0;
}
