/**
 * Terminals: the line discipline, job control and the controlling terminals of sessions (termios(3), tty_ioctl(4), credentials(7)).
 */
package biscotti.file.tty;
