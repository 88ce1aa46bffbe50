/**
 * The PCI bus: which functions there are, their configuration, and their interrupts by messages (PCI Local Bus Specification 3.0,
 * called PCI here).
 */
package biscotti.driver.pci;
