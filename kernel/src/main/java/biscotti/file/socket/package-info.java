/** Sockets as files: open descriptions of them, their names in the tree, and files that go with messages. */
package biscotti.file.socket;
