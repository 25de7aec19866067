// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "gantry",
    products: [
        .executable(name: "gantry", targets: ["gantry"]),
        // For Tests/Benchmarks, a package of its own.
        .library(name: "GantryModules", targets: ["Dashboard", "DemoEngine", "EngineAPI", "Terminal"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .target(name: "CNCurses"),
        .target(name: "CMemory"),
        .target(name: "Terminal", dependencies: ["CNCurses"]),
        .target(
            name: "EngineAPI",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(name: "Archives"),
        .target(
            name: "Themes", path: "Themes",
            resources: [
                .embedInCode("dark.yaml"), .embedInCode("light.yaml"), .embedInCode("high-contrast.yaml"),
                .embedInCode("mono.yaml"), .embedInCode("nord.yaml"), .embedInCode("dracula.yaml"),
                .embedInCode("gruvbox.yaml"), .embedInCode("solarized-dark.yaml"), .embedInCode("solarized-light.yaml"),
                .embedInCode("catppuccin.yaml"),
            ]),
        .target(
            name: "Dashboard",
            dependencies: [
                "Terminal", "EngineAPI", "Themes", "Archives",
                .product(name: "Collections", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .target(
            name: "DemoEngine",
            dependencies: [
                "Archives", "EngineAPI",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Collections", package: "swift-collections"),
            ]),
        .executableTarget(
            name: "gantry",
            dependencies: [
                "CMemory", "Dashboard", "DemoEngine", "EngineAPI", "Terminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            // At a fixed address: 60,000 places of the program need no change at each start, which is half a millisecond
            // and 1.7 MB of memory that belongs to this process alone. What nobody outside may call is left out when
            // nobody inside does: 1.5 MB of code, of which half would be in memory.
            linkerSettings: [
                .unsafeFlags(
                    ["-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic"],
                    .when(platforms: [.linux], configuration: .release))
            ]),
        .testTarget(name: "ArchivesTests", dependencies: ["Archives"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
        .testTarget(
            name: "EngineAPITests", dependencies: ["EngineAPI", .product(name: "NIOEmbedded", package: "swift-nio")]),
        .testTarget(
            name: "DashboardTests",
            dependencies: ["Dashboard", "DemoEngine", "Themes", .product(name: "Yams", package: "Yams")],
            exclude: ["Golden", "GoldenRoles", "GoldenThemes"]),
        .testTarget(name: "DemoEngineTests", dependencies: ["Dashboard", "DemoEngine", "EngineAPI", "Terminal"]),
        .testTarget(name: "RealEngineTests", dependencies: ["Archives", "Dashboard", "EngineAPI"]),
        .testTarget(name: "TerminalSessionTests", dependencies: ["DemoEngine", "EngineAPI"]),
    ],
    swiftLanguageModes: [.v6]
)
