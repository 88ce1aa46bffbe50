package biscotti.tools.hogs;

/**
 * What a program that behaves has got done.
 *
 * @param name which one
 * @param operations how many it has done
 * @param worstMicros how long the longest took
 * @param refused how many calls told it to try again
 * @param error why it gave up; "none" if it did not
 */
public record GoodResult(String name, long operations, long worstMicros, long refused, String error) {}
