#include <math.h>

#include "CKernels.h"

/* Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011). */
struct ck_block ck_philox(uint64_t counter_low, uint64_t counter_high, uint64_t key) {
  uint32_t c0 = (uint32_t)counter_low, c1 = (uint32_t)(counter_low >> 32);
  uint32_t c2 = (uint32_t)counter_high, c3 = (uint32_t)(counter_high >> 32);
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)c0 * 0xD2511F53u, b = (uint64_t)c2 * 0xCD9E8D57u;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)b;
    c3 = (uint32_t)a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  struct ck_block block = {(uint64_t)c1 << 32 | c0, (uint64_t)c3 << 32 | c2};
  return block;
}

void ck_fill_gaussian(float *y, long n, float deviation, uint64_t first, uint64_t counter_high, uint64_t key) {
  for (long i = 0; i < n; i++) {
    double u = (double)(ck_philox(first + 2 * (uint64_t)i, counter_high, key).low >> 11) * 0x1p-53;
    double v = (double)(ck_philox(first + 2 * (uint64_t)i + 1, counter_high, key).low >> 11) * 0x1p-53;
    y[i] = (float)(sqrt(-2.0 * log(1.0 - u)) * cos(6.283185307179586 * v)) * deviation;
  }
}
