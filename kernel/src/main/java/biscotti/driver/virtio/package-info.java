/** Devices of virtual machines (Virtual I/O Device Version 1.2, called VIRTIO here), over PCI and memory-mapped. */
package biscotti.driver.virtio;
