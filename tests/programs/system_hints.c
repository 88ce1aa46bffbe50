/* What fcntl(2), open(2) and prctl(2) say to small wishes: hints of writes, O_DIRECT, tracers. */
#include "check.h"
#include <sys/prctl.h>

enum { GET_HINT = 1035, SET_HINT, GET_FILE_HINT, SET_FILE_HINT };

static void hints(void)
{
    uint64_t hint = 77;
    int file = open("file", O_RDWR | O_CREAT, 0600), again = open("file", O_RDONLY);
    print("-- hints\n");
    show(fcntl(file, GET_HINT, &hint));
    print("%ld\n", (long) hint);
    for (hint = 0; hint < 7; hint++)
        show(fcntl(file, SET_HINT, &hint));
    hint = 4;
    show(fcntl(again, SET_HINT, &hint));
    hint = 77;
    show(fcntl(file, GET_HINT, &hint));
    print("%ld\n", (long) hint);
    show(fcntl(file, GET_FILE_HINT, &hint));
    show(fcntl(file, SET_FILE_HINT, &hint));
    show(fcntl(file, GET_HINT, wild));
    show(fcntl(file, SET_HINT, wild));
    hint = -1;
    show(fcntl(file, SET_HINT, &hint));
    int pipes[2];
    need(pipe(pipes) == 0);
    hint = 2;
    show(fcntl(pipes[0], SET_HINT, &hint));
    hint = 77;
    show(fcntl(pipes[1], GET_HINT, &hint));
    print("%ld\n", (long) hint);
    int path = open("file", O_PATH);
    show(fcntl(path, GET_HINT, &hint));
}

static void direct(void)
{
    print("-- O_DIRECT\n");
    show(open("file", O_RDWR | O_DIRECT));
    show(open("made", O_RDWR | O_CREAT | O_DIRECT, 0600));
    show(access("made", F_OK));
    show(open("/dev/null", O_RDWR | O_DIRECT));
    show(open("/proc/self/stat", O_RDONLY | O_DIRECT));
    show(open(".", O_RDONLY | O_DIRECT));
    show_success(open("file", O_PATH | O_DIRECT));
    show(open(".", O_RDWR | O_TMPFILE | O_DIRECT, 0600));
    int file = open("file", O_RDWR);
    show(fcntl(file, F_SETFL, O_DIRECT));
    show(fcntl(file, F_SETFL, O_APPEND | O_DIRECT));
    print("%x\n", fcntl(file, F_GETFL) & (O_APPEND | O_DIRECT));
    need(mkfifo("fifo", 0600) == 0);
    show(open("fifo", O_RDWR | O_DIRECT));
    int pipes[2];
    need(pipe(pipes) == 0);
    show(fcntl(pipes[1], F_SETFL, O_DIRECT));
    print("%x\n", fcntl(pipes[1], F_GETFL) & O_DIRECT);
}

static void others(void)
{
    print("-- tracers and others\n");
    show(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, wild, PAGE, "x"));
    show(prctl(PR_SET_PTRACER, getpid(), 0, 0, 0));
    show(prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0));
    show(prctl(PR_SET_PTRACER, 0, 0, 0, 0));
    show(prctl(PR_SET_PTRACER, 999999, 0, 0, 0));
    show(prctl(PR_SET_TIMING, PR_TIMING_STATISTICAL, 0, 0, 0));
    show(prctl(PR_SET_TIMING, PR_TIMING_TIMESTAMP, 0, 0, 0));
    show(prctl(PR_GET_TIMING, 0, 0, 0, 0));
    int value = 77;
    show(prctl(PR_SET_ENDIAN, 0, 0, 0, 0));
    show(prctl(PR_GET_ENDIAN, &value, 0, 0, 0));
    show(prctl(PR_SET_UNALIGN, 1, 0, 0, 0));
    show(prctl(PR_GET_UNALIGN, &value, 0, 0, 0));
    show(prctl(PR_SET_FPEMU, 1, 0, 0, 0));
    show(prctl(PR_GET_FPEMU, &value, 0, 0, 0));
    show(prctl(PR_SET_FPEXC, 0, 0, 0, 0));
    show(prctl(PR_GET_FPEXC, &value, 0, 0, 0));
    show(prctl(PR_SET_FP_MODE, 0, 0, 0, 0));
    show(prctl(PR_GET_FP_MODE, 0, 0, 0, 0));
    show(prctl(PR_SVE_GET_VL, 0, 0, 0, 0));
    show(prctl(PR_PAC_RESET_KEYS, 0, 0, 0, 0));
    show(prctl(PR_SET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
    show(prctl(PR_GET_TAGGED_ADDR_CTRL, 0, 0, 0, 0));
    show(prctl(PR_MPX_ENABLE_MANAGEMENT, 0, 0, 0, 0));
    show(prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 1));
    show(prctl(PR_SET_MM, PR_SET_MM_START_CODE, 1, 0, 0));
    show(prctl(PR_SET_MM, 99, &value, 0, 0));
}

int main(void)
{
    work_in_scratch_directory();
    hints();
    direct();
    others();
    need(setresuid(1000, 1000, 1000) == 0);
    show(prctl(PR_SET_MM, PR_SET_MM_BRK, main, 0, 0));
    return 0;
}
