/** Devices without hardware behind them: the memory devices of Linux (major number 1). */
package biscotti.file.device;
