/**
 * Linux's numbers and layouts for x86-64: errors, flags, structure offsets. Names are Linux's own; each class holds those
 * of one header. Nothing here has behaviour.
 */
package biscotti.abi;
