/* Matrix products.
 *
 * The right-hand matrix is packed into panels of 32 columns, [k][32], zero-padded. A tile of the result, ROWS rows by
 * two vectors, stays in registers while k runs; each element is one chain of fused multiply-adds in the order of k,
 * whatever the tile's height, so a row's result depends neither on how many rows there are nor on how the work is cut.
 * In a panel the two vectors of a tile are columns s.. and 16 + s.. (the layout that 16-bit panels need). */
#pragma once
#include "vector.h"

#define CK_PANEL 32

/* Where vector registers are few, tiles are lower: ROWS * 2 accumulators, two panel vectors, one broadcast. */
#if CK_LANES == 16 || defined(__aarch64__)
#define CK_ROWS 12
#else
#define CK_ROWS 6
#endif

/* Left-hand elements: row-major rows `rs` floats apart; or transposed, neighbours in a row, `rs` floats from one k to
 * the next. */
enum { LEFT_ROWS, LEFT_COLUMNS };

/* Panels: 32 floats for each k; or 16 words, word j holding columns j (low half) and 16 + j as bfloat16; or 32 bytes,
 * integers to be multiplied by their column's scale. The value is the number of floats' worth of memory for each k. */
enum { RIGHT_F32 = CK_PANEL, RIGHT_BF16 = 16, RIGHT_INT8 = 8 };

typedef int8_t vb __attribute__((ext_vector_type(CK_LANES)));
INLINE vf v_from_bytes(const void *p) {
  vb bytes;
  memcpy(&bytes, p, sizeof bytes);
  return __builtin_convertvector(bytes, vf);
}

/* Hides a value's origin from the optimiser. */
#define CK_OPAQUE(x) __asm__("" : "+r"(x))

/* One tile: rows x (columns s.. and 16 + s..) of a panel, b at its column s. `c` has row stride ldc; loads it first when
 * `resume`. */
INLINE void tile(const int rows, const int left, const int right, const float *a, long rs, long k, const float *b,
                 const float *scale, float *c, long ldc, int resume) {
  vf low[CK_ROWS], high[CK_ROWS];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    low[i] = resume ? v_load(c + i * ldc) : v_set(0.0f);
    high[i] = resume ? v_load(c + i * ldc + 16) : v_set(0.0f);
  }
  if (left == LEFT_COLUMNS) {
#pragma clang loop unroll_count(2)
    for (long p = 0; p < k; p++, a += rs, b += CK_PANEL) {
      const vf b0 = v_load(b), b1 = v_load(b + 16);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        vf x = v_set(a[i]);
        low[i] = v_fma(x, b0, low[i]);
        high[i] = v_fma(x, b1, high[i]);
      }
    }
  } else {
    /* Rows in groups of four off one pointer: [p], [p + rs], [p + 2 rs], [p + rs3]. The compiler must not see that
     * rs3 = 3 rs, or it keeps one pointer for each row and spills them all. */
    const float *a0 = a, *a4 = a + 4 * rs, *a8 = a + 8 * rs;
    long rs3 = 3 * rs;
    const vf scale0 = right == RIGHT_INT8 ? v_load(scale) : v_set(1.0f);
    const vf scale1 = right == RIGHT_INT8 ? v_load(scale + 16) : v_set(1.0f);
    CK_OPAQUE(rs);
    CK_OPAQUE(rs3);
#pragma clang loop unroll(disable)
    for (long p = 0; p < k; p++, b += right) {
      vf b0, b1;
      if (right == RIGHT_INT8) {
        b0 = v_from_bytes(b) * scale0;
        b1 = v_from_bytes((const int8_t *)b + 16) * scale1;
      } else if (right == RIGHT_BF16) {
        b0 = v_load(b);
        const vi pair = (vi)b0;
        b0 = (vf)(pair << 16);
        b1 = (vf)(pair & (vi)((int32_t)0xffff0000));
      } else {
        b0 = v_load(b);
        b1 = v_load(b + 16);
      }
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        const float *base = i < 4 ? a0 : i < 8 ? a4 : a8;
        const long step = (i & 3) == 0 ? 0 : (i & 3) == 1 ? rs : (i & 3) == 2 ? 2 * rs : rs3;
        vf x = v_set(base[step]);
        low[i] = v_fma(x, b0, low[i]);
        high[i] = v_fma(x, b1, high[i]);
      }
      a0++;
      a4++;
      a8++;
      CK_OPAQUE(a0);
      if (rows > 4) CK_OPAQUE(a4);
      if (rows > 8) CK_OPAQUE(a8);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    v_store(c + i * ldc, low[i]);
    v_store(c + i * ldc + 16, high[i]);
  }
}

/* A tile of any height, over the 32 columns of a panel. */
INLINE void tile_rows(int rows, const int left, const int right, const float *a, long rs, long k, const float *b,
                      const float *scale, float *c, long ldc, int resume) {
#pragma clang loop unroll(full)
  for (int s = 0; s < 16; s += CK_LANES) {
    const float *at = right == RIGHT_INT8 ? (const float *)((const int8_t *)b + s) : b + s;
    switch (rows) {
#define CK_CASE(n)                                             \
  case n:                                                      \
    tile(n, left, right, a, rs, k, at, scale + s, c + s, ldc, resume); \
    break;
      CK_CASE(1)
      CK_CASE(2)
      CK_CASE(3)
      CK_CASE(4)
      CK_CASE(5)
      CK_CASE(6)
#if CK_ROWS > 6
      CK_CASE(7)
      CK_CASE(8)
      CK_CASE(9)
      CK_CASE(10)
      CK_CASE(11)
      CK_CASE(12)
#endif
#undef CK_CASE
      default:
        break;
    }
  }
}

/* Tiles of whole panels, one function for each kind of operands. */
#define CK_TILE_FULL(name, left, right)                                                                         \
  static __attribute__((noinline)) void name(int rows, const float *a, long rs, long k, const float *b,         \
                                             const float *scale, float *c, long ldc, int resume) {              \
    tile_rows(rows, left, right, a, rs, k, b, scale, c, ldc, resume);                                           \
  }
CK_TILE_FULL(tile_full_rows, LEFT_ROWS, RIGHT_F32)
CK_TILE_FULL(tile_full_bf16, LEFT_ROWS, RIGHT_BF16)
CK_TILE_FULL(tile_full_int8, LEFT_ROWS, RIGHT_INT8)
CK_TILE_FULL(tile_full_columns, LEFT_COLUMNS, RIGHT_F32)
#undef CK_TILE_FULL
typedef void tile_function(int rows, const float *a, long rs, long k, const float *b, const float *scale, float *c,
                           long ldc, int resume);
/* Where panels have no scales. */
static const float no_scale[CK_PANEL];

/* A tile whose panel has fewer than 32 columns in c: by way of a full tile on the stack. */
static void tile_part(tile_function *whole, int rows, const float *a, long rs, long k, const float *b,
                      const float *scale, float *c, long ldc, long columns, int resume) {
  float full[CK_ROWS * CK_PANEL];
  if (resume) {
    for (int i = 0; i < rows; i++)
      for (long j = 0; j < CK_PANEL; j++) full[i * CK_PANEL + j] = j < columns ? c[i * ldc + j] : 0.0f;
  }
  whole(rows, a, rs, k, b, scale, full, CK_PANEL, resume);
  for (int i = 0; i < rows; i++) memcpy(c + i * ldc, full + i * CK_PANEL, sizeof(float) * (size_t)columns);
}

/* `scales`: one for each column, or NULL. */
INLINE void multiply_rows(tile_function *whole, const int right, const float *a, long lda, long m, const float *panels,
                          const float *scales, long k, long n, float *c, long ldc, int accumulate) {
  /* With many rows a piece of a panel (32 KiB) stays in the first-level cache while all tiles pass; with few, the
   * panels come from memory and are read once, in order. */
  const long block = m > 4 * CK_ROWS ? 256 : k > 0 ? k : 1;
  long p = 0;
  do {
    const long depth = k - p < block ? k - p : block;
    const int resume = accumulate || p > 0;
    for (long j = 0; j < n; j += CK_PANEL) {
      const float *b = panels + j / CK_PANEL * right * k + p * right;
      const float *scale = scales ? scales + j : no_scale;
      const long columns = n - j;
      for (long i = 0; i < m; i += CK_ROWS) {
        const int rows = (int)(m - i < CK_ROWS ? m - i : CK_ROWS);
        const float *from = a + i * lda + p;
        float *out = c + i * ldc + j;
        if (columns >= CK_PANEL) {
          whole(rows, from, lda, depth, b, scale, out, ldc, resume);
        } else {
          tile_part(whole, rows, from, lda, depth, b, scale, out, ldc, columns, resume);
        }
      }
    }
    p += block;
  } while (p < k);
}

/* c[m,n] (= or +=) a[m,k] panels; column j of c is column j of the panels. */
static void gemm_rows(const float *a, long lda, long m, const float *panels, long k, long n, float *c, long ldc,
                      int accumulate) {
  multiply_rows(tile_full_rows, RIGHT_F32, a, lda, m, panels, NULL, k, n, c, ldc, accumulate);
}

static void gemm_rows_bf16(const float *a, long lda, long m, const uint32_t *panels, long k, long n, float *c,
                           long ldc, int accumulate) {
  multiply_rows(tile_full_bf16, RIGHT_BF16, a, lda, m, (const float *)panels, NULL, k, n, c, ldc, accumulate);
}

static void gemm_rows_int8(const float *a, long lda, long m, const int8_t *panels, const float *scales, long k, long n,
                           float *c, long ldc, int accumulate) {
  multiply_rows(tile_full_int8, RIGHT_INT8, a, lda, m, (const float *)panels, scales, k, n, c, ldc, accumulate);
}

/* Copies rows of x[depth, columns] into panels, `stride` floats from one to the next; a short panel ends in zeros.
 * A few rows at a time: reading then follows the rows, which the processor fetches ahead. */
static void split_columns(const float *x, long ldx, long depth, long columns, float *panels, long stride) {
  for (long p = 0; p < depth; p += 8) {
    const long end = p + 8 < depth ? p + 8 : depth;
    for (long j = 0; j < columns; j += CK_PANEL) {
      float *to = panels + j / CK_PANEL * stride + p * CK_PANEL;
      const float *from = x + p * ldx + j;
      const long part = columns - j;
      for (long q = p; q < end; q++, to += CK_PANEL, from += ldx) {
        if (part >= CK_PANEL) {
          memcpy(to, from, sizeof(float) * CK_PANEL);
        } else {
          for (long e = 0; e < CK_PANEL; e++) to[e] = e < part ? from[e] : 0.0f;
        }
      }
    }
  }
}

/* c[m,n] (= or +=) a[k,m]^T b[k,n]. Packing a as well was measured to cost more than it saves. The panels of a block
 * are a cache line further apart than their size, or they would all fall into the same sets of the cache. */
static void gemm_columns(const float *a, long lda, const float *b, long ldb, long m, long n, long k, float *c, long ldc,
                         int accumulate, float *work) {
  const long block = CK_COLUMNS_BLOCK, stride = block * CK_PANEL + 16;
  if (k == 0 && !accumulate) {
    for (long i = 0; i < m; i++) memset(c + i * ldc, 0, sizeof(float) * (size_t)n);
  }
  for (long p = 0; p < k; p += block) {
    const long depth = k - p < block ? k - p : block;
    const int resume = accumulate || p > 0;
    split_columns(b + p * ldb, ldb, depth, n, work, stride);
    /* While the tiles run, the next block's rows are fetched, some with each tile. */
    const long next = k - p - depth < block ? k - p - depth : block;
    const long tiles = ((n + CK_PANEL - 1) / CK_PANEL) * ((m + CK_ROWS - 1) / CK_ROWS);
    const long share = (next + tiles - 1) / tiles;
    long fetched = 0;
    for (long j = 0; j < n; j += CK_PANEL) {
      const long columns = n - j;
      const float *panel = work + j / CK_PANEL * stride;
      for (long i = 0; i < m; i += CK_ROWS) {
        for (long q = 0; q < share && fetched < next; q++, fetched++) {
          const float *row = a + (p + depth + fetched) * lda;
          for (long e = 0; e < m; e += 16) __builtin_prefetch(row + e, 0, 2);
          row = b + (p + depth + fetched) * ldb;
          for (long e = 0; e < n; e += 16) __builtin_prefetch(row + e, 0, 2);
        }
        const int rows = (int)(m - i < CK_ROWS ? m - i : CK_ROWS);
        const float *left = a + p * lda + i;
        float *out = c + i * ldc + j;
        if (columns >= CK_PANEL) {
          tile_full_columns(rows, left, lda, depth, panel, no_scale, out, ldc, resume);
        } else {
          tile_part(tile_full_columns, rows, left, lda, depth, panel, no_scale, out, ldc, columns, resume);
        }
      }
    }
  }
}

/* Panels of b[k,n] (columns [begin, end), begin a multiple of 32) at their place in `panels`. */
static void pack_rows(const float *b, long ldb, long k, long begin, long end, float *panels) {
  for (long j = begin; j < end; j += CK_PANEL) {
    const long columns = end - j < CK_PANEL ? end - j : CK_PANEL;
    float *to = panels + j * k;
    const float *from = b + j;
    for (long p = 0; p < k; p++, to += CK_PANEL, from += ldb) {
      if (columns == CK_PANEL) {
        memcpy(to, from, sizeof(float) * CK_PANEL);
      } else {
        memset(to, 0, sizeof(float) * CK_PANEL);
        memcpy(to, from, sizeof(float) * (size_t)columns);
      }
    }
  }
}

/* Panels of the transpose of w[n,k] (rows [begin, end) of w, begin a multiple of 32). */
static void pack_transposed(const float *w, long ldw, long k, long begin, long end, float *panels) {
  for (long j = begin; j < end; j += CK_PANEL) {
    const long columns = end - j < CK_PANEL ? end - j : CK_PANEL;
    float *to = panels + j * k;
    if (columns < CK_PANEL) memset(to, 0, sizeof(float) * (size_t)(CK_PANEL * k));
    long p = 0;
    for (; p + 4 <= k; p += 4) {
      long q = 0;
      for (; q + 4 <= columns; q += 4) {
        const float *from = w + (j + q) * ldw + p;
        f4 r0, r1, r2, r3;
        memcpy(&r0, from, 16);
        memcpy(&r1, from + ldw, 16);
        memcpy(&r2, from + 2 * ldw, 16);
        memcpy(&r3, from + 3 * ldw, 16);
        f4 l0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), h0 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
        f4 l1 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), h1 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
        f4 c0 = __builtin_shufflevector(l0, l1, 0, 1, 4, 5), c1 = __builtin_shufflevector(l0, l1, 2, 3, 6, 7);
        f4 c2 = __builtin_shufflevector(h0, h1, 0, 1, 4, 5), c3 = __builtin_shufflevector(h0, h1, 2, 3, 6, 7);
        float *at = to + p * CK_PANEL + q;
        memcpy(at, &c0, 16);
        memcpy(at + CK_PANEL, &c1, 16);
        memcpy(at + 2 * CK_PANEL, &c2, 16);
        memcpy(at + 3 * CK_PANEL, &c3, 16);
      }
      for (; q < columns; q++)
        for (long r = 0; r < 4; r++) to[(p + r) * CK_PANEL + q] = w[(j + q) * ldw + p + r];
    }
    for (; p < k; p++)
      for (long q = 0; q < columns; q++) to[p * CK_PANEL + q] = w[(j + q) * ldw + p];
  }
}
