/* Prints the GFLOP/s of independent fused multiply-adds in registers, on as many threads as the argument says: the
 * most that any float32 program can reach on this machine. Compile with -O3 -march=native -pthread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
enum { LANES = 16 };
#elif defined(__AVX__)
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
enum { CHAINS = 12 };
static const long rounds = 30000000;
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static void *work(void *unused) {
  (void)unused;
  /* Named one by one: an array would be kept in memory. */
  vector a = {0}, b = {0};
  a += 0.999f;
  b += 0.001f;
  vector c0 = a, c1 = a + 1, c2 = a + 2, c3 = a + 3, c4 = a + 4, c5 = a + 5, c6 = a + 6, c7 = a + 7, c8 = a + 8,
         c9 = a + 9, c10 = a + 10, c11 = a + 11;
  for (long r = 0; r < rounds; r++) {
    c0 = c0 * a + b, c1 = c1 * a + b, c2 = c2 * a + b, c3 = c3 * a + b, c4 = c4 * a + b, c5 = c5 * a + b;
    c6 = c6 * a + b, c7 = c7 * a + b, c8 = c8 * a + b, c9 = c9 * a + b, c10 = c10 * a + b, c11 = c11 * a + b;
  }
  c0 += c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
  volatile float sink = c0[0];
  (void)sink;
  return NULL;
}

int main(int count, char **words) {
  const int threads = count > 1 ? atoi(words[1]) : 1;
  double best = 0;
  for (int lap = 0; lap < 3; lap++) {
    struct timespec start, end;
    pthread_t thread[64];
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < threads && i < 64; i++) pthread_create(&thread[i], NULL, work, NULL);
    for (int i = 0; i < threads && i < 64; i++) pthread_join(thread[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    const double rate = 2.0 * LANES * CHAINS * (double)rounds * threads / seconds / 1e9;
    if (rate > best) best = rate;
  }
  printf("%.1f\n", best);
  return 0;
}
