/* Attention of one position to paged keys and values, for generation. */
#pragma once

/* The query heads of one position that share one key head. A page holds 16 positions; `offset` floats into it stand
 * this layer's and head's keys [dim][16], then values [16][dim]. The first prefix_count positions are in the first
 * prefix_pages pages (the last of them may be partly filled), the next own_count in the pages after those. */
struct ck_page_attention {
  const float *queries; /* [group][dim] */
  float *out;           /* [group][dim] */
  float *scores;        /* room for group * 16 * pages */
  const float *const *table;
  long offset, prefix_pages, prefix_count, own_count, group, dim;
  float scale;
};

#ifdef __cplusplus
extern "C" {
#endif

/* out = softmax(queries keys^T * scale) values. Works on the calling thread; the order of every sum depends on the
 * counts alone. */
void ck_page_attention(const struct ck_page_attention *a);

#ifdef __cplusplus
}
#endif
