package biscotti.driver.intel;

import biscotti.driver.CardConformance;
import biscotti.driver.network.CardModel;
import biscotti.driver.pci.SimulatedPci;

/** The driver of the 82599, with a model that was written from its data sheet. */
class Intel82599Test extends CardConformance {
    @Override
    protected CardModel attach(SimulatedPci pci) {
        Chip82599Model model = new Chip82599Model(machine);
        pci.add(0, 5, 0, model.function());
        return model;
    }

    @Override
    protected Expected expected() {
        return new Expected("82599 at 00:05.0", 2, true, true, true, 9000);
    }
}
