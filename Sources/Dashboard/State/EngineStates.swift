import EngineAPI

/// What is known of each Engine on the screen, in the order they were named.
///
/// Not a dictionary, because reading one copies the whole value: drawing one frame reads an Engine's state some two
/// hundred times, and it has fifty parts (a third of all instructions of an idle dashboard went into such copies). Of an
/// array's element only the part that is asked for is read.
struct EngineStates: Sendable {
    /// The Engines' names.
    private(set) var keys: [EngineID]
    private var states: [EngineState?]

    init(_ state: EngineState) {
        keys = [state.id]
        states = [state]
    }

    /// The state of an Engine; nil for one that is not on the screen.
    subscript(id: EngineID) -> EngineState? {
        @inline(__always) get {
            guard let index = keys.firstIndex(of: id) else { return nil }
            return states[index]
        }
        _modify {
            guard let index = keys.firstIndex(of: id) else {
                var new: EngineState?
                yield &new
                if let new {
                    keys.append(id)
                    states.append(new)
                }
                return
            }
            yield &states[index]
        }
    }
}
