package biscotti.driver.virtio;

import biscotti.driver.DiskConformance;
import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedPci;

/** A virtio disk with all features, as QEMU has it. */
class VirtioDiskTest extends DiskConformance {
    @Override
    protected DiskModel attach(SimulatedPci pci, int sectors) {
        VirtioDiskModel model = new VirtioDiskModel(machine, sectors, true, true, 256, 254);
        pci.add(0, 3, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("vda", 254 << 8, true);
    }
}
