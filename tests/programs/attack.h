/* What the attacks on the kernel's entry from ring 3 share: each is done in a child, which may end in any way that a process may end;
 * the machine must go on. */
#ifndef ATTACK_H
#define ATTACK_H

#include "check.h"
#include <ucontext.h>

static volatile siginfo_t seen;

/* A handler that reports the signal and ends the child: the interrupted state is not fit to return to. */
static void report_signal(int number, siginfo_t *information, void *context)
{
    (void) context;
    print("  SIG%s code %d address %lx\n", sigabbrev_np(number), information->si_code,
          number == SIGSEGV || number == SIGBUS ? (long) information->si_addr : 0);
    _exit(40 + number);
}

static char handler_stack[16 * PAGE];

/* Reports faults on a stack of their own. */
__attribute__((unused)) static void report_faults(void)
{
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    struct sigaction action = {.sa_sigaction = report_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    need(sigaltstack(&stack, 0) == 0);
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        need(sigaction(signals[i], &action, 0) == 0);
}

/* The same with the default action: the kernel must not need the user's stack for that. */
#define ATTACK(name, ...)                                                                                                                \
    static void name(void)                                                                                                               \
    {                                                                                                                                    \
        __VA_ARGS__;                                                                                                                     \
    }                                                                                                                                    \
    static void name##_reported(void)                                                                                                    \
    {                                                                                                                                    \
        report_faults();                                                                                                                 \
        name();                                                                                                                          \
    }

#define RUN(name)                                                                                                                        \
    do {                                                                                                                                 \
        in_child(#name, name);                                                                                                           \
        in_child(#name " reported", name##_reported);                                                                                    \
    } while (0)

#endif
