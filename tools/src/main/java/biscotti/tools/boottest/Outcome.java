package biscotti.tools.boottest;

/**
 * What one test program printed and how it ended.
 *
 * @param output its standard output and standard error, one character for a byte
 * @param end "exit N", "signal N" or "timeout"
 * @param milliseconds how long it took
 */
record Outcome(String output, String end, int milliseconds) {
    /** The text that is kept as the expectation and compared with: the output, then how it ended. */
    String text() {
        return output + "[" + end + "]\n";
    }

    /** Reads what tests/guest/suite.c sent from "@@begin NAME" up to and including " ms". */
    static Outcome parse(String name, String sent) {
        String begin = "@@begin " + name + "\n";
        String end = "\n@@end " + name + " ";
        int from = sent.indexOf(begin) + begin.length();
        int to = sent.lastIndexOf(end);
        String[] ending = sent.substring(to + end.length()).split(", | ms", -1);
        return new Outcome(sent.substring(from, Math.max(from, to)), ending[0], Integer.parseInt(ending[1]));
    }
}
