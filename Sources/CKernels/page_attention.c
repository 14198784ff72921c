#include "page_attention.h"

#include <string.h>

#include "CKernels.h"

// Every function here is static and inlined: no vector crosses a calling convention.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int i16 __attribute__((ext_vector_type(16)));

#define LEVEL(name) base_##name
#include "page_attention_body.h"
#undef LEVEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL(name) avx2_##name
#include "page_attention_body.h"
#undef LEVEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), \
                             apply_to = function)
#define LEVEL(name) avx512_##name
#include "page_attention_body.h"
#undef LEVEL
#pragma clang attribute pop
#endif

void ck_page_attention(const struct ck_page_attention *a) {
#if defined(__x86_64__)
  if (ck_level() == CK_LEVEL_AVX512) {
    avx512_page_attention(a);
    return;
  }
  if (ck_level() == CK_LEVEL_AVX2) {
    avx2_page_attention(a);
    return;
  }
#endif
  base_page_attention(a);
}
