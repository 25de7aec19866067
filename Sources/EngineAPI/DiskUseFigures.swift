/// What a kind of thing takes on the disk, as `docker system df` counts it.
public struct DiskFigure: Hashable, Sendable {
    /// How many there are.
    public var total = 0
    /// How many of them are in use.
    public var active = 0
    /// Bytes of all of them.
    public var size = 0
    /// Bytes of what is not in use.
    public var reclaimable = 0

    /// None.
    public init() {}

    /// What is not in use, in percent of all; nil where there is nothing.
    public var percent: Int? { size > 0 ? reclaimable * 100 / size : nil }
}

extension DiskUse {
    /// The images: layers that several of them have count once, and what only images in use have is not reclaimable.
    public var imageFigure: DiskFigure {
        var figure = DiskFigure()
        figure.total = images.count
        figure.active = images.count { $0.containers > 0 }
        figure.size = layers
        // What is not known of one that is used counts as free: so does the docker client.
        let used = images.reduce(0) { $0 + ($1.containers > 0 ? $1.unique ?? 0 : 0) }
        figure.reclaimable = layers - used
        return figure
    }

    /// The containers' own layers.
    public var containerFigure: DiskFigure {
        var figure = DiskFigure()
        figure.total = containers.count
        for container in containers {
            figure.size += container.size
            if container.isActive { figure.active += 1 } else { figure.reclaimable += container.size }
        }
        return figure
    }

    /// The volumes, as far as their drivers tell sizes.
    public var volumeFigure: DiskFigure {
        var figure = DiskFigure()
        figure.total = volumes.count
        for volume in volumes {
            if volume.containers ?? 0 > 0 { figure.active += 1 }
            figure.size += volume.size ?? 0
            if volume.containers == 0 { figure.reclaimable += volume.size ?? 0 }
        }
        return figure
    }

    /// The builder's cache: records that share what they hold count nothing.
    public var buildCacheFigure: DiskFigure {
        var figure = DiskFigure()
        figure.total = buildCache.count
        for record in buildCache {
            if record.isInUse { figure.active += 1 }
            guard !record.isShared else { continue }
            figure.size += record.size
            if !record.isInUse { figure.reclaimable += record.size }
        }
        return figure
    }

    /// All of it.
    public var total: Int {
        [imageFigure, containerFigure, volumeFigure, buildCacheFigure].reduce(0) { $0 + $1.size }
    }
}

extension DiskUse.Image {
    /// Bytes of the layers that no other image has; nil when the Engine does not know.
    public var unique: Int? { shared.map { size - $0 } }
}

extension DiskUse.Container {
    /// Whether it has processes.
    public var isActive: Bool { ContainerState(state).isAlive }
}
