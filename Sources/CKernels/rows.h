/* Kernels over rows: normalisation, rotation, log-probabilities. */
#pragma once
#include "vector.h"

static void rms_forward(const float *x, const float *w, float *y, float *inverse, long rows, long cols, float eps) {
  for (long r = 0; r < rows; r++, x += cols, y += cols) {
    vf s = v_set(0.0f);
    long i = 0;
    for (; i + CK_LANES <= cols; i += CK_LANES) {
      vf a = v_load(x + i);
      s = v_fma(a, a, s);
    }
    if (i < cols) {
      vf a = v_load_part(x + i, cols - i, 0.0f);
      s = v_fma(a, a, s);
    }
    float f = 1.0f / sqrtf(v_sum(s) / (float)cols + eps);
    if (inverse) inverse[r] = f;
    for (i = 0; i + CK_LANES <= cols; i += CK_LANES) v_store(y + i, v_load(x + i) * v_set(f) * v_load(w + i));
    for (; i < cols; i++) y[i] = x[i] * f * w[i];
  }
}

/* With h = x f, f the inverse rms, g = dy w: dx = f (g - h mean(g h)), dw = sum over rows of dy h. */
static void rms_backward(const float *x, const float *w, const float *inverse, const float *dy, float *dx, float *dw,
                         long rows, long cols, int accumulate) {
  for (long r = 0; r < rows; r++, x += cols, dy += cols) {
    const float f = inverse[r];
    vf s = v_set(0.0f);
    long i = 0;
    for (; i + CK_LANES <= cols; i += CK_LANES) {
      vf t = v_load(dy + i) * v_load(x + i);
      s = v_fma(t, v_load(w + i), s);
      if (dw) v_store(dw + i, v_fma(t, v_set(f), v_load(dw + i)));
    }
    float tail = 0;
    for (; i < cols; i++) {
      float t = dy[i] * x[i];
      tail += t * w[i];
      if (dw) dw[i] += t * f;
    }
    if (!dx) continue;
    const float c = (v_sum(s) + tail) / (float)cols * f * f * f;
    float *d = dx + r * cols;
    for (i = 0; i + CK_LANES <= cols; i += CK_LANES) {
      vf v = v_load(dy + i) * v_load(w + i) * v_set(f) - v_load(x + i) * v_set(c);
      v_store(d + i, accumulate ? v_load(d + i) + v : v);
    }
    for (; i < cols; i++) {
      float v = dy[i] * w[i] * f - x[i] * c;
      d[i] = accumulate ? d[i] + v : v;
    }
  }
}

static void rotary(const float *x, float *y, const float *cosine, const float *sine, const int32_t *positions,
                   long rows, long heads, long dim, float sign, int accumulate) {
  const long half = dim / 2;
  for (long r = 0; r < rows; r++) {
    const float *c = cosine + (long)positions[r] * half, *s = sine + (long)positions[r] * half;
    for (long h = 0; h < heads; h++, x += dim, y += dim) {
      long i = 0;
      for (; i + CK_LANES <= half; i += CK_LANES) {
        vf a = v_load(x + i), b = v_load(x + half + i), ci = v_load(c + i), si = v_load(s + i) * v_set(sign);
        vf low = a * ci - b * si, high = b * ci + a * si;
        if (accumulate) {
          low += v_load(y + i);
          high += v_load(y + half + i);
        }
        v_store(y + i, low);
        v_store(y + half + i, high);
      }
      for (; i < half; i++) {
        float a = x[i], b = x[half + i], si = s[i] * sign;
        float low = a * c[i] - b * si, high = b * c[i] + a * si;
        y[i] = accumulate ? y[i] + low : low;
        y[half + i] = accumulate ? y[half + i] + high : high;
      }
    }
  }
}

/* With z = s logits, p = softmax(z): entropy = lse - sum p z. */
static void log_probability_forward(const float *logits, long rows, long n, long ld, const int32_t *targets, float s,
                                    float *log_probability, float *lse, float *entropy) {
  for (long r = 0; r < rows; r++, logits += ld) {
    const float top = highest(logits, n) * s;
    vf sum = v_set(0.0f), weighted = v_set(0.0f);
    long i = 0;
    for (; i + CK_LANES <= n; i += CK_LANES) {
      vf z = v_fma(v_load(logits + i), v_set(s), v_set(-top));
      vf e = v_exp(z);
      sum += e;
      weighted = v_fma(e, z, weighted);
    }
    if (i < n) {
      /* -1e30 and not -infinity: 0 * infinity would be NaN */
      vf z = v_fma(v_load_part(logits + i, n - i, -1e30f), v_set(s), v_set(-top));
      vf e = v_exp(z);
      sum += e;
      weighted = v_fma(e, z, weighted);
    }
    const float total = v_sum(sum), log_total = logf(total);
    lse[r] = top + log_total;
    log_probability[r] = (logits[targets[r]] * s - top) - log_total;
    entropy[r] = log_total - v_sum(weighted) / total;
  }
}

/* d logits_j = s (dl (1[j = t] - p_j) - dh p_j (log p_j + entropy)) */
static void log_probability_backward(float *logits, long rows, long n, long ld, const int32_t *targets, float s,
                                     const float *lse, const float *entropy, const float *d_log_probability,
                                     const float *d_entropy) {
  for (long r = 0; r < rows; r++, logits += ld) {
    const float dl = d_log_probability ? d_log_probability[r] * s : 0.0f, dh = d_entropy ? d_entropy[r] * s : 0.0f;
    /* d_j = -p_j (dl + dh (log p_j + entropy)) = -p_j (a + dh log p_j) */
    const float a = dl + dh * entropy[r];
    for (long i = 0; i < n; i += CK_LANES) {
      long k = n - i;
      vf z = k >= CK_LANES ? v_load(logits + i) : v_load_part(logits + i, k, 0.0f);
      vf l = v_fma(z, v_set(s), v_set(-lse[r]));
      vf d = -v_exp(l) * v_fma(v_set(dh), l, v_set(a));
      if (k >= CK_LANES) {
        v_store(logits + i, d);
      } else {
        v_store_part(logits + i, d, k);
      }
    }
    logits[targets[r]] += dl;
  }
}
