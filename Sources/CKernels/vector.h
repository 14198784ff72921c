/* Vector words of one instruction set. The including file defines CK_LANES (floats per vector) and CK_FMA (1 where
 * fused multiply-add is one instruction; elsewhere it would be a call). */
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

typedef float vf __attribute__((ext_vector_type(CK_LANES)));
typedef int32_t vi __attribute__((ext_vector_type(CK_LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE vf v_load(const float *p) {
  vf r;
  memcpy(&r, p, sizeof r);
  return r;
}
INLINE void v_store(float *p, vf x) { memcpy(p, &x, sizeof x); }
INLINE vf v_set(float x) { return (vf)(x); }
INLINE vf v_fma(vf a, vf b, vf c) {
#if CK_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
/* Where a comparison is with NaN the second operand wins, so NaN as second operand is kept. */
INLINE vf v_max(vf a, vf b) { return a > b ? a : b; }
INLINE vf v_min(vf a, vf b) { return a < b ? a : b; }

typedef float f4 __attribute__((ext_vector_type(4)));
typedef float f8 __attribute__((ext_vector_type(8)));

/* The sum of the lanes, halves first. */
INLINE float v_sum4(f4 x) { return (x.x + x.z) + (x.y + x.w); }
INLINE float v_highest4(f4 x) {
  float a = x.x > x.z ? x.x : x.z, b = x.y > x.w ? x.y : x.w;
  return a > b ? a : b;
}
#if CK_LANES == 16
INLINE float v_sum(vf x) {
  f8 a = x.lo + x.hi;
  return v_sum4(a.lo + a.hi);
}
INLINE float v_highest(vf x) {
  f8 a = x.lo > x.hi ? x.lo : x.hi;
  return v_highest4(a.lo > a.hi ? a.lo : a.hi);
}
#elif CK_LANES == 8
INLINE float v_sum(vf x) { return v_sum4(x.lo + x.hi); }
INLINE float v_highest(vf x) { return v_highest4(x.lo > x.hi ? x.lo : x.hi); }
#else
INLINE float v_sum(vf x) { return v_sum4(x); }
INLINE float v_highest(vf x) { return v_highest4(x); }
#endif

/* The first n < CK_LANES floats, the rest filled with `rest`. */
INLINE vf v_load_part(const float *p, long n, float rest) {
  float lanes[CK_LANES];
  for (int i = 0; i < CK_LANES; i++) lanes[i] = i < n ? p[i] : rest;
  return v_load(lanes);
}
INLINE void v_store_part(float *p, vf x, long n) {
  float lanes[CK_LANES];
  v_store(lanes, x);
  for (int i = 0; i < n; i++) p[i] = lanes[i];
}

/* exp by Cephes' polynomial after rounding x / ln 2 with the 1.5 * 2^23 trick; exactly 0 below -87 (no subnormals). */
INLINE vf v_exp(vf x0) {
  const vf magic = v_set(12582912.0f);
  vf x = v_min(v_set(88.0f), v_max(v_set(-87.0f), x0));
  vf n = v_fma(x, v_set(1.44269504088896341f), magic);
  vf nf = n - magic;
  vf r = v_fma(nf, v_set(-0.693359375f), x);
  r = v_fma(nf, v_set(2.12194440e-4f), r);
  vf p = v_set(1.9875691500e-4f);
  p = v_fma(p, r, v_set(1.3981999507e-3f));
  p = v_fma(p, r, v_set(8.3334519073e-3f));
  p = v_fma(p, r, v_set(4.1665795894e-2f));
  p = v_fma(p, r, v_set(1.6666665459e-1f));
  p = v_fma(p, r, v_set(5.0000001201e-1f));
  vf y = v_fma(p, r * r, r) + v_set(1.0f);
  vi bits = (vi)y + ((vi)n << 23);
  vf e = (vf)bits;
  return x0 < v_set(-87.0f) ? v_set(0.0f) : e;
}
