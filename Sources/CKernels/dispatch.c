#include <stdlib.h>
#include <string.h>

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

static int best = CK_LEVEL_BASE, chosen = CK_LEVEL_BASE;
static const struct ck_table *kernels = &ck_table_base;
/* What a test has chosen for its own thread; NULL otherwise. */
static _Thread_local const struct ck_table *own;
static _Thread_local int own_level;

static int clamped(int level) { return level < CK_LEVEL_BASE ? CK_LEVEL_BASE : level > best ? best : level; }

/* Before main and before any thread: later reads need no lock. STEP_SRPO_KERNELS (base, avx2, avx512) lowers the level
 * of the whole process. */
__attribute__((constructor)) static void choose(void) {
  best = detect();
  const char *wish = getenv("STEP_SRPO_KERNELS");
  chosen = best;
  if (wish && strcmp(wish, "base") == 0) chosen = CK_LEVEL_BASE;
  if (wish && strcmp(wish, "avx2") == 0) chosen = clamped(CK_LEVEL_AVX2);
  kernels = table_of(chosen);
}

int ck_best_level(void) { return best; }
int ck_level(void) { return own ? own_level : chosen; }
void ck_use_level_on_this_thread(int level) {
  own_level = clamped(level);
  own = level < 0 ? NULL : table_of(own_level);
}

int ck_is_optimized(void) {
#ifdef __OPTIMIZE__
  return 1;
#else
  return 0;
#endif
}

uint64_t ck_flush_denormals(void) {
#if defined(__x86_64__)
  uint32_t control = _mm_getcsr();
  _mm_setcsr(control | 0x8040);
  return control;
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ull << 24)));
  return control;
#else
  return 0;
#endif
}

void ck_restore_control(uint64_t control) {
#if defined(__x86_64__)
  _mm_setcsr((uint32_t)control);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
#else
  (void)control;
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
  result ck_##name parameters { CK_RETURN_##result(own ? own : kernels)->name arguments; }
CK_KERNELS(CK_FORWARD)
