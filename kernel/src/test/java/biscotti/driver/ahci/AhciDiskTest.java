package biscotti.driver.ahci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.driver.DiskConformance;
import biscotti.driver.DiskModel;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.pci.SimulatedPci;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A SATA disk with all features: queued commands, a cache, and writes that force unit access. */
class AhciDiskTest extends DiskConformance {
    @Override
    protected DiskModel attach(SimulatedPci pci, int sectors) {
        AhciModel model = new AhciModel(machine, sectors, true, true);
        pci.add(0, 31, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("sda", 8 << 8, true);
    }

    @Test
    void commandsAreQueuedInTheDisk() throws InterruptedException {
        run(() -> {
            model().stall(true);
            List<BlockRequest> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(submit(BlockRequest.Operation.READ, i, false, frame(i), 512));
            }
            assertEquals(32, model().mostAtOnce());
            model().stall(false);
            all.forEach(each -> {
                assertEquals(0, each.await());
                each.giveBack();
            });
        });
    }

    /** After an error the disk does nothing before it is reset: nothing that was queued may be lost. */
    @Test
    void theDiskIsResetAfterAnError() throws InterruptedException {
        run(() -> {
            model().fail(7, 7);
            int errors = 0;
            for (int round = 0; round < 5; round++) {
                List<BlockRequest> all = new ArrayList<>();
                for (int i = 0; i < 32; i++) {
                    all.add(submit(BlockRequest.Operation.READ, i, false, frame(i), 512));
                }
                for (BlockRequest each : all) {
                    int error = each.await();
                    assertTrue(error == 0 || error == -Errno.EIO && each.sector() == 7);
                    errors += error == 0 ? 0 : 1;
                    each.giveBack();
                }
            }
            assertEquals(5, errors);
            assertTrue(((AhciModel) model()).resets() >= 5);
        });
    }
}
