/* SSE2 on x86-64, NEON on arm64: what every processor of the architecture has. */
#define CK_LANES 4
#if defined(__aarch64__)
#define CK_FMA 1
#else
#define CK_FMA 0
#endif
#define CK_TABLE ck_table_base
#include "level.h"
