// The few string functions that a freestanding compiler and we need.
#include "shim.h"
void *memset(void *to, int value, size_t n) {
  void *at = to;
  asm volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(value) : "memory");
  return to;
}
void *memcpy(void *to, const void *from, size_t n) {
  void *at = to;
  size_t words = n / 8;
  asm volatile("rep movsq; mov %3, %2; rep movsb" : "+D"(at), "+S"(from), "+c"(words) : "r"(n % 8) : "memory");
  return to;
}
void *memmove(void *to, const void *from, size_t n) {
  if ((u64)to - (u64)from >= n) return memcpy(to, from, n);
  for (u64 *t = to + n, *f = (u64 *)((u8 *)from + n); t > (u64 *)to;) *--t = *--f;  // only arrays of words overlap here
  return to;
}
int memcmp(const void *a, const void *b, size_t n) {
  for (const u8 *x = a, *y = b; n--; x++, y++) if (*x != *y) return *x - *y;
  return 0;
}
size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n]) n++;
  return n;
}
// Whether two strings differ; it looks no further than where they do.
int strcmp(const char *a, const char *b) { return memcmp(a, b, strlen(b) + 1); }
int starts_with(const char *s, const char *prefix) { return !memcmp(s, prefix, strlen(prefix)); }
