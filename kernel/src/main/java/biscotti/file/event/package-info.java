/** Files that stand for events instead of data: epoll(7), eventfd(2), timerfd_create(2). */
package biscotti.file.event;
