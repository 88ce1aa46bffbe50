// The kernel log: QEMU's debug console at port 0xe9, or COM1 when there is none (PC16550D data sheet, 8).
// What the shim prints, what the JVM writes to its standard output, what Java logs.
#include "lock.h"
enum { DEBUGCON = 0xe9, COM1 = 0x3f8, LSR_THRE = 0x20 };
static int serial = 1;
static struct lock log_lock;
void log_init(const char *where) {
  static const u8 uart[][2] = { { 1, 0 }, { 3, 0x80 }, { 0, 1 }, { 1, 0 }, { 3, 3 }, { 2, 7 } };  // 115,200 baud, 8 bits, FIFO
  serial = where ? starts_with(where, "serial") : in8(DEBUGCON) != DEBUGCON;
  for (u32 i = 0; serial && i < COUNT(uart); i++) out8(COM1 + uart[i][0], uart[i][1]);
}
void log_bytes(const char *bytes, size_t n) {
  lock(&log_lock);
  if (!serial) asm volatile("rep outsb" : "+S"(bytes), "+c"(n) : "d"(DEBUGCON) : "memory");
  for (; n; n--, bytes++) {
    for (int spins = 0; !(in8(COM1 + 5) & LSR_THRE) && spins < 100000; spins++) cpu_relax();
    out8(COM1, *bytes);
  }
  unlock(&log_lock);
}
void log_break_lock(void) { unlock(&log_lock); }

// %s, and %u %x with l for 64 bits.
size_t format_list(char *to, size_t size, const char *f, va_list arguments) {
  size_t n = 0;
  for (; *f && n + 1 < size; f++) {
    char digits[24], *text = digits + sizeof digits - 1;
    if (*f != '%') {
      to[n++] = *f;
      continue;
    }
    int wide = *++f == 'l';
    f += wide;
    *text = 0;
    if (*f == 's') {
      text = va_arg(arguments, char *);
    } else {
      u64 v = wide ? va_arg(arguments, u64) : va_arg(arguments, u32), base = *f == 'x' ? 16 : 10;
      do
        *--text = "0123456789abcdef"[v % base];
      while (v /= base);
    }
    while (*text && n + 1 < size) to[n++] = *text++;
  }
  to[n] = 0;
  return n;
}
size_t format(char *to, size_t size, const char *f, ...) {
  va_list arguments;
  va_start(arguments, f);
  size_t n = format_list(to, size, f, arguments);
  va_end(arguments);
  return n;
}
void print(const char *f, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, f);
  log_bytes(line, format_list(line, sizeof line, f, arguments));
  va_end(arguments);
}
