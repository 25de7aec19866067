/// What a container has of the request that made it, beyond what all containers have. Shared and never changed.
final class Own: Sendable {
    struct Bind: Sendable {
        let source: String
        let destination: String
        let isReadOnly: Bool
    }

    let labels: [String: String]
    /// As the request said it, and the requests that changed it.
    let config: JSON
    let host: JSON
    /// Folders of the host, which the demo only tells of.
    let binds: [Bind]
    let removesItself: Bool
    /// How often it is started again at most; 0 is without end.
    let retries: Int
    /// Whether its main process reads what is typed.
    let readsInput: Bool
    /// Whether that is a shell.
    let isShell: Bool
    /// Why it cannot be started; nil when it can.
    let failure: String?

    /// Whether it is in the network of another container.
    var sharesNetwork: Bool { host["NetworkMode"]?.text?.hasPrefix("container:") == true }

    init(
        labels: [String: String], config: JSON, host: JSON, binds: [Bind] = [], removesItself: Bool = false,
        retries: Int = 0, readsInput: Bool = false, isShell: Bool = false,
        failure: String? = nil
    ) {
        self.labels = labels
        self.config = config
        self.host = host
        self.binds = binds
        self.removesItself = removesItself
        self.retries = retries
        self.readsInput = readsInput
        self.isShell = isShell
        self.failure = failure
    }

    /// The same with what is known of its main process.
    func behaving(isShell: Bool, failure: String?) -> Own {
        Own(
            labels: labels, config: config, host: host, binds: binds, removesItself: removesItself,
            retries: retries, readsInput: readsInput, isShell: isShell, failure: failure)
    }

    /// The same with some settings of its host changed.
    func changed(host: JSON, retries: Int?) -> Own {
        Own(
            labels: labels, config: config, host: self.host.merged(with: host), binds: binds,
            removesItself: removesItself, retries: retries ?? self.retries, readsInput: readsInput, isShell: isShell,
            failure: failure)
    }
}
