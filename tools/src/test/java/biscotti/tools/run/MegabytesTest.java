package biscotti.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class MegabytesTest {
    @ParameterizedTest
    @CsvSource({"512,512", "512M,512", "512mb,512", "2G,2048", "2GiB,2048", "2048k,2"})
    void amountsAreReadAsPeopleWriteThem(String text, int megabytes) {
        assertEquals(megabytes, new Megabytes().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "lots", "1.5G", "2T", "99999999999G", "9999999G"})
    void anythingElseIsNoAmount(String text) {
        assertThrows(TypeConversionException.class, () -> new Megabytes().convert(text));
    }
}
