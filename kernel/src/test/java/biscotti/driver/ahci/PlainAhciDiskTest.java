package biscotti.driver.ahci;

import biscotti.driver.DiskConformance;
import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedPci;

/** A SATA disk that takes one command at a time, and has no cache. */
class PlainAhciDiskTest extends DiskConformance {
    @Override
    protected DiskModel attach(SimulatedPci pci, int sectors) {
        AhciModel model = new AhciModel(machine, sectors, false, false);
        pci.add(0, 31, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("sda", 8 << 8, false);
    }
}
