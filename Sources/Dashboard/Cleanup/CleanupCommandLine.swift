import EngineAPI
import Terminal

/// The docker commands that do the same as a cleaning.
enum CleanupCommandLine {
    /// More names than this stand in no line.
    private static let mostNames = 8

    /// - Parameter prunesNamed: whether the Engine's `volume prune` takes named volumes: before API 1.42 all, always.
    static func of(
        _ chosen: Set<CleanupKind>, _ filter: CleanupFilter, _ items: [CleanupItem], isOld: Bool
    ) -> String {
        CleanupKind.allCases.filter { chosen.contains($0) }.compactMap { kind in
            switch kind {
            case .containers: return "docker container prune\(filter.flags)"
            case .danglingImages: return chosen.contains(.images) ? nil : "docker image prune\(filter.flags)"
            case .images: return "docker image prune --all\(filter.flags)"
            case .networks: return "docker network prune\(filter.flags)"
            case .anonymousVolumes where !isOld && filter.until.isEmpty:
                return chosen.contains(.namedVolumes) ? nil : "docker volume prune\(filter.flags)"
            case .namedVolumes where !isOld && filter.until.isEmpty && chosen.contains(.anonymousVolumes):
                return "docker volume prune --all\(filter.flags)"
            // A prune would take others too.
            case .anonymousVolumes, .namedVolumes:
                let names = items.filter { $0.kind == kind }.map { Sanitiser.clean($0.name) }
                guard !names.isEmpty else { return nil }
                let more = names.count > mostNames ? " …" : ""
                return "docker volume rm \(names.prefix(mostNames).joined(separator: " "))\(more)"
            case .buildCache: return "docker builder prune --all\(CleanupFilter(until: filter.until).flags)"
            }
        }.joined(separator: "; ")
    }
}
