import EngineAPI
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// What a simulated Engine is like.
public struct DemoOptions: Sendable {
    /// What chance comes from: the same seed gives the same host.
    public var seed: UInt64 = 1
    /// How many containers there are; the first 15 are a shop.
    public var containers = 15
    /// Events a second that nothing but this wish makes: containers are frozen and go on.
    public var eventsPerSecond = 0
    /// What it does wrong.
    public var faults = DemoFaults()

    /// The shop, without faults.
    public init() {}
}

/// A simulated Engine that speaks the Engine's HTTP API on a unix socket of its own.
///
/// The host behind it is computed, not kept: logs and figures follow from the seed, the container and the time.
public final class DemoEngine: Sendable {
    /// Why none came about.
    public struct StartError: Error, CustomStringConvertible {
        /// One line for a person.
        public let description: String
    }

    /// Where it listens.
    public let address: EngineAddress
    /// The private folder of its socket.
    public let folder: String

    private let group: MultiThreadedEventLoopGroup
    private let server: any Channel
    private let core: NIOLoopBound<DemoCore>

    /// Starts one. Blocks until it listens, which takes a moment only.
    /// - Throws: ``StartError`` when there is no place for its socket.
    public init(_ options: DemoOptions = .init()) throws {
        DemoFolder.removeLeftOvers()
        let folder = try DemoFolder.make()
        self.folder = folder
        let path = folder + "/" + DemoFolder.socket
        address = .unix(path: path)
        // One thread, so that all of the host is on one loop.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        let loop = group.next()
        do {
            let core = try loop.submit { NIOLoopBound(DemoCore(options, loop), eventLoop: loop) }.wait()
            self.core = core
            server = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                // A process's input may end before its output.
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        let raw = RawHandler()
                        try pipeline.addHandler(raw)
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(DemoConnection(core.value, raw))
                    }
                }
                .bind(unixDomainSocketPath: path).wait()
        } catch {
            group.shutdownGracefully { _ in }
            DemoFolder.remove(folder)
            throw StartError(description: "the demo cannot listen at \(path): \(error)")
        }
    }

    /// Changes what it does wrong, for requests from now on.
    public func set(_ faults: DemoFaults) async throws {
        let core = core
        try await server.eventLoop.submit { core.value.faults = faults }.get()
    }

    /// How many connections are open.
    public var connections: Int {
        get async throws {
            let core = core
            return try await server.eventLoop.submit { core.value.connections.count }.get()
        }
    }

    /// How many lists of any kind were asked for so far.
    public var listsAsked: Int {
        get async throws {
            let core = core
            return try await server.eventLoop.submit { core.value.listsAsked }.get()
        }
    }

    /// What was asked for so far, and what is being answered.
    public var counts: DemoCounts {
        get async throws {
            let core = core
            return try await server.eventLoop.submit { core.value.countsNow }.get()
        }
    }

    /// Closes all and removes the socket and its folder.
    public func stop() async {
        removeFolder()
        let core = core
        try? await server.eventLoop.submit { core.value.stop() }.get()
        try? await server.close()
        try? await group.shutdownGracefully()
    }

    /// Removes the socket and its folder, for a program that ends at once.
    public func removeFolder() { DemoFolder.remove(folder) }
}
