/**
 * Sockets and the protocols behind them. {@link biscotti.net.Socket} is what all address families have in common;
 * {@link biscotti.net.unix} has the one within the machine. An open file of a socket is made a floor above, which also answers
 * what protocols ask of files: {@link biscotti.net.Payload}, {@link biscotti.net.Requester}, {@link biscotti.net.SocketPaths}.
 */
package biscotti.net;
