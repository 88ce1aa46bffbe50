package biscotti.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** The kernel's part of the boot command line. */
class CommandLineTest {
    private static final String LINE = "jvm=256 -- -Xmx64m -cp /kernel.jar biscotti.boot.Main console=raw -- ";

    private static String[] arguments(String rest) {
        return CommandLine.argumentsOf("biscotti.boot.Main", LINE + rest, "not", "found");
    }

    @Test
    void anArgumentMayHoldAnyByte() {
        assertArrayEquals(
                new String[] {"console=raw", "--", "sh", "gr\u00c3\u00bc\u00c3\u009fe  %", "100%", "%zz"},
                arguments("sh gr%c3%BC\u00c3%9fe%20%20%25 100% %zz"));
    }

    @Test
    void anArgumentMayBeEmpty() {
        assertArrayEquals(new String[] {"console=raw", "--", "echo", "", "x"}, arguments("echo %00  x"));
    }

    @Test
    void withoutTheMainClassTheOtherArgumentsCount() {
        assertArrayEquals(new String[] {"a"}, CommandLine.argumentsOf("biscotti.boot.Main", "jvm=256 --", "a"));
    }
}
