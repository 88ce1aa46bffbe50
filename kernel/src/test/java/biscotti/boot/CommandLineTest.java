package biscotti.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** The kernel's part of the boot command line. */
class CommandLineTest {
    private static final String LINE = "jvm=256 -- -Xmx64m -jar /kernel.jar console=raw -- ";

    private static String[] arguments(String rest) {
        return CommandLine.argumentsOf("/kernel.jar", LINE + rest, "not", "found");
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
    void withoutTheJarTheOtherArgumentsCount() {
        assertArrayEquals(new String[] {"a"}, CommandLine.argumentsOf("/kernel.jar", "jvm=256 --", "a"));
    }
}
