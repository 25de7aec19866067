import EngineAPI
import FoundationEssentials

/// How much of the disk a volume takes, as far as that is known.
enum VolumeSize: Hashable, Sendable {
    /// The Engine has been asked.
    case asked
    /// It does not know, or has not been asked since the volume was made.
    case unknown
    case bytes(Int)
}

extension EngineState {
    func size(of volume: VolumeSummary) -> VolumeSize {
        // One that got the name of another one later is not the one that was measured.
        guard let at = disk.at, let size = disk.volumes[volume.name],
            volume.created.map({ $0 <= at.addingTimeInterval(clockSkew) }) ?? true
        else { return disk.askedSince == nil ? .unknown : .asked }
        return .bytes(size)
    }

    /// Adds up what the volumes of the list take.
    mutating func weighVolumes() {
        var sum: Int?
        for volume in volumes.items {
            if case .bytes(let bytes) = size(of: volume) { sum = (sum ?? 0) + bytes }
        }
        volumesSize = sum
    }
}
