/**
 * What lies between files and disks: the pages of files that are in memory ({@link biscotti.block.CachedPages}), all of them
 * together ({@link biscotti.block.PageCache}), and the parts of disks ({@link biscotti.block.PartitionTable}).
 */
package biscotti.block;
