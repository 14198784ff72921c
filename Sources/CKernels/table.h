#pragma once
#include "CKernels.h"

/* One function pointer for each kernel. */
struct ck_table {
#define CK_FIELD(name, result, parameters, arguments) result(*name) parameters;
  CK_KERNELS(CK_FIELD)
#undef CK_FIELD
};

extern const struct ck_table ck_table_base;
#if defined(__x86_64__)
extern const struct ck_table ck_table_avx2, ck_table_avx512;
#endif
