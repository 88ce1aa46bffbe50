/**
 * Device drivers. Each has an interrupt thread (see {@link biscotti.sched.InterruptThread}) that serves its device; register
 * names are those of the data sheets.
 */
package biscotti.driver;
