// The kernel log: QEMU's debug console at port 0xe9, or COM1 when there is none (PC16550D data
// sheet, 8). What the shim prints, what the JVM writes to its standard output, what Java logs.
#include "lock.h"

#define DEBUGCON 0xe9
#define COM1 0x3f8
enum { UART_DATA = COM1, UART_IER = COM1 + 1, UART_FCR = COM1 + 2, UART_LCR = COM1 + 3, UART_LSR = COM1 + 5 };
#define LSR_THRE 0x20
#define LCR_DLAB 0x80

static int serial = 1;
static struct lock log_lock;

void log_init(const char *where)
{
  serial = where ? starts_with(where, "serial") : in8(DEBUGCON) != DEBUGCON;
  if (!serial)
    return;
  out8(UART_IER, 0);
  out8(UART_LCR, LCR_DLAB);
  out8(UART_DATA, 1);                    // 115,200 baud
  out8(UART_IER, 0);
  out8(UART_LCR, 3);                     // 8 bits, no parity
  out8(UART_FCR, 7);
}

void log_bytes(const char *bytes, size_t n)
{
  lock(&log_lock);
  if (!serial)
    asm volatile("rep outsb" : "+S"(bytes), "+c"(n) : "d"(DEBUGCON) : "memory");
  else
    for (; n--; bytes++) {
      for (int spins = 0; !(in8(UART_LSR) & LSR_THRE) && spins < 100000; spins++)
        cpu_relax();
      out8(UART_DATA, *bytes);
    }
  unlock(&log_lock);
}

void log_break_lock(void) { unlock(&log_lock); }

// %s %c %d %u %x %p with width, zero fill, and l for 64 bits.
size_t format_list(char *to, size_t size, const char *f, va_list arguments)
{
  size_t n = 0;
  for (; *f; f++) {
    char digits[32];
    const char *text = digits;
    int width = 0, wide = 0, length = 0;
    if (*f != '%') {
      if (n + 1 < size)
        to[n++] = *f;
      continue;
    }
    char fill = *++f == '0' ? '0' : ' ';
    for (; *f >= '0' && *f <= '9'; f++)
      width = width * 10 + *f - '0';
    for (; *f == 'l' || *f == 'z'; f++)
      wide = 1;
    if (*f == 's') {
      text = va_arg(arguments, const char *);
      length = strlen(text);
    } else if (*f == 'c') {
      digits[length++] = va_arg(arguments, int);
    } else if (*f == '%') {
      digits[length++] = '%';
    } else {
      u64 base = *f == 'x' || *f == 'p' ? 16 : 10, v = wide || *f == 'p' ? va_arg(arguments, u64) : va_arg(arguments, u32);
      if (*f == 'd' && !wide)
        v = (i64)(i32)v;
      int negative = *f == 'd' && (i64)v < 0;
      if (negative)
        v = -v;
      char *p = digits + sizeof digits;
      do
        *--p = "0123456789abcdef"[v % base];
      while (v /= base);
      if (negative)
        *--p = '-';
      text = p;
      length = digits + sizeof digits - p;
    }
    for (; width > length && n + 1 < size; width--)
      to[n++] = fill;
    for (int i = 0; i < length && n + 1 < size; i++)
      to[n++] = text[i];
  }
  if (size)
    to[n] = 0;
  return n;
}

size_t format(char *to, size_t size, const char *f, ...)
{
  va_list arguments;
  va_start(arguments, f);
  size_t n = format_list(to, size, f, arguments);
  va_end(arguments);
  return n;
}

void print(const char *f, ...)
{
  char line[512];
  va_list arguments;
  va_start(arguments, f);
  size_t n = format_list(line, sizeof line, f, arguments);
  va_end(arguments);
  log_bytes(line, n);
}
