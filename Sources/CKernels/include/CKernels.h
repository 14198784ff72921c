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
/* The level in use on this thread: the best one unless STEP_SRPO_KERNELS or the next function says otherwise. */
int ck_level(void);
/* Chooses a level for the calling thread only (tests compare levels); one above the best becomes the best, a negative
 * one takes the choice back. */
void ck_use_level_on_this_thread(int level);
/* Whether the C code was built with optimisation (SwiftPM's release configuration). */
int ck_is_optimized(void);
/* Treats subnormal numbers as zero on this thread (they cost an order of magnitude in speed); returns the control
 * word of before, for ck_restore_control. */
uint64_t ck_flush_denormals(void);
void ck_restore_control(uint64_t control);
/* Tells the processor that this is a spin loop. */
void ck_pause(void);

/* Rows that gemm_columns works on at a time. */
enum { CK_COLUMNS_BLOCK = 256 };

/* Floats of work space for gemm_columns. */
static inline long ck_columns_work(long n) {
  return (n + 31) / 32 * (32 * CK_COLUMNS_BLOCK + 16);
}

/* ---- the kernels: name, result, parameters, arguments ---- */

struct ck_attention;

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
  /* ---- products; see gemm.h ---- */                                                                                \
  /* c[m,n] (= or +=) a[m,k] b, b packed into panels of 32 columns; any cut of m and n gives the same bits */         \
  K(gemm_rows, void,                                                                                                  \
    (const float *a, long lda, long m, const float *panels, long k, long n, float *c, long ldc, int accumulate),      \
    (a, lda, m, panels, k, n, c, ldc, accumulate))                                                                    \
  /* The same with panels of bfloat16 pairs (ck_pack_bf16) */                                                         \
  K(gemm_rows_bf16, void,                                                                                             \
    (const float *a, long lda, long m, const uint32_t *panels, long k, long n, float *c, long ldc, int accumulate),   \
    (a, lda, m, panels, k, n, c, ldc, accumulate))                                                                    \
  /* The same with panels of bytes (ck_pack_int8) and a scale for each column, padded to whole panels */             \
  K(gemm_rows_int8, void,                                                                                            \
    (const float *a, long lda, long m, const int8_t *panels, const float *scales, long k, long n, float *c, long ldc, \
     int accumulate),                                                                                                \
    (a, lda, m, panels, scales, k, n, c, ldc, accumulate))                                                           \
  /* c[m,n] (= or +=) a[k,m]^T b[k,n]; work: ck_columns_work(n) floats */                                          \
  K(gemm_columns, void,                                                                                               \
    (const float *a, long lda, const float *b, long ldb, long m, long n, long k, float *c, long ldc, int accumulate,  \
     float *work),                                                                                                    \
    (a, lda, b, ldb, m, n, k, c, ldc, accumulate, work))                                                              \
  /* The panels of columns [begin, end) of b[k,n]; begin is a multiple of 32. Panel j stands at panels + 32 j k. */   \
  K(pack_rows, void, (const float *b, long ldb, long k, long begin, long end, float *panels),                         \
    (b, ldb, k, begin, end, panels))                                                                                  \
  /* The panels of w[n,k] transposed, rows [begin, end) of w */                                                       \
  K(pack_transposed, void, (const float *w, long ldw, long k, long begin, long end, float *panels),                   \
    (w, ldw, k, begin, end, panels))                                                                                  \
  /* Causal attention of the heads that share a key head; see ck_attention. The plain kernels (a row at a time) need \
   * as much work space as there are keys, the others ck_attention_work floats. */                                    \
  K(attention_plain_forward, void, (const struct ck_attention *a, float *work), (a, work))                            \
  K(attention_plain_backward, void, (const struct ck_attention *a, float *work), (a, work))                           \
  K(attention_forward, void, (const struct ck_attention *a, float *work), (a, work))                                  \
  K(attention_backward, void, (const struct ck_attention *a, float *work), (a, work))

/* Query rows of one segment, for the `group` query heads that share a key head. Rows of q, out, dq, dout are q_stride
 * floats apart, those of k, v, dk, dv kv_stride, those of lse lse_stride; the pointers point at row 0 of the first
 * head's column, the next head of the group is `dim` floats (in lse: 1) further. Query row i attends to keys
 * [prefix_begin, prefix_end) and then [begin, i]. Forward writes out and lse for the query rows [q_begin, q_end);
 * backward writes dq there (or adds to it) and adds to dk and dv. */
struct ck_attention {
  const float *q, *k, *v;
  float *out, *lse;
  const float *dout;
  float *dq, *dk, *dv;
  long q_stride, kv_stride, lse_stride;
  long begin, q_begin, q_end, prefix_begin, prefix_end;
  long group, dim;
  float scale;
  int accumulate_q;
};

/* Query rows that attention works on at a time. */
enum { CK_QUERIES = 48 };

/* Floats of work space for attention over at most `keys` keys. */
static inline long ck_attention_work(long keys, long dim) {
  long wide = (keys + 31) / 32 * 32, across = (dim + 31) / 32 * 32;
  return wide * (3 * dim + 3 * across) + 2 * CK_QUERIES * (across + wide) + 64;
}

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

/* Panels of w[n,k] transposed for gemm_rows_bf16, rows [begin, end) of w, begin a multiple of 32: panel j stands at
 * panels + 16 k j / 32; word q of each k holds columns q (low half) and 16 + q. */
void ck_pack_bf16(const float *w, long ldw, long k, long begin, long end, uint32_t *panels);

/* Panels of w[n,k] transposed for gemm_rows_int8, rows [begin, end) of w, begin a multiple of 32: panel j stands at
 * panels + k j; each k has its 32 columns. A row's scale is its largest magnitude / 127; scales beyond end are 0. */
void ck_pack_int8(const float *w, long ldw, long k, long begin, long end, int8_t *panels, float *scales);

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
