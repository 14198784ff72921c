/* All kernels of one instruction set as a table. The including file defines CK_LANES, CK_FMA and CK_TABLE. */
#include "table.h"
#include "elementwise.h"
#include "rows.h"
#include "gemm.h"
#include "attention_plain.h"
#include "attention.h"

#define CK_ENTRY(name, result, parameters, arguments) .name = name,
const struct ck_table CK_TABLE = {CK_KERNELS(CK_ENTRY)};
