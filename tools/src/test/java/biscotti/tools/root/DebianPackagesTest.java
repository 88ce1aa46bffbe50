package biscotti.tools.root;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DebianPackagesTest {
    @Test
    void packagesOfTheSecurityArchiveHaveNoHashAndAreTakenAllTheSame() {
        String output = """
                The following NEW packages will be installed:
                  libc6 python3.11
                'http://deb.debian.org/debian/pool/libc6_2.36-9%2bdeb12u14_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 MD5Sum:8d98f0
                'http://deb.debian.org/debian-security/pool/python3.11_3.11.2-6_amd64.deb' python3.11_3.11.2-6_amd64.deb 573000\s
                """;
        assertEquals(
                List.of("libc6_2.36-9+deb12u14_amd64.deb", "python3.11_3.11.2-6_amd64.deb"),
                DebianPackages.filesIn(output));
    }
}
