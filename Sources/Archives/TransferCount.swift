import Synchronization

/// How much has gone by, to be read while it goes on.
public final class TransferCount: Sendable {
    /// The figures of one moment.
    public struct Figures: Hashable, Sendable {
        /// Files (and links), without folders.
        public var files = 0
        /// Bytes of their content.
        public var bytes = 0
        /// What was passed over, with the reason; not more than ``TransferCount/mostNamed``.
        public var skipped: [String] = []
        /// How many were passed over.
        public var skippedCount = 0

        /// Nothing yet.
        public init() {}
    }

    /// How many that were passed over are named.
    public static let mostNamed = 50

    private let state = Mutex(Figures())

    /// Nothing yet.
    public init() {}

    /// The figures of now.
    public var figures: Figures { state.withLock { $0 } }

    func file() { state.withLock { $0.files += 1 } }

    func bytes(_ count: Int) { state.withLock { $0.bytes += count } }

    func skip(_ name: [UInt8], _ why: String) {
        state.withLock { figures in
            figures.skippedCount += 1
            guard figures.skipped.count < Self.mostNamed else { return }
            figures.skipped.append("\(String(decoding: name, as: UTF8.self)): \(why)")
        }
    }
}
