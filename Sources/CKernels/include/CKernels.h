/* Numeric kernels of TensorCore. Each has one source (the headers beside this folder, written with portable vector
 * types) compiled once per instruction set, and is dispatched at run time. No kernel allocates, locks or starts a
 * thread; each is a pure function of its arguments, so that callers decide the partition of work. */
#pragma once
#include <stdint.h>

#include "page_attention.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- dispatch ---- */

enum { CK_LEVEL_BASE = 0, CK_LEVEL_AVX2 = 1, CK_LEVEL_AVX512 = 2 };

/* The best level of this processor (base is SSE2 on x86-64 and NEON on arm64). */
int ck_best_level(void);
/* The level in use; the best one unless `ck_set_level` chose another (tests compare levels). */
int ck_level(void);
/* Chooses a level; one above the best becomes the best. Not to be called while kernels run. */
void ck_set_level(int level);
/* Whether the C code was built with optimisation (SwiftPM's release configuration). */
int ck_is_optimized(void);
/* Treats subnormal numbers as zero on this thread (they cost an order of magnitude in speed). */
void ck_flush_denormals(void);
/* Tells the processor that this is a spin loop. */
void ck_pause(void);

/* ---- the kernels: name, result, parameters, arguments ---- */

#define CK_KERNELS(K)                                                                                                 \
  /* y = s x, or y += s x */                                                                                          \
  K(scale, void, (float s, const float *x, float *y, long n, int accumulate), (s, x, y, n, accumulate))              \
  /* y = a + b */                                                                                                     \
  K(add, void, (const float *a, const float *b, float *y, long n), (a, b, y, n))                                      \
  /* y = a b, or y += a b, elementwise */                                                                             \
  K(multiply, void, (const float *a, const float *b, float *y, long n, int accumulate), (a, b, y, n, accumulate))    \
  /* y[r,:] += bias */                                                                                                \
  K(add_bias, void, (float *y, const float *bias, long rows, long cols), (y, bias, rows, cols))                       \
  /* y[c] += sum over rows of x[r,c], the rows in order */                                                            \
  K(column_sums, void, (const float *x, long rows, long cols, float *y), (x, rows, cols, y))                          \
  /* sum of squares, accumulated in double */                                                                         \
  K(sum_squares, double, (const float *x, long n), (x, n))                                                            \
  /* y = exp(x); relative error about 1e-7; exactly 0 below -87 */                                                    \
  K(exponential, void, (const float *x, float *y, long n), (x, y, n))                                                 \
  /* y = softmax(x * scale); returns the log-sum-exp of x * scale. x and y may be the same. */                        \
  K(softmax, float, (const float *x, float *y, long n, float scale), (x, y, n, scale))                                \
  /* y[r,:] = x[r,:] inverse[r] w, inverse[r] = 1/sqrt(mean(x^2) + eps); inverse may be NULL */                       \
  K(rms_forward, void,                                                                                                \
    (const float *x, const float *w, float *y, float *inverse, long rows, long cols, float eps),                      \
    (x, w, y, inverse, rows, cols, eps))                                                                              \
  /* dx (= or +=) and dw (+=, may be NULL) of rms_forward; dx may be NULL */                                          \
  K(rms_backward, void,                                                                                               \
    (const float *x, const float *w, const float *inverse, const float *dy, float *dx, float *dw, long rows,          \
     long cols, int accumulate),                                                                                      \
    (x, w, inverse, dy, dx, dw, rows, cols, accumulate))                                                              \
  /* Rotary embedding, halves rotated: x, y [rows, heads*dim]; cosine, sine [positions, dim/2]; sign -1 inverts.      \
   * y may be x when not accumulating. */                                                                             \
  K(rotary, void,                                                                                                     \
    (const float *x, float *y, const float *cosine, const float *sine, const int32_t *positions, long rows,           \
     long heads, long dim, float sign, int accumulate),                                                               \
    (x, y, cosine, sine, positions, rows, heads, dim, sign, accumulate))                                              \
  /* y = silu(g) u */                                                                                                 \
  K(swiglu_forward, void, (const float *g, const float *u, float *y, long n), (g, u, y, n))                           \
  /* dg (= or +=), du (= or +=), each may be NULL */                                                                  \
  K(swiglu_backward, void,                                                                                            \
    (const float *g, const float *u, const float *dy, float *dg, float *du, long n, int accumulate_g,                 \
     int accumulate_u),                                                                                               \
    (g, u, dy, dg, du, n, accumulate_g, accumulate_u))                                                                \
  /* Rows of logits [rows, n] (row stride ld), scaled by s: log-probability of targets, log-sum-exp and entropy */    \
  K(log_probability_forward, void,                                                                                    \
    (const float *logits, long rows, long n, long ld, const int32_t *targets, float s, float *log_probability,        \
     float *lse, float *entropy),                                                                                     \
    (logits, rows, n, ld, targets, s, log_probability, lse, entropy))                                                 \
  /* Replaces logits by their gradient. d_log_probability and d_entropy may each be NULL. */                          \
  K(log_probability_backward, void,                                                                                   \
    (float *logits, long rows, long n, long ld, const int32_t *targets, float s, const float *lse,                    \
     const float *entropy, const float *d_log_probability, const float *d_entropy),                                   \
    (logits, rows, n, ld, targets, s, lse, entropy, d_log_probability, d_entropy))                                    \
  /* AdamW: the gradient is multiplied by g_scale first; correction1, 2 are 1/(1 - beta^t) */                         \
  K(adamw, void,                                                                                                      \
    (float *p, const float *g, float *m, float *v, long n, float lr, float beta1, float beta2, float eps,             \
     float decay, float correction1, float correction2, float g_scale),                                               \
    (p, g, m, v, n, lr, beta1, beta2, eps, decay, correction1, correction2, g_scale))                                 \
  /* Causal attention of one head over query rows; see attention_plain.h */                                           \
  K(attention_plain_forward, void, (const struct ck_attention *a, float *scores), (a, scores))                        \
  K(attention_plain_backward, void, (const struct ck_attention *a, float *scores), (a, scores))

/* One head of one segment. Rows of q, out, dq, dout are `q_stride` floats apart, those of k, v, dk, dv `kv_stride`;
 * the pointers already point at the head's first column. Query row i attends to keys [prefix_begin, prefix_end) and
 * [begin, i]. Forward writes out and lse for query rows [q_begin, q_end); backward accumulates into dq, dk, dv. */
struct ck_attention {
  const float *q, *k, *v;
  float *out, *lse; /* lse[i * lse_stride] */
  const float *dout;
  float *dq, *dk, *dv;
  long q_stride, kv_stride, lse_stride;
  long begin, q_begin, q_end, prefix_begin, prefix_end;
  long dim;
  float scale;
};

#define CK_DECLARE(name, result, parameters, arguments) result ck_##name parameters;
CK_KERNELS(CK_DECLARE)
#undef CK_DECLARE

/* ---- kernels without vector variants ---- */

/* y[r,:] = table[ids[r],:] */
void ck_gather_rows(const float *table, const int32_t *ids, float *y, long rows, long cols);
/* table[ids[r],:] += dy[r,:], rows in order, columns [begin, end) only */
void ck_scatter_add_rows(float *table, const int32_t *ids, const float *dy, long rows, long cols, long begin, long end);
/* Half-precision formats; bfloat16 rounds to nearest even and keeps NaN. */
void ck_bf16_to_f32(const uint16_t *x, float *y, long n);
void ck_f32_to_bf16(const float *x, uint16_t *y, long n);
void ck_f16_to_f32(const uint16_t *x, float *y, long n);

/* ---- random numbers ---- */

/* One block of Philox 4x32-10 as two 64-bit words, low first: words 0, 1 and words 2, 3. */
struct ck_block {
  uint64_t low, high;
};
struct ck_block ck_philox(uint64_t counter_low, uint64_t counter_high, uint64_t key);
/* y[i] = deviation * normal number i, by Box-Muller from the blocks with counters (first + 2 i), (first + 2 i + 1) */
void ck_fill_gaussian(float *y, long n, float deviation, uint64_t first, uint64_t counter_high, uint64_t key);

#ifdef __cplusplus
}
#endif
