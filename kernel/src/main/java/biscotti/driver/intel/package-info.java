/**
 * Intel's Ethernet controllers: 82540EM, 82574L, 82576 and 82599. Registers, their fields and descriptors have the names of the data sheets:
 * "PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual" (8254x here), "82574 GbE Controller Family Datasheet",
 * "82576EB Gigabit Ethernet Controller Datasheet" and "82599 10 GbE Controller Datasheet"; a number behind one of those names is a section.
 */
package biscotti.driver.intel;
