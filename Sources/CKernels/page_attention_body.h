/* ck_page_attention for one instruction set; LEVEL(name) makes its names unique. Vectors are 16 floats on all levels
 * (the compiler splits them), so every level adds in the same order. */

#define INLINE static inline __attribute__((always_inline))
#pragma clang fp contract(fast)

INLINE v16 LEVEL(load)(const float *p) {
  v16 r;
  memcpy(&r, p, sizeof r);
  return r;
}
INLINE void LEVEL(store)(float *p, v16 x) { memcpy(p, &x, sizeof x); }

/* As v_exp in vector.h; exactly 0 below -87. */
INLINE v16 LEVEL(exponential)(v16 x0) {
  const v16 low = (v16)(-87.0f), high = (v16)(88.0f), magic = (v16)(12582912.0f);
  v16 x = x0 < low ? low : x0;
  x = x > high ? high : x;
  v16 n = x * 1.44269504088896341f + magic, nf = n - magic;
  v16 r = nf * -0.693359375f + x;
  r = nf * 2.12194440e-4f + r;
  v16 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  v16 y = (p * (r * r) + r) + 1.0f;
  i16 bits = (i16)y + ((i16)n << 23);
  return x0 < low ? (v16)(0.0f) : (v16)bits;
}

/* scores[g][16 page + lane] for G query heads and P pages from `first` on. */
INLINE void LEVEL(score)(const struct ck_page_attention *a, long g0, long first, long stride, const int G,
                         const int P) {
  const float *q = a->queries + g0 * a->dim;
  const float *keys[4];
  v16 sum[4][4];
#pragma clang loop unroll(full)
  for (int p = 0; p < P; p++) keys[p] = a->table[first + p] + a->offset;
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) sum[g][p] = (v16)(0.0f);
  for (long d = 0; d < a->dim; d++) {
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) {
      v16 k = LEVEL(load)(keys[p] + d * 16);
#pragma clang loop unroll(full)
      for (int g = 0; g < G; g++) sum[g][p] = k * q[g * a->dim + d] + sum[g][p];
    }
  }
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int p = 0; p < P; p++) LEVEL(store)(a->scores + (g0 + g) * stride + (first + p) * 16, sum[g][p]);
}

/* out[g][d0 ..< d0 + 16 W] for G query heads: even and odd positions add up apart, so that sums overlap. */
INLINE void LEVEL(mix)(const struct ck_page_attention *a, long g0, long d0, long pages, long stride,
                       const float *inverse, const int G, const int W) {
  v16 sum[2][4][2];
  const float *s = a->scores + g0 * stride;
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int w = 0; w < W; w++) sum[0][g][w] = sum[1][g][w] = (v16)(0.0f);
  for (long page = 0; page < pages; page++) {
    const float *v = a->table[page] + a->offset + 16 * a->dim + d0;
    const float *sp = s + page * 16;
    long end = page < a->prefix_pages ? a->prefix_count - page * 16 : a->own_count - (page - a->prefix_pages) * 16;
    if (end > 16) end = 16;
    long t = 0;
    for (; t + 2 <= end; t += 2) {
#pragma clang loop unroll(full)
      for (int h = 0; h < 2; h++)
#pragma clang loop unroll(full)
        for (int w = 0; w < W; w++) {
          v16 x = LEVEL(load)(v + (t + h) * a->dim + 16 * w);
#pragma clang loop unroll(full)
          for (int g = 0; g < G; g++) sum[h][g][w] = x * sp[g * stride + t + h] + sum[h][g][w];
        }
    }
    if (t < end) {
#pragma clang loop unroll(full)
      for (int w = 0; w < W; w++) {
        v16 x = LEVEL(load)(v + t * a->dim + 16 * w);
#pragma clang loop unroll(full)
        for (int g = 0; g < G; g++) sum[0][g][w] = x * sp[g * stride + t] + sum[0][g][w];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int g = 0; g < G; g++)
#pragma clang loop unroll(full)
    for (int w = 0; w < W; w++)
      LEVEL(store)(a->out + (g0 + g) * a->dim + d0 + 16 * w, (sum[0][g][w] + sum[1][g][w]) * inverse[g]);
}

/* Columns that fill no vector. */
INLINE void LEVEL(mix_rest)(const struct ck_page_attention *a, long g0, long d0, long pages, long stride,
                            const float *inverse, const int G) {
  for (int g = 0; g < G; g++)
    for (long d = d0; d < a->dim; d++) {
      float sum = 0;
      for (long page = 0; page < pages; page++) {
        const float *v = a->table[page] + a->offset + 16 * a->dim + d;
        const float *sp = a->scores + (g0 + g) * stride + page * 16;
        long end = page < a->prefix_pages ? a->prefix_count - page * 16 : a->own_count - (page - a->prefix_pages) * 16;
        if (end > 16) end = 16;
        for (long t = 0; t < end; t++) sum += v[t * a->dim] * sp[t];
      }
      a->out[(g0 + g) * a->dim + d] = sum * inverse[g];
    }
}

/* In place on one head's scores; returns 1 / sum. */
INLINE float LEVEL(normalise)(const struct ck_page_attention *a, float *s, long pages) {
  const float none = -1e30f;
  for (long i = a->prefix_count; i < a->prefix_pages * 16; i++) s[i] = none;
  for (long i = a->prefix_pages * 16 + a->own_count; i < pages * 16; i++) s[i] = none;
  v16 best = LEVEL(load)(s);
  for (long p = 1; p < pages; p++) {
    v16 x = LEVEL(load)(s + p * 16);
    best = x > best ? x : best;
  }
  float top = best[0];
  for (int i = 1; i < 16; i++) top = best[i] > top ? best[i] : top;
  v16 sum = (v16)(0.0f);
  const float shift = -top * a->scale;
  for (long p = 0; p < pages; p++) {
    v16 e = LEVEL(exponential)(LEVEL(load)(s + p * 16) * a->scale + shift);
    LEVEL(store)(s + p * 16, e);
    sum += e;
  }
  float lanes[16];
  LEVEL(store)(lanes, sum);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return 1.0f / lanes[0];
}

INLINE void LEVEL(heads)(const struct ck_page_attention *a, long g0, long pages, long stride, const int G) {
  const int P = G <= 2 ? 4 : 2;
  long page = 0;
  for (; page + P <= pages; page += P) LEVEL(score)(a, g0, page, stride, G, P);
  for (; page < pages; page++) LEVEL(score)(a, g0, page, stride, G, 1);
  float inverse[4];
  for (int g = 0; g < G; g++) inverse[g] = LEVEL(normalise)(a, a->scores + (g0 + g) * stride, pages);
  long d = 0;
  for (; d + 32 <= a->dim; d += 32) LEVEL(mix)(a, g0, d, pages, stride, inverse, G, 2);
  for (; d + 16 <= a->dim; d += 16) LEVEL(mix)(a, g0, d, pages, stride, inverse, G, 1);
  if (d < a->dim) LEVEL(mix_rest)(a, g0, d, pages, stride, inverse, G);
}

static void LEVEL(page_attention)(const struct ck_page_attention *a) {
  const long pages = a->prefix_pages + (a->own_count + 15) / 16, stride = pages * 16;
  if (pages == 0) return;
  long g = 0;
  for (; g + 4 <= a->group; g += 4) LEVEL(heads)(a, g, pages, stride, 4);
  if (a->group - g == 3) LEVEL(heads)(a, g, pages, stride, 3);
  if (a->group - g == 2) LEVEL(heads)(a, g, pages, stride, 2);
  if (a->group - g == 1) LEVEL(heads)(a, g, pages, stride, 1);
}

#undef INLINE
