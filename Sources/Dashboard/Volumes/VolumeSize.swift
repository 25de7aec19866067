import EngineAPI

/// How much of the disk a volume takes, as far as that is known.
enum VolumeSize: Hashable, Sendable {
    /// The Engine has been asked.
    case asked
    /// It does not know, or has not been asked since the volume was made.
    case unknown
    case bytes(Int)
}

extension EngineState {
    func size(of volume: VolumeSummary) -> VolumeSize { .unknown }

    /// What all volumes take together, where that is known.
    var volumesSize: Int? { nil }
}
