/** Pipes and FIFOs: pipe(7). */
package biscotti.file.pipe;
