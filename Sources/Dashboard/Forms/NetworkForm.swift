import EngineAPI
import Terminal

/// A new network: `docker network create`.
enum NetworkForm {
    static let id = "network"

    static func make() -> Form {
        func field(
            _ field: NetworkField, _ label: String, _ kind: Form.Field.Kind = .text, hint: String = "",
            completes: (@Sendable (Form, State) -> [String])? = nil
        ) -> Form.Field {
            Form.Field(
                id: field.rawValue, label: label, kind: kind, hint: hint,
                completes: completes.map { .words($0) })
        }
        return Form(
            id: id, title: "Create a network",
            fields: [
                field(.name, "name"),
                field(
                    .driver, "driver", hint: "bridge; macvlan, ipvlan, overlay, or a plug-in",
                    completes: { _, state in drivers(state) }),
                field(.subnets, "subnets", .lines, hint: "one that the Engine chooses; 10.5.0.0/24, fd00:5::/64"),
                field(.gateways, "gateways", .lines, hint: "the first address of the subnet; 10.5.0.1"),
                field(.ranges, "ranges", .lines, hint: "all of the subnet; 10.5.0.128/25 for new containers"),
                field(.reserved, "kept aside", .lines, hint: "NAME=ADDRESS that no container gets"),
                field(.parent, "parent", hint: "for macvlan and ipvlan: eth0, eth0.20"),
                field(
                    .mode, "mode", hint: "for macvlan and ipvlan: bridge, l2, l3 …",
                    completes: { form, _ in NetworkSpec.modes[spec(of: form).driver] ?? [] }),
                field(.internal, "internal", .check, hint: "it leads nowhere outside"),
                field(.attachable, "attachable", .check, hint: "containers may join by hand (overlay)"),
                field(.ipv6, "IPv6", .check, hint: "its containers get IPv6 addresses too"),
                field(
                    .options, "options", .lines, hint: "KEY=VALUE for the driver",
                    completes: { form, _ in options(of: spec(of: form).driver) }),
                field(.labels, "labels", .lines, hint: "KEY=VALUE"),
            ],
            buttons: [.init(id: "create", title: "create", key: .ctrl("r"))],
            behaviour: Form.Behaviour(check: check, command: { spec(of: $0).docker }, press: press))
    }

    /// The drivers to choose from: those that everybody knows, and what this Engine has beside them.
    private static func drivers(_ state: State) -> [String] {
        let more = (state.engine.info?.networkDrivers ?? []).filter {
            !NetworkSpec.drivers.contains($0) && $0 != "null"
        }
        return NetworkSpec.drivers + more.sorted()
    }

    /// What the drivers that come with an Engine may be told.
    private static func options(of driver: String) -> [String] {
        switch driver {
        case "", "bridge":
            [
                "com.docker.network.bridge.name=", "com.docker.network.bridge.enable_icc=",
                "com.docker.network.bridge.enable_ip_masquerade=", "com.docker.network.bridge.host_binding_ipv4=",
                "com.docker.network.driver.mtu=",
            ]
        case "overlay": ["encrypted=", "com.docker.network.driver.mtu="]
        default: []
        }
    }

    static func spec(of form: Form) -> NetworkSpec {
        func all(_ field: NetworkField) -> [String] { form[field.rawValue] }
        func one(_ field: NetworkField) -> String { all(field).first ?? "" }
        var spec = NetworkSpec()
        spec.name = one(.name)
        spec.driver = one(.driver)
        spec.subnets = all(.subnets)
        spec.gateways = all(.gateways)
        spec.ranges = all(.ranges)
        spec.reserved = all(.reserved)
        spec.parent = one(.parent)
        spec.mode = one(.mode)
        spec.isInternal = !all(.internal).isEmpty
        spec.isAttachable = !all(.attachable).isEmpty
        spec.ipv6 = !all(.ipv6).isEmpty
        spec.options = all(.options)
        spec.labels = all(.labels)
        return spec
    }

    @Sendable private static func check(_ form: inout Form, _ state: State) {
        form.clearProblems()
        let check = NetworkCheck(form, spec(of: form), state.engine)
        for (field, problem) in check.problems { form.say(problem.message, at: field.rawValue, line: problem.line) }
        for (field, note) in check.notes { form.note(note, at: field.rawValue) }
    }

    @Sendable private static func press(_ button: String, _ state: inout State) -> [Effect] {
        guard var form = state.form else { return [] }
        let spec = spec(of: form)
        if spec.name.isEmpty { form.say("which name?", at: NetworkField.name.rawValue) }
        guard !state.refuses(form) else { return [] }
        // What was made is not made again.
        state.keptForms[id] = nil
        return state.start(CreateNetworkJob(spec: spec), form: form)
    }
}
