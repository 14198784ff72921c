#if defined(__x86_64__)
#define CK_LANES 16
#define CK_FMA 1
#define CK_TABLE ck_table_avx512
#include <math.h>
#include <string.h>
#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), \
                             apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
