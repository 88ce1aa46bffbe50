/**
 * System V interprocess communication (sysvipc(7)): shared memory segments, semaphore sets, message queues. All of it has limits,
 * as on Linux, and its bulk is off the heap.
 */
package biscotti.ipc;
