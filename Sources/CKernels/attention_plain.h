/* Causal attention of one head, one query row at a time: the plain kernel that the blocked one is tested against. */
#include "vector.h"

INLINE float dot(const float *a, const float *b, long n) {
  vf s = v_set(0.0f);
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) s = v_fma(v_load(a + i), v_load(b + i), s);
  float t = v_sum(s);
  for (; i < n; i++) t += a[i] * b[i];
  return t;
}

/* The j-th key row that query i attends to, the prefix first. */
INLINE long key_row(const struct ck_attention *a, long j) {
  long prefix = a->prefix_end - a->prefix_begin;
  return j < prefix ? a->prefix_begin + j : a->begin + (j - prefix);
}
INLINE long key_count(const struct ck_attention *a, long i) {
  return (a->prefix_end - a->prefix_begin) + (i - a->begin + 1);
}

static void attention_plain_forward(const struct ck_attention *a, float *scores) {
  for (long i = a->q_begin; i < a->q_end; i++) {
    const long n = key_count(a, i);
    const float *q = a->q + i * a->q_stride;
    for (long j = 0; j < n; j++) scores[j] = dot(q, a->k + key_row(a, j) * a->kv_stride, a->dim);
    a->lse[i * a->lse_stride] = softmax(scores, scores, n, a->scale);
    float *o = a->out + i * a->q_stride;
    memset(o, 0, sizeof(float) * (size_t)a->dim);
    for (long j = 0; j < n; j++) scale(scores[j], a->v + key_row(a, j) * a->kv_stride, o, a->dim, 1);
  }
}

/* With p = softmax(scale q k), D = dout . out: dv += p dout, ds = p (dout . v - D) scale, dq += ds k, dk += ds q. */
static void attention_plain_backward(const struct ck_attention *a, float *scores) {
  (void)scores;
  for (long i = a->q_begin; i < a->q_end; i++) {
    const long n = key_count(a, i);
    const float *q = a->q + i * a->q_stride, *d = a->dout + i * a->q_stride;
    float *dq = a->dq + i * a->q_stride;
    const float lse = a->lse[i * a->lse_stride], total = dot(d, a->out + i * a->q_stride, a->dim);
    for (long j = 0; j < n; j++) {
      const long row = key_row(a, j) * a->kv_stride;
      float p = expf(a->scale * dot(q, a->k + row, a->dim) - lse);
      float ds = p * (dot(d, a->v + row, a->dim) - total) * a->scale;
      scale(p, d, a->dv + row, a->dim, 1);
      scale(ds, a->k + row, dq, a->dim, 1);
      scale(ds, q, a->dk + row, a->dim, 1);
    }
  }
}
