/** Signals as such, signal(7): sets of them, what each tells, what is done on them. */
package biscotti.process.signal;
