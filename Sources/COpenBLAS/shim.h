#pragma once
#if __has_include(<cblas-openblas.h>) /* Debian and Ubuntu: never the reference BLAS header */
#include <cblas-openblas.h>
#elif __has_include(<openblas/cblas.h>) /* Fedora */
#include <openblas/cblas.h>
#else
#include <cblas.h>
#endif
