/* Causal attention of the query heads that share one key head, in blocks of query rows, by the tiles of gemm.h.
 *
 * For a block of queries the scores of all their keys stand in memory at once ([CK_QUERIES, keys]); keys beyond the
 * block's last query are never touched. Nothing but the log-sum-exp of each row is kept for the backward pass. */
#pragma once
#include "gemm.h"

/* Keys of the segment in the order in which they are attended to: prefix, then the segment's own rows up to q_end. */
INLINE long all_keys(const struct ck_attention *a) {
  return (a->prefix_end - a->prefix_begin) + (a->q_end - a->begin);
}
INLINE long round_up(long n, long step) { return (n + step - 1) / step * step; }

/* Rows of k or v, key by key, without gaps: [keys, dim]. */
static void gather_keys(const struct ck_attention *a, const float *x, float *to) {
  const size_t bytes = sizeof(float) * (size_t)a->dim;
  for (long i = a->prefix_begin; i < a->prefix_end; i++, to += a->dim) memcpy(to, x + i * a->kv_stride, bytes);
  for (long i = a->begin; i < a->q_end; i++, to += a->dim) memcpy(to, x + i * a->kv_stride, bytes);
}

/* The first `valid` of n numbers (n a multiple of the vector) become exp(scale x - shift), the rest 0; their sum. */
static float exponentials(float *x, long valid, long n, float scale, float shift) {
  vf sum = v_set(0.0f);
  long i = 0;
  for (; i + CK_LANES <= valid; i += CK_LANES) {
    vf e = v_exp(v_fma(v_load(x + i), v_set(scale), v_set(-shift)));
    sum += e;
    v_store(x + i, e);
  }
  if (i < valid) {
    vf e = v_exp(v_fma(v_load_part(x + i, valid - i, -INFINITY), v_set(scale), v_set(-shift)));
    sum += e;
    v_store(x + i, e);
    i += CK_LANES;
  }
  for (; i < n; i += CK_LANES) v_store(x + i, v_set(0.0f));
  return v_sum(sum);
}

static void attention_forward(const struct ck_attention *a, float *work) {
  const long dim = a->dim, keys = all_keys(a), wide = round_up(keys, CK_PANEL), prefix = a->prefix_end - a->prefix_begin;
  float *flat = work, *kt = flat + wide * dim, *v = kt + wide * dim;
  float *scores = v + wide * round_up(dim, CK_PANEL);
  gather_keys(a, a->k, flat);
  pack_transposed(flat, dim, dim, 0, keys, kt);
  gather_keys(a, a->v, flat);
  pack_rows(flat, dim, keys, 0, dim, v);
  for (long i = a->q_begin; i < a->q_end; i += CK_QUERIES) {
    const long rows = a->q_end - i < CK_QUERIES ? a->q_end - i : CK_QUERIES;
    const long seen = prefix + i + rows - a->begin, padded = round_up(seen, CK_PANEL);
    for (long g = 0; g < a->group; g++) {
      gemm_rows(a->q + i * a->q_stride + g * dim, a->q_stride, rows, kt, dim, padded, scores, padded, 0);
      float inverse[CK_QUERIES];
      for (long r = 0; r < rows; r++) {
        float *s = scores + r * padded;
        const long valid = prefix + i + r - a->begin + 1;
        const float top = highest(s, valid) * a->scale;
        const float sum = exponentials(s, valid, padded, a->scale, top);
        a->lse[(i + r) * a->lse_stride + g] = top + logf(sum);
        inverse[r] = 1.0f / sum;
      }
      /* The panels of v are `keys` deep; only the first `seen` keys take part. */
      float *out = a->out + i * a->q_stride + g * dim;
      for (long j = 0; j < dim; j += CK_PANEL) {
        const long columns = dim - j < CK_PANEL ? dim - j : CK_PANEL;
        gemm_rows(scores, padded, rows, v + j * keys, seen, columns, out + j, a->q_stride, 0);
      }
      for (long r = 0; r < rows; r++) scale(inverse[r], out + r * a->q_stride, out + r * a->q_stride, dim, 0);
    }
  }
}

/* c[m, wide] += x[k, m]^T panels, where x has row stride ldx; panels [wide/32][k][32], c as [wide/32][m][32]. */
static void add_transposed(const float *x, long ldx, long m, const float *panels, long k, long wide, float *c) {
  for (long j = 0; j < wide; j += CK_PANEL) {
    for (long i = 0; i < m; i += CK_ROWS) {
      const int rows = (int)(m - i < CK_ROWS ? m - i : CK_ROWS);
      tile_full_columns(rows, x + i, ldx, k, panels + j * k, no_scale, c + j * m + i * CK_PANEL, CK_PANEL, 1);
    }
  }
}

/* Adds c ([wide/32][keys][32]) to the rows of the gradient that the keys came from. */
static void scatter_keys(const struct ck_attention *a, const float *c, long keys, float *x) {
  for (long j = 0; j < keys; j++) {
    float *to = x + key_row(a, j) * a->kv_stride;
    for (long d = 0; d < a->dim; d += CK_PANEL) {
      const long columns = a->dim - d < CK_PANEL ? a->dim - d : CK_PANEL;
      const float *from = c + d * keys + j * CK_PANEL;
      for (long e = 0; e < columns; e++) to[d + e] += from[e];
    }
  }
}

static void attention_backward(const struct ck_attention *a, float *work) {
  const long dim = a->dim, keys = all_keys(a), wide = round_up(keys, CK_PANEL), prefix = a->prefix_end - a->prefix_begin;
  const long across = round_up(dim, CK_PANEL);
  float *flat = work, *kt = flat + wide * dim, *vt = kt + wide * dim, *k = vt + wide * dim;
  float *dk = k + wide * across, *dv = dk + wide * across;
  float *q = dv + wide * across, *dout = q + CK_QUERIES * across;
  float *p = dout + CK_QUERIES * across, *ds = p + CK_QUERIES * wide;
  gather_keys(a, a->v, flat);
  pack_transposed(flat, dim, dim, 0, keys, vt);
  gather_keys(a, a->k, flat);
  pack_transposed(flat, dim, dim, 0, keys, kt);
  pack_rows(flat, dim, keys, 0, dim, k);
  memset(dk, 0, sizeof(float) * (size_t)(keys * across));
  memset(dv, 0, sizeof(float) * (size_t)(keys * across));
  for (long i = a->q_begin; i < a->q_end; i += CK_QUERIES) {
    const long rows = a->q_end - i < CK_QUERIES ? a->q_end - i : CK_QUERIES;
    const long seen = prefix + i + rows - a->begin, padded = round_up(seen, CK_PANEL);
    for (long g = 0; g < a->group; g++) {
      const long at = i * a->q_stride + g * dim;
      gemm_rows(a->q + at, a->q_stride, rows, kt, dim, padded, p, padded, 0);
      gemm_rows(a->dout + at, a->q_stride, rows, vt, dim, padded, ds, padded, 0);
      for (long r = 0; r < rows; r++) {
        const long valid = prefix + i + r - a->begin + 1;
        float *pr = p + r * padded, *dr = ds + r * padded;
        exponentials(pr, valid, padded, a->scale, a->lse[(i + r) * a->lse_stride + g]);
        const float total = dot(a->dout + at + r * a->q_stride, a->out + at + r * a->q_stride, dim);
        for (long j = 0; j < padded; j += CK_LANES)
          v_store(dr + j, v_load(pr + j) * (v_load(dr + j) - v_set(total)) * v_set(a->scale));
      }
      for (long j = 0; j < dim; j += CK_PANEL) {
        const long columns = dim - j < CK_PANEL ? dim - j : CK_PANEL;
        gemm_rows(ds, padded, rows, k + j * keys, seen, columns, a->dq + at + j, a->q_stride, a->accumulate_q);
      }
      pack_rows(a->q + at, a->q_stride, rows, 0, dim, q);
      pack_rows(a->dout + at, a->q_stride, rows, 0, dim, dout);
      for (long j = 0; j < across; j += CK_PANEL) {
        add_transposed(ds, padded, seen, q + j * rows, rows, CK_PANEL, dk + j * keys);
        add_transposed(p, padded, seen, dout + j * rows, rows, CK_PANEL, dv + j * keys);
      }
    }
  }
  scatter_keys(a, dk, keys, a->dk);
  scatter_keys(a, dv, keys, a->dv);
}
