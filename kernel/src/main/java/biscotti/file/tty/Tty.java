package biscotti.file.tty;

/** A terminal. */
public final class Tty {
}
