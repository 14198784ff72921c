/* Kernels that only move or convert numbers. */
#include <string.h>

#include "CKernels.h"

void ck_gather_rows(const float *table, const int32_t *ids, float *y, long rows, long cols) {
  for (long r = 0; r < rows; r++) memcpy(y + r * cols, table + (long)ids[r] * cols, sizeof(float) * (size_t)cols);
}

void ck_scatter_add_rows(float *table, const int32_t *ids, const float *dy, long rows, long cols, long begin,
                         long end) {
  for (long r = 0; r < rows; r++) {
    float *t = table + (long)ids[r] * cols;
    const float *d = dy + r * cols;
    for (long c = begin; c < end; c++) t[c] += d[c];
  }
}

void ck_bf16_to_f32(const uint16_t *x, float *y, long n) {
  for (long i = 0; i < n; i++) {
    uint16_t half;
    memcpy(&half, (const char *)x + 2 * i, 2); /* the source may be unaligned */
    uint32_t bits = (uint32_t)half << 16;
    memcpy(y + i, &bits, 4);
  }
}

static inline uint32_t bf16(const float *x) {
  uint32_t bits;
  memcpy(&bits, x, 4);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  uint32_t nan = (bits >> 16) | 0x40u;
  return (bits & 0x7fffffffu) > 0x7f800000u ? nan : rounded;
}

void ck_f32_to_bf16(const float *x, uint16_t *y, long n) {
  for (long i = 0; i < n; i++) y[i] = (uint16_t)bf16(x + i);
}

void ck_pack_bf16(const float *w, long ldw, long k, long begin, long end, uint32_t *panels) {
  for (long j = begin; j < end; j += 32) {
    uint32_t *to = panels + j / 32 * 16 * k;
    for (long q = 0; q < 16; q++) {
      const float *low = j + q < end ? w + (j + q) * ldw : 0, *high = j + 16 + q < end ? w + (j + 16 + q) * ldw : 0;
      for (long p = 0; p < k; p++) to[p * 16 + q] = (low ? bf16(low + p) : 0) | (high ? bf16(high + p) : 0) << 16;
    }
  }
}

void ck_pack_int8(const float *w, long ldw, long k, long begin, long end, int8_t *panels, float *scales) {
  for (long j = begin; j < end; j += 32) {
    int8_t *to = panels + j * k;
    for (long q = 0; q < 32; q++) {
      if (j + q >= end) {
        scales[j + q] = 0.0f;
        for (long p = 0; p < k; p++) to[p * 32 + q] = 0;
        continue;
      }
      const float *row = w + (j + q) * ldw;
      float largest = 0.0f;
      for (long p = 0; p < k; p++) {
        float size = row[p] < 0.0f ? -row[p] : row[p];
        if (size > largest) largest = size;
      }
      scales[j + q] = largest / 127.0f;
      const float inverse = largest > 0.0f ? 127.0f / largest : 0.0f;
      for (long p = 0; p < k; p++) {
        /* Adding and taking away 1.5 * 2^23 rounds to nearest even. */
        const float rounded = (row[p] * inverse + 12582912.0f) - 12582912.0f;
        to[p * 32 + q] = (int8_t)(rounded > 127.0f ? 127.0f : rounded < -127.0f ? -127.0f : rounded);
      }
    }
  }
}

void ck_f16_to_f32(const uint16_t *x, float *y, long n) {
  for (long i = 0; i < n; i++) {
    uint16_t h;
    memcpy(&h, (const char *)x + 2 * i, 2);
    uint32_t sign = (uint32_t)(h & 0x8000u) << 16, exponent = (h >> 10) & 31u, mantissa = h & 1023u, bits;
    if (exponent == 31) {
      bits = sign | 0x7f800000u | (mantissa << 13);
    } else if (exponent != 0) {
      bits = sign | ((exponent + 112) << 23) | (mantissa << 13);
    } else if (mantissa == 0) {
      bits = sign;
    } else { /* subnormal half: normalise */
      int shift = __builtin_clz(mantissa) - 21;
      bits = sign | ((uint32_t)(113 - shift) << 23) | ((mantissa << (shift + 13)) & 0x7fffffu);
    }
    memcpy(y + i, &bits, 4);
  }
}
