/**
 * A machine inside an ordinary JVM: the rest of the kernel runs on it, unchanged, in tests.
 *
 * <pre>{@code
 * try (var machine = SimulatedMachine.builder().cpus(2).memory(4 << 20).build()) {
 *     machine.register(0x400000, cpu -> {                      // a program, and its entry point
 *         cpu.store64(0x10000, 42);                            // through the page tables; may fault
 *         long pid = cpu.callAt(0x500000, FORK);               // the child starts at 0x500000
 *         cpu.call(EXIT_GROUP, pid > 0 ? 0 : 1);
 *     });
 *     machine.register(0x500000, cpu -> cpu.call(EXIT_GROUP, (int) cpu.load64(0x10000)));
 *     UserContext context = machine.newUserContext(frame);
 *     context.setRip(0x400000);
 *     int vector = context.enter(root);                        // Trap.PAGE_FAULT, say
 * }
 * }</pre>
 *
 * <p><b>Memory</b> is bounds-checked; a frame given to {@code frameFreed} may not be touched until {@code frameTaken}. Small
 * machines run out of it: {@code memory(64 << 10)}.
 *
 * <p><b>Ring 3</b> finds code by rip: code registered for it starts on a thread of its own; a thread whose rip and rsp are
 * those of its last trap goes on; so do signal handlers (register the handler's address; its first argument is
 * {@code cpu.register(Register.RDI)}), and the interrupted code after sigreturn has put the old rip and rsp back. rip - 2
 * restarts a system call. Page tables are walked as the CPU does (present, write, user, no-execute, accessed, dirty, large
 * pages) and cached in a TLB per CPU, so a missing flush shows. Instruction fetches are not checked, unless a program does
 * {@code cpu.fetch(address)}.
 *
 * <p><b>CPUs</b>: {@code processors().delayWakes(nanos)} and {@code spuriousWakes(oneIn)} inject faults; {@code
 * interrupt(line)} is a device's interrupt; {@code processors().wake(cpu)} interrupts a program at its next access, call or
 * {@code step()}; with {@code ticks()} so does the clock, and with {@code manualClock()} the clock moves only by
 * {@code clock().advance(nanos)}. To call {@code enter} outside the scheduler, no pinning is needed: the caller is CPU 0.
 *
 * <p><b>Devices</b>: {@code ports().attach(port, count, device)}.
 */
package biscotti.machine.simulated;
