/* The compression function of SHA-256 (FIPS 180-4), by the processor's own instructions where it has them. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Works `blocks` blocks of 64 bytes into the state. */
void cd_sha256(uint32_t state[8], const uint8_t *data, size_t blocks);
/* The same without the processor's instructions: what the fast path is tested against. */
void cd_sha256_plain(uint32_t state[8], const uint8_t *data, size_t blocks);

#ifdef __cplusplus
}
#endif
