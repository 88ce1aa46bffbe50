// The few string functions that a freestanding compiler and we need.
#include "shim.h"

void *memset(void *to, int value, size_t n)
{
  void *result = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
  return result;
}

void *memcpy(void *to, const void *from, size_t n)
{
  void *result = to;
  size_t words = n >> 3;
  n &= 7;
  asm volatile("rep movsq; mov %3, %2; rep movsb" : "+D"(to), "+S"(from), "+c"(words) : "r"(n) : "memory");
  return result;
}

void *memmove(void *to, const void *from, size_t n)
{
  if ((u64)to - (u64)from >= n)
    return memcpy(to, from, n);
  u8 *t = to;
  const u8 *f = from;
  for (; n >= 8 && n % 8 == 0; n -= 8)
    *(u64 *)(t + n - 8) = *(const u64 *)(f + n - 8);
  while (n--)
    t[n] = f[n];
  return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
  const u8 *x = a, *y = b;
  for (; n--; x++, y++)
    if (*x != *y)
      return *x - *y;
  return 0;
}

size_t strlen(const char *s)
{
  size_t n = 0;
  while (s[n])
    n++;
  return n;
}

int strcmp(const char *a, const char *b)
{
  while (*a && *a == *b)
    a++, b++;
  return (u8)*a - (u8)*b;
}

int starts_with(const char *s, const char *prefix)
{
  while (*prefix)
    if (*s++ != *prefix++)
      return 0;
  return 1;
}
