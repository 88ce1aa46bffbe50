/** Who a process acts as, credentials(7) and capabilities(7). */
package biscotti.process.identity;
