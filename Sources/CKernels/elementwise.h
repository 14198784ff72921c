/* Elementwise kernels, sums and the optimiser. */
#pragma once
#include "vector.h"

static void scale(float s, const float *x, float *y, long n, int accumulate) {
  long i = 0;
  if (accumulate) {
    for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_fma(v_set(s), v_load(x + i), v_load(y + i)));
    for (; i < n; i++) y[i] += s * x[i];
  } else {
    for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_set(s) * v_load(x + i));
    for (; i < n; i++) y[i] = s * x[i];
  }
}

static void add(const float *a, const float *b, float *y, long n) {
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_load(a + i) + v_load(b + i));
  for (; i < n; i++) y[i] = a[i] + b[i];
}

static void multiply(const float *a, const float *b, float *y, long n, int accumulate) {
  long i = 0;
  if (accumulate) {
    for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_fma(v_load(a + i), v_load(b + i), v_load(y + i)));
    for (; i < n; i++) y[i] += a[i] * b[i];
  } else {
    for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_load(a + i) * v_load(b + i));
    for (; i < n; i++) y[i] = a[i] * b[i];
  }
}

static void add_bias(float *y, const float *bias, long rows, long cols) {
  for (long r = 0; r < rows; r++) add(y + r * cols, bias, y + r * cols, cols);
}

static void column_sums(const float *x, long rows, long cols, float *y) {
  for (long r = 0; r < rows; r++) add(x + r * cols, y, y, cols);
}

static double sum_squares(const float *x, long n) {
  /* Float lanes over short runs, then double: exact enough for a norm, and vectorised. */
  double total = 0;
  long i = 0;
  while (i + CK_LANES <= n) {
    long end = i + 64 * CK_LANES;
    vf s = v_set(0.0f);
    for (; i + CK_LANES <= n && i < end; i += CK_LANES) {
      vf a = v_load(x + i);
      s = v_fma(a, a, s);
    }
    total += (double)v_sum(s);
  }
  for (; i < n; i++) total += (double)x[i] * (double)x[i];
  return total;
}

static void exponential(const float *x, float *y, long n) {
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_exp(v_load(x + i)));
  if (i < n) v_store_part(y + i, v_exp(v_load_part(x + i, n - i, 0.0f)), n - i);
}

static float highest(const float *x, long n) {
  long i = 0;
  vf best = v_set(-INFINITY);
  for (; i + CK_LANES <= n; i += CK_LANES) best = v_max(best, v_load(x + i));
  if (i < n) best = v_max(best, v_load_part(x + i, n - i, -INFINITY));
  return v_highest(best);
}

static float softmax(const float *x, float *y, long n, float scale) {
  /* scale > 0 */
  float top = highest(x, n) * scale;
  vf sum = v_set(0.0f);
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) {
    vf e = v_exp(v_fma(v_load(x + i), v_set(scale), v_set(-top)));
    sum += e;
    v_store(y + i, e);
  }
  if (i < n) {
    vf e = v_exp(v_fma(v_load_part(x + i, n - i, -INFINITY), v_set(scale), v_set(-top)));
    sum += e;
    v_store_part(y + i, e, n - i);
  }
  float total = v_sum(sum), inverse = 1.0f / total;
  for (i = 0; i + CK_LANES <= n; i += CK_LANES) v_store(y + i, v_load(y + i) * v_set(inverse));
  for (; i < n; i++) y[i] *= inverse;
  return top + logf(total);
}

INLINE vf v_sigmoid(vf x) { return v_set(1.0f) / (v_set(1.0f) + v_exp(-x)); }

static void swiglu_forward(const float *g, const float *u, float *y, long n) {
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) {
    vf a = v_load(g + i);
    v_store(y + i, a * v_sigmoid(a) * v_load(u + i));
  }
  if (i < n) {
    vf a = v_load_part(g + i, n - i, 0.0f);
    v_store_part(y + i, a * v_sigmoid(a) * v_load_part(u + i, n - i, 0.0f), n - i);
  }
}

static void swiglu_backward(const float *g, const float *u, const float *dy, float *dg, float *du, long n,
                            int accumulate_g, int accumulate_u) {
  for (long i = 0; i < n; i += CK_LANES) {
    long k = n - i;
    int whole = k >= CK_LANES;
    vf a = whole ? v_load(g + i) : v_load_part(g + i, k, 0.0f);
    vf b = whole ? v_load(u + i) : v_load_part(u + i, k, 0.0f);
    vf d = whole ? v_load(dy + i) : v_load_part(dy + i, k, 0.0f);
    vf s = v_sigmoid(a);
    vf silu = a * s;
    if (du) {
      vf r = d * silu;
      if (whole) {
        v_store(du + i, accumulate_u ? v_load(du + i) + r : r);
      } else {
        v_store_part(du + i, accumulate_u ? v_load_part(du + i, k, 0.0f) + r : r, k);
      }
    }
    if (dg) {
      /* silu'(a) = s (1 + a (1 - s)) = s + silu (1 - s) */
      vf r = d * b * v_fma(silu, v_set(1.0f) - s, s);
      if (whole) {
        v_store(dg + i, accumulate_g ? v_load(dg + i) + r : r);
      } else {
        v_store_part(dg + i, accumulate_g ? v_load_part(dg + i, k, 0.0f) + r : r, k);
      }
    }
  }
}

static void adamw(float *p, const float *g, float *m, float *v, long n, float lr, float beta1, float beta2, float eps,
                  float decay, float correction1, float correction2, float g_scale) {
  const float keep = 1.0f - lr * decay, step = lr * correction1, new1 = 1.0f - beta1, new2 = 1.0f - beta2;
  long i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES) {
    vf a = v_load(g + i) * v_set(g_scale);
    vf mi = v_fma(v_set(beta1), v_load(m + i), v_set(new1) * a);
    vf vi_ = v_fma(v_set(beta2), v_load(v + i), v_set(new2) * a * a);
    v_store(m + i, mi);
    v_store(v + i, vi_);
    vf root = __builtin_elementwise_sqrt(vi_ * v_set(correction2)) + v_set(eps);
    v_store(p + i, v_set(keep) * v_load(p + i) - v_set(step) * mi / root);
  }
  for (; i < n; i++) {
    float a = g[i] * g_scale;
    m[i] = beta1 * m[i] + new1 * a;
    v[i] = beta2 * v[i] + new2 * a * a;
    p[i] = keep * p[i] - step * m[i] / (sqrtf(v[i] * correction2) + eps);
  }
}
