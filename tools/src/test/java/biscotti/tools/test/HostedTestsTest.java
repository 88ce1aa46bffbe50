package biscotti.tools.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class HostedTestsTest {
    @Test
    void errorsCountAsFailures() {
        String report =
                "<?xml version=\"1.0\"?>\n<testsuite xmlns:xsi=\"x\" name=\"a.B\" time=\"0.1\" tests=\"9\" errors=\"1\" skipped=\"2\" failures=\"3\">";
        assertEquals(new Totals(3, 4, 2), HostedTests.suite(report));
    }

    @Test
    void aReportThatCannotBeReadIsAFailure() {
        assertEquals(Totals.FAIL, HostedTests.suite("<html>"));
    }
}
