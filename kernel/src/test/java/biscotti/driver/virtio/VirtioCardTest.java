package biscotti.driver.virtio;

import biscotti.driver.CardConformance;
import biscotti.driver.network.CardModel;
import biscotti.driver.pci.SimulatedPci;

/** A virtio network card with several queues and all features that QEMU has. */
class VirtioCardTest extends CardConformance {
    @Override
    protected CardModel attach(SimulatedPci pci) {
        long features = VirtioCardModel.CSUM
                | VirtioCardModel.GUEST_CSUM
                | VirtioCardModel.MAC
                | VirtioCardModel.TSO
                | VirtioCardModel.MRG_RXBUF
                | VirtioCardModel.STATUS
                | VirtioCardModel.CTRL_VQ
                | VirtioCardModel.CTRL_RX
                | VirtioCardModel.MQ
                | VirtioCardModel.INDIRECT;
        VirtioCardModel model = new VirtioCardModel(machine, features, 4, 256);
        pci.add(0, 3, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("virtio at 00:03.0", 2, true, true, true, 9000);
    }
}
