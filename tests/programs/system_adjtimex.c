/* adjtimex(2): what steers the clock is kept, and told. */
#include "check.h"
#include <sys/timex.h>
#include <time.h>

static struct timex state;

static void tell(const char *when, int result)
{
    print("%s = %d %s: freq %ld esterror %ld status %x constant %ld tick %ld tai %d\n", when, result, result == -1 ? strerrorname_np(errno) : "",
          state.freq, state.esterror, state.status, state.constant, state.tick, state.tai);
}

static void set(const char *what, struct timex wanted)
{
    errno = 0;
    state = wanted;
    tell(what, adjtimex(&state));
}

static void read_back(void)
{
    memset(&state, 0xff, sizeof state);
    state.modes = 0;
    tell("read", adjtimex(&state));
}

int main(void)
{
    /* Others may have steered the clock before. */
    need(adjtimex(&(struct timex) {.modes = ADJ_TIMECONST | ADJ_STATUS, .status = STA_UNSYNC}) >= 0);
    read_back();
    print("-- what is set\n");
    set("maximum error", (struct timex) {.modes = ADJ_MAXERROR | ADJ_STATUS, .maxerror = 1234, .status = 0});
    holds(state.maxerror >= 1234 && state.maxerror < 1000000);
    set("estimated error", (struct timex) {.modes = ADJ_ESTERROR, .esterror = 77});
    set("frequency", (struct timex) {.modes = ADJ_FREQUENCY, .freq = 50 << 16});
    set("too much", (struct timex) {.modes = ADJ_FREQUENCY, .freq = 600 << 16});
    set("too little", (struct timex) {.modes = ADJ_FREQUENCY, .freq = -(600 << 16)});
    set("beyond", (struct timex) {.modes = ADJ_FREQUENCY, .freq = INT64_MAX});
    set("far beyond", (struct timex) {.modes = ADJ_FREQUENCY, .freq = INT64_MIN});
    set("frequency", (struct timex) {.modes = ADJ_FREQUENCY, .freq = 0});
    set("tick", (struct timex) {.modes = ADJ_TICK, .tick = 10010});
    set("short tick", (struct timex) {.modes = ADJ_TICK, .tick = 8999});
    set("shortest tick", (struct timex) {.modes = ADJ_TICK, .tick = 9000});
    set("long tick", (struct timex) {.modes = ADJ_TICK, .tick = 11001});
    set("longest tick", (struct timex) {.modes = ADJ_TICK, .tick = 11000});
    set("tick", (struct timex) {.modes = ADJ_TICK, .tick = 10000});
    set("constant", (struct timex) {.modes = ADJ_TIMECONST, .constant = 3});
    set("large constant", (struct timex) {.modes = ADJ_TIMECONST, .constant = 9});
    set("negative constant", (struct timex) {.modes = ADJ_TIMECONST, .constant = -9});
    set("atomic time", (struct timex) {.modes = ADJ_TAI, .constant = 37});
    set("no atomic time", (struct timex) {.modes = ADJ_TAI, .constant = -1});
    set("atomic time", (struct timex) {.modes = ADJ_TAI, .constant = 0});
    set("nanoseconds", (struct timex) {.modes = ADJ_NANO});
    holds(state.time.tv_usec >= 0 && state.time.tv_usec < 1000000000);
    set("constant", (struct timex) {.modes = ADJ_TIMECONST, .constant = 3});
    set("microseconds", (struct timex) {.modes = ADJ_MICRO});
    holds(state.time.tv_usec >= 0 && state.time.tv_usec < 1000000);
    set("read-only status", (struct timex) {.modes = ADJ_STATUS, .status = STA_CLOCKERR | STA_NANO | STA_MODE | STA_CLK});
    set("loop", (struct timex) {.modes = ADJ_STATUS, .status = STA_PLL});
    set("unsynchronised", (struct timex) {.modes = ADJ_STATUS, .status = STA_PLL | STA_UNSYNC});
    set("no loop", (struct timex) {.modes = ADJ_STATUS, .status = 0});
    read_back();
    print("-- an offset without a loop\n");
    set("offset", (struct timex) {.modes = ADJ_OFFSET, .offset = 10000});
    print("offset %ld\n", state.offset);
    print("-- adjtime\n");
    struct timeval change = {.tv_sec = 100}, before = {77, 77};
    show(adjtime(&change, &before));
    print("before %ld %ld\n", (long) before.tv_sec, (long) before.tv_usec);
    show(adjtime(0, &before));
    holds(before.tv_sec >= 90 && before.tv_sec <= 100);
    change = (struct timeval) {.tv_sec = -3};
    show(adjtime(&change, &before));
    holds(before.tv_sec >= 90 && before.tv_sec <= 100);
    show(adjtime(0, &before));
    holds(before.tv_sec >= -3 && before.tv_sec < 0);
    change = (struct timeval) {0};
    show(adjtime(&change, 0));
    show(adjtime(0, &before));
    print("after %ld %ld\n", (long) before.tv_sec, (long) before.tv_usec);
    set("adjtime without its bit", (struct timex) {.modes = 0x8000});
    print("-- who sets the clock, forgets\n");
    set("status", (struct timex) {.modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR, .status = 0, .maxerror = 5, .esterror = 5});
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    show(clock_settime(CLOCK_REALTIME, &now));
    read_back();
    holds(state.maxerror == 16000000);
    print("-- a clock that is faster never goes back\n");
    set("tick", (struct timex) {.modes = ADJ_TICK, .tick = 11000});
    struct timespec last = {0};
    int backwards = 0;
    for (int i = 0; i < 3000; i++) {
        struct timespec by_call;
        clock_gettime(CLOCK_REALTIME, &now);
        backwards += now.tv_sec < last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec < last.tv_nsec);
        syscall(SYS_clock_gettime, CLOCK_REALTIME, &by_call);
        backwards += by_call.tv_sec < now.tv_sec || (by_call.tv_sec == now.tv_sec && by_call.tv_nsec < now.tv_nsec);
        last = by_call;
        if (i % 500 == 0)
            adjtimex(&(struct timex) {.modes = ADJ_TICK, .tick = 11000 - i / 2});
    }
    print("%d times backwards\n", backwards);
    set("tick", (struct timex) {.modes = ADJ_TICK, .tick = 10000});
    print("-- errors\n");
    show(adjtimex(wild));
    need(setresuid(1000, 1000, 1000) == 0);
    set("tick", (struct timex) {.modes = ADJ_TICK, .tick = 10000});
    set("status", (struct timex) {.modes = ADJ_STATUS});
    set("adjtime", (struct timex) {.modes = ADJ_OFFSET_SINGLESHOT});
    state = (struct timex) {.modes = ADJ_OFFSET_SS_READ};
    holds(adjtimex(&state) >= 0);
    set("seconds", (struct timex) {.modes = ADJ_SETOFFSET});
    return 0;
}
