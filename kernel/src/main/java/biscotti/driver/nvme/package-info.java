/** NVMe disks (NVM Express Base Specification 1.4, called NVMe here). */
package biscotti.driver.nvme;
