import FoundationEssentials

/// The least and the mean of each figure of a container, over all samples that were seen, however many that were.
struct UsageSummary: Sendable {
    private typealias Figures = SIMD8<Float>

    private var least = Figures(repeating: .infinity)
    private var average = Figures(repeating: 0)
    private var count = Figures(repeating: 0)

    mutating func add(_ usage: Usage) {
        let figures = Self.figures(of: usage)
        // What is unknown is no number, which is not equal to itself.
        let isKnown = figures .== figures
        count.replace(with: count + 1, where: isKnown)
        average.replace(with: average + (figures - average) / count, where: isKnown)
        least.replace(with: figures, where: isKnown .& (figures .< least))
    }

    /// The least of each figure; nil before there is any.
    var lowest: Usage? { usage(of: least) }
    /// The mean of each figure; nil before there is any.
    var mean: Usage? { usage(of: average) }

    private static func figures(of usage: Usage) -> Figures {
        func short(_ figure: Double?) -> Float { figure.map { Float($0) } ?? .nan }
        return Figures(
            short(usage.cpu), Float(usage.memory), short(usage.received), short(usage.sent), short(usage.read),
            short(usage.written), Float(usage.pids), short(usage.throttled))
    }

    private func usage(of figures: Figures) -> Usage? {
        guard count[1] > 0 else { return nil }
        func long(_ index: Int) -> Double? { count[index] > 0 ? Double(figures[index]) : nil }
        return Usage(
            at: .distantPast, cpu: long(0), memory: Double(figures[1]), memoryLimit: 0, received: long(2),
            sent: long(3),
            read: long(4), written: long(5), pids: Double(figures[6]), throttled: long(7))
    }
}
