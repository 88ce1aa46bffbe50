/** Futexes, futex(7): threads that wait for words in memory, and robust mutexes. */
package biscotti.process.futex;
