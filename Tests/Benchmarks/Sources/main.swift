@preconcurrency import Benchmark

// How long what happens often takes. Names that are given narrow the choice: `Benchmarks --filter 'draw'`.
BenchmarkColumn.register(
    BenchmarkColumn(
        name: "MB/s",
        value: { result in
            guard let bytes = result.counters["bytes"], let median = BenchmarkColumn.registry["median"] else {
                return 0
            }
            return bytes / median.value(result) * 1_000
        },
        formatter: { value, settings in value == 0 ? "" : BenchmarkFormatter.integer(value, settings) }))

Benchmark.main(
    [decoding(), lists(), logs(), cells()],
    customDefaults: [
        MinTime(seconds: 0.3), TimeUnit(.us), Columns(["name", "median", "p95", "MB/s", "iterations"]),
    ])
