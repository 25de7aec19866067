import Collections
import EngineAPI
import FoundationEssentials

/// How the figures of one Engine's containers are asked for: as lightly as they are looked at.
///
/// The selected container gives its own every second, the others on the screen every two. All others are asked in turn, a few a second however many there
/// are: each sample costs the Engine 1 to 3 ms of processor time.
struct Sampling: Sendable {
    /// How the containers on the screen give their figures.
    enum Way: Sendable {
        /// Not yet known which is the lighter one.
        case unknown
        /// Streams of a sample a second for the few that one looks at closely, calls that do not stand in each other's way
        /// for the others: where a single call takes a second (Engine 20.10).
        case streams
        /// A call for each now and then: where the Engine answers at once (`one-shot=1`, measured with 26.1).
        case calls
    }

    /// An Engine that answers in this time answers at once.
    static let quick = Duration.milliseconds(60)
    /// Seconds between two calls for the selected container, for the others on the screen, and for all of them while
    /// nobody looks.
    static let selectedInterval = 1.0
    static let visibleInterval = 2.0
    static let awayInterval = 5.0
    /// Seconds in which all others are asked once, if that takes no more calls a second than
    static let roundTime = 30.0
    static let roundBound = 4
    /// While nobody looks, only every so many seconds.
    static let awayRoundInterval = 4
    /// Calls that wait for their answer at most; each may take a second.
    static let pendingBound = 64

    var way = Way.unknown
    /// Whether the way is being found out.
    var isMeasuring = false
    /// The container that was selected when the last second passed: the one that one has stopped at.
    var steady: ContainerID?
    /// Containers that were asked and have not answered.
    var pending: Set<ContainerID> = []
    /// Those that are still to be asked in this round, and how many there were when it began.
    private var round: Deque<ContainerID> = []
    private var roundSize = 0
    private var ticks = 0

    /// Seconds for which a figure tells how it is: a container that is not on the screen is asked that rarely.
    var freshness: Double {
        min(max(30, 2 * Double(roundSize) / Double(perSecond)), 600)
    }

    private var perSecond: Int {
        min(Self.roundBound, max(1, Int((Double(roundSize) / Self.roundTime).rounded(.up))))
    }

    /// The containers whose turn it is this second, of those that are not looked at.
    mutating func turn(
        _ containers: [ContainerID: Container], order: [ContainerID], except watched: Set<ContainerID>, isAway: Bool
    ) -> [ContainerID] {
        ticks += 1
        if isAway, !ticks.isMultiple(of: Self.awayRoundInterval) { return [] }
        var taken: [ContainerID] = []
        var isRefilled = false
        while taken.count < perSecond {
            if round.isEmpty {
                guard !isRefilled else { break }
                isRefilled = true
                round = Deque(order.filter { containers[$0]?.isRunning == true && !watched.contains($0) })
                roundSize = round.count
            }
            guard let next = round.popFirst() else { break }
            guard containers[next]?.isRunning == true, !watched.contains(next), !pending.contains(next) else {
                continue
            }
            taken.append(next)
        }
        return taken
    }
}

extension EngineState {
    /// The containers whose turn it is this second. Here, so that nobody holds a copy of the containers meanwhile.
    mutating func takeTurn(except watched: Set<ContainerID>, isAway: Bool) -> [ContainerID] {
        sampling.turn(containers, order: order, except: watched, isAway: isAway)
    }
}
