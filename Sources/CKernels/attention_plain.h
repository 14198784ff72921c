/* Causal attention, one query row at a time: the plain kernel that the blocked one is tested against. */
#pragma once
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
  for (long g = 0; g < a->group; g++) {
    for (long i = a->q_begin; i < a->q_end; i++) {
      const long n = key_count(a, i), at = i * a->q_stride + g * a->dim;
      for (long j = 0; j < n; j++) scores[j] = dot(a->q + at, a->k + key_row(a, j) * a->kv_stride, a->dim);
      a->lse[i * a->lse_stride + g] = softmax(scores, scores, n, a->scale);
      float *o = a->out + at;
      memset(o, 0, sizeof(float) * (size_t)a->dim);
      for (long j = 0; j < n; j++) scale(scores[j], a->v + key_row(a, j) * a->kv_stride, o, a->dim, 1);
    }
  }
}

/* With p = softmax(scale q k), D = dout . out: dv += p dout, ds = p (dout . v - D) scale, dq += ds k, dk += ds q. */
static void attention_plain_backward(const struct ck_attention *a, float *scores) {
  (void)scores;
  for (long g = 0; g < a->group; g++) {
    for (long i = a->q_begin; i < a->q_end; i++) {
      const long n = key_count(a, i), at = i * a->q_stride + g * a->dim;
      const float *q = a->q + at, *d = a->dout + at;
      float *dq = a->dq + at;
      if (!a->accumulate_q) memset(dq, 0, sizeof(float) * (size_t)a->dim);
      const float lse = a->lse[i * a->lse_stride + g], total = dot(d, a->out + at, a->dim);
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
}
