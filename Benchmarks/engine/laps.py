"""The clock of every peer."""

import statistics
import time


def laps(repetitions, work):
    """Median wall and processor seconds after one warm-up."""
    work()
    wall, processor = [], []
    for _ in range(repetitions):
        start = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - start[0])
        processor.append(time.process_time() - start[1])
    return statistics.median(wall), statistics.median(processor)
