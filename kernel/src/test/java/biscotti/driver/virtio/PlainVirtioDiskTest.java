package biscotti.driver.virtio;

import biscotti.driver.DiskConformance;
import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.driver.pci.SimulatedPci;

/** A virtio disk with no feature at all, as small virtual machine monitors have it; behind a bridge. */
class PlainVirtioDiskTest extends DiskConformance {
    @Override
    protected DiskModel attach(SimulatedPci pci, int sectors) {
        VirtioDiskModel model = new VirtioDiskModel(machine, sectors, false, false, 256, 1);
        SimulatedFunction host = new SimulatedFunction(machine, 0x8086, 0x29c0, 0x060000);
        host.oneOfSeveral();
        pci.add(0, 0, 0, host);
        SimulatedFunction bridge = new SimulatedFunction(machine, 0x8086, 0x3420, 0x060400);
        bridge.bridgeTo(2);
        pci.add(0, 0, 5, bridge);
        pci.add(2, 31, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("vda", 254 << 8, false);
    }
}
