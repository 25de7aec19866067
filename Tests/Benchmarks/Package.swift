// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that who builds the program builds no benchmarks.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "gantry", path: "../.."),
        .package(url: "https://github.com/google/swift-benchmark", from: "0.1.2"),
    ],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "GantryModules", package: "gantry"),
                .product(name: "Benchmark", package: "swift-benchmark"),
            ],
            path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
