package biscotti.driver.nvme;

import biscotti.driver.DiskConformance;
import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedPci;

/** An NVMe disk with long queues and commands of any length. */
class NvmeDiskTest extends DiskConformance {
    @Override
    protected DiskModel attach(SimulatedPci pci, int sectors) {
        NvmeModel model = new NvmeModel(machine, sectors, 1024, 0);
        pci.add(0, 4, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("nvme0n1", 259 << 8, true);
    }
}
