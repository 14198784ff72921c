#include "table.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static int detect(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
    return CK_LEVEL_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return CK_LEVEL_AVX2;
#endif
  return CK_LEVEL_BASE;
}

static const struct ck_table *table_of(int level) {
#if defined(__x86_64__)
  if (level == CK_LEVEL_AVX512) return &ck_table_avx512;
  if (level == CK_LEVEL_AVX2) return &ck_table_avx2;
#endif
  (void)level;
  return &ck_table_base;
}

static int best = CK_LEVEL_BASE, current = CK_LEVEL_BASE;
static const struct ck_table *kernels = &ck_table_base;

/* Before main and before any thread: later reads need no lock. */
__attribute__((constructor)) static void choose(void) {
  best = detect();
  ck_set_level(best);
}

int ck_best_level(void) { return best; }
int ck_level(void) { return current; }
void ck_set_level(int level) {
  current = level < CK_LEVEL_BASE ? CK_LEVEL_BASE : level > best ? best : level;
  kernels = table_of(current);
}

int ck_is_optimized(void) {
#ifdef __OPTIMIZE__
  return 1;
#else
  return 0;
#endif
}

void ck_flush_denormals(void) {
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ull << 24)));
#endif
}

void ck_pause(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#define CK_RETURN_void
#define CK_RETURN_float return
#define CK_RETURN_double return
#define CK_FORWARD(name, result, parameters, arguments) \
  result ck_##name parameters { CK_RETURN_##result kernels->name arguments; }
CK_KERNELS(CK_FORWARD)
