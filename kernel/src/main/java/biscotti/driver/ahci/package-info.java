/** SATA disks behind an AHCI controller (Serial ATA AHCI 1.3.1, called AHCI here; ATA/ATAPI Command Set 3, called ACS). */
package biscotti.driver.ahci;
