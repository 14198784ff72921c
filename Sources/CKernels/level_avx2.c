#if defined(__x86_64__)
#define CK_LANES 8
#define CK_FMA 1
#define CK_TABLE ck_table_avx2
#include <math.h>
#include <string.h>
#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "level.h"
#pragma clang attribute pop
#endif
