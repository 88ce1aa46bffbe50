/**
 * Disks, whatever bus they are on: devices whose bytes are read and written by the sector. A {@link
 * biscotti.driver.disk.BlockRequest} says what to move, a {@link biscotti.driver.disk.BlockDevice} moves it. Data go straight
 * from and to the frames that a request names.
 */
package biscotti.driver.disk;
