/** What execve(2) makes of a file: ELF images, script lines, and the first stack. */
package biscotti.process.program;
