/**
 * Files in memory: tmpfs, and devtmpfs, which is a tmpfs with device nodes in it. The bytes of files lie in physical frames;
 * names and attributes are Java objects. The loader fills a tmpfs from the boot archive.
 */
package biscotti.file.tmpfs;
