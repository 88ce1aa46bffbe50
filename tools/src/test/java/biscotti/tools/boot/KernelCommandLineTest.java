package biscotti.tools.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelCommandLineTest {
    @Test
    void plainArgumentsStayReadable() {
        assertEquals(
                "jvm=256 -- -Xmx64m -cp /kernel.jar a.B --",
                KernelCommandLine.of(List.of("jvm=256"), List.of("-Xmx64m", "-cp", "/kernel.jar", "a.B", "--")));
    }

    @Test
    void anEmptyArgumentIsAnEscapedNul() {
        assertEquals("%00", KernelCommandLine.encode(""));
    }

    @Test
    void everyArgumentSurvives() {
        StringBuilder all = new StringBuilder();
        for (char c = 1; c < 0x250; c++) {
            all.append(c);
        }
        all.append("\u20ac\ud83c\udf6a %41 \"'\\$`");
        String encoded = KernelCommandLine.encode(all.toString());
        assertEquals(-1, encoded.indexOf(' '));
        assertEquals(all.toString(), decode(encoded));
    }

    /** What the shim does. */
    private static String decode(String encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%') {
                decoded.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                decoded.write(encoded.charAt(i));
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
