package biscotti.driver.virtio;

import biscotti.driver.CardConformance;
import biscotti.driver.network.CardModel;
import biscotti.driver.pci.SimulatedPci;

/** A virtio network card with hardly a feature, as small virtual machine monitors have it. */
class PlainVirtioCardTest extends CardConformance {
    @Override
    protected CardModel attach(SimulatedPci pci) {
        VirtioCardModel model = new VirtioCardModel(machine, VirtioCardModel.MAC, 1, 64);
        pci.add(0, 4, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("virtio at 00:04.0", 1, false, false, false, 1500);
    }
}
