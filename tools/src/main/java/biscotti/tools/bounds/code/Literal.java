package biscotti.tools.bounds.code;

/**
 * A constant object of a class's constant pool: made when the constant is resolved, never by running code.
 *
 * @param type its class
 * @param text what it reads, if it is a string; else what it is called
 */
public record Literal(String type, String text) {}
