/** Disks as files: what the block devices in /dev open. */
package biscotti.file.disk;
