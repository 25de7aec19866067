@preconcurrency import Benchmark
import Terminal

/// From what programs write to cells.
func cells() -> BenchmarkSuite {
    BenchmarkSuite(name: "cells") { suite in
        let lines = [
            ("plain text", "2026-11-24 04:14:02 INFO \(LogBytes.text) \(LogBytes.text)"),
            (
                "colours",
                "\u{1B}[2m2026-11-24\u{1B}[0m \u{1B}[1;32mINFO\u{1B}[0m \u{1B}[38;5;208mrequest\u{1B}[0m "
                    + "\u{1B}[38;2;10;20;30mpath=\u{1B}[4m/api/v1/items\u{1B}[24m\u{1B}[0m status=\u{1B}[31m500\u{1B}[0m"
            ),
            ("wide and joined letters", String(repeating: "急須 Bräter 👩‍👩‍👧 e\u{301} ", count: 6)),
        ]
        for (name, line) in lines {
            let bytes = Array(line.utf8)
            suite.benchmark("200 lines of a log, \(name)") { state in
                var frame = Frame(size: Size(width: 120, height: 200))
                try state.measuring(bytes.count * 200) {
                    for row in 0..<200 { frame.put(log: bytes[...], x: 0, y: row, style: .plain) }
                }
                keep(frame)
            }
        }
        let name = "shop-catalog-1 · ghcr.io/example/shop/catalog:2.4"
        suite.benchmark("200 texts of a list") { state in
            var frame = Frame(size: Size(width: 120, height: 200))
            try state.measuring(name.utf8.count * 200) {
                for row in 0..<200 { frame.put(name, x: 0, y: row, width: 80, style: .plain) }
            }
            keep(frame)
        }
    }
}
