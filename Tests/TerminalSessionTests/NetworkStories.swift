import Foundation
import Testing

extension Session {
    static let networkTitles = ["NAME", "DRIVER", "SUBNET"]

    /// The name of a network that Gantry is going to make.
    func plannedNetwork(_ name: String) -> String {
        let name = self.name(name)
        note(["network", "rm", name])
        return name
    }

    /// Opens the form of a network, types its name and driver, and stands at the subnets.
    fileprivate func openNetworkForm(_ name: String, driver: String, at location: SourceLocation = #_sourceLocation)
        async throws
    {
        try await press("n")
        try await expectScreen(contains: "Create a network", at: location)
        try await press("ctrl-x", "pgup")
        try type(name)
        try await press("tab")
        if !driver.isEmpty { try type(driver) }
        try await press("tab")
        try await expectScreen(contains: "docker network create", at: location)
        try await expectScreen(contains: name, at: location)
    }

    /// Moves the selection of the networks' list.
    fileprivate func selectNetwork(_ name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await press("g")
        try await expect("the first network to be selected", at: location) {
            $0.rows(Self.networkTitles).first?.isSelected == true
        }
        for _ in 0..<30 {
            let rows = try screen().rows(Self.networkTitles)
            if rows.first(where: \.isSelected)?.name == name { return }
            let before = rows.first(where: \.isSelected)?.name
            try await press("j")
            try await expect("the selection to leave \(before ?? "nothing")", at: location) {
                let now = $0.rows(Self.networkTitles)
                return now.first(where: \.isSelected)?.name != before || now.last?.isSelected == true
            }
        }
        try await expect("\(name) to be selected", at: location) {
            $0.rows(Self.networkTitles).first(where: \.isSelected)?.name == name
        }
    }

    fileprivate func expectNoNetwork(_ name: String, at location: SourceLocation = #_sourceLocation) async throws {
        try await expect("no network \(name)", at: location) { screen in
            !screen.rows(Self.networkTitles).contains { $0.name == name }
        }
    }
}

extension Stories {
    /// A day with networks: made, joined, looked up, left, removed, and what is refused.
    @Suite struct Networks {
        /// Three numbers of a subnet that nobody on this machine has, in all likelihood.
        private func prefix() -> String { "10.\(Int.random(in: 60...180)).\(Int.random(in: 0...255))" }

        @Test(
            "A network is created with a subnet, joined with an alias and a fixed address, found by the alias, left, removed",
            arguments: Tmux.Size.both)
        func wholeDay(size: Tmux.Size) async throws {
            let session = Session()
            let lab = session.plannedNetwork("lab")
            let (store, asking) = (try session.container("store"), try session.container("asking"))
            let prefix = prefix()
            try await session.open(size)
            try await session.press("4")
            try await session.openNetworkForm(lab, driver: "")
            try session.type("\(prefix).0/24")
            try await session.press("tab")
            try session.type("\(prefix).254")
            try await session.press("tab")
            try session.type("\(prefix).128/25")
            try await session.expectScreen(
                saying:
                    "docker network create --subnet \(prefix).0/24 --gateway \(prefix).254 --ip-range \(prefix).128/25 \(lab)"
            )
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "created network \(lab) in")
            try await session.expect("the new network to be selected") {
                $0.rows(Session.networkTitles).first(where: \.isSelected)?.name == lab
            }
            try await session.expect(row: lab, under: Session.networkTitles, contains: "\(prefix).0/24")
            try await session.expectScreen(contains: "gateway \(prefix).254")
            try await session.expectScreen(contains: "No container is in it")
            // Who is to join is completed, an address that cannot be is named while it is typed.
            try await session.press("c")
            try await session.expectScreen(contains: "Connect to a network")
            try session.type("store")
            try await session.expectScreen(contains: store)
            try await session.press("right", "tab")
            try session.type("db")
            try await session.press("tab")
            try session.type("\(prefix).254")
            try await session.expectScreen(contains: "it is taken by the gateway")
            try await session.press("ctrl-u")
            try session.type("9.9.9.9")
            try await session.expectScreen(contains: "it is outside of \(prefix).0/24")
            try await session.press("ctrl-u")
            try session.type("\(prefix).9")
            try await session.expectScreen(saying: "docker network connect --alias db --ip \(prefix).9 \(lab) \(store)")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "connected \(store) to \(lab) as \(prefix).9")
            try await session.expectScreen(contains: "\(prefix).9/24")
            try await session.expect(row: lab, under: Session.networkTitles, contains: store.prefix(7).description)
            // The other one from its own side; the address is taken now, and whose it is is said.
            try await session.press("1")
            try await session.select(asking)
            try await session.press("n")
            try await session.expectScreen(contains: "Networks of \(asking)")
            try await session.press("enter")
            try await session.expectScreen(contains: "Connect to a network")
            try session.type(lab)
            try await session.press("tab", "tab", "tab")
            try session.type("\(prefix).9")
            try await session.expectScreen(contains: "it is taken by \(store)")
            try await session.press("ctrl-u", "ctrl-r")
            try await session.expectFlash(containing: "connected \(asking) to \(lab) as \(prefix).12")
            #expect(try session.docker(["exec", asking, "nslookup", "db"], expecting: nil).contains("\(prefix).9"))
            #expect(
                try session.docker(["exec", asking, "ping", "-c", "1", "-W", "2", "db"]).contains("0% packet loss"))
            try await session.press("4")
            try await session.selectNetwork(lab)
            for text in [store, asking, "db"] { try await session.expectScreen(contains: text) }
            // Removed while they are in it: refused with who it is, and offered to have them leave.
            try await session.press("d")
            try await session.expectQuestion(containing: "Remove \(lab)?", "2 running", "docker network rm \(lab)")
            try await session.expectScreen(saying: "used by \(asking) and \(store)")
            try await session.press("y")
            try await session.expectQuestion(containing: "Disconnect 2 and remove \(lab)?", "is in use by")
            try await session.press("n")
            #expect(try session.docker(["network", "inspect", "-f", "{{len .Containers}}", lab]) == "2")
            try await session.press("u")
            try await session.expectScreen(contains: "Disconnect from \(lab)")
            try await session.press("enter")
            try await session.expectQuestion(
                containing: "Disconnect \(asking) from \(lab)?", "docker network disconnect")
            try await session.press("y")
            try await session.expectFlash(containing: "disconnected \(asking) from \(lab) in")
            try await session.press("d", "c")
            try await session.expectScreen(
                saying: "docker network disconnect \(lab) \(store); docker network rm \(lab)")
            try await session.press("y")
            try await session.expectFlash(containing: "removed network \(lab), 1 container disconnected")
            try await session.expectNoNetwork(lab)
            #expect(try session.engineSays("{{len .NetworkSettings.Networks}}", of: store) == "1")
            try await session.press("J")
            try await session.expectScreen(contains: "disconnected \(store) from \(lab)")
        }

        @Test("What cannot be is said at the field, and what the Engine refuses in one line, its words in the journal")
        func refusals() async throws {
            let session = Session()
            let taken = prefix()
            let other = session.plannedNetwork("taken")
            try session.docker(["network", "create", "--subnet", "\(taken).0/24", other])
            let lab = session.plannedNetwork("lab")
            try await session.open(.large)
            try await session.press("4")
            try await session.expect(row: other, under: Session.networkTitles)
            try await session.openNetworkForm(lab, driver: "")
            for (text, words) in [
                ("\(taken).128/25", "it overlaps with \(other) (\(taken).0/24)"),
                ("nonsense", "“nonsense” is no subnet"),
                ("\(taken).7/24", "addresses that begin so are \(taken).0/24"), ("fd00:7::/64", "IPv6 is off"),
            ] {
                try await session.press("ctrl-u")
                try session.type(text)
                try await session.expectScreen(contains: words)
            }
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "subnets: IPv6 is off")
            // A network that is made behind Gantry's back overlaps: the list says so at once.
            let late = prefix()
            try await session.press("ctrl-u")
            try session.type("\(late).0/25")
            try await session.expectGone("IPv6 is off")
            let behind = session.plannedNetwork("behind")
            try session.docker(["network", "create", "--subnet", "\(late).0/24", behind])
            try await session.expectScreen(contains: "it overlaps with \(behind) (\(late).0/24)")
            try await session.press("esc")

            try await session.openNetworkForm(lab, driver: "frobnet")
            try await session.expectScreen(contains: "the Engine does not name it among its drivers: bridge, host")
            try await session.press("ctrl-r")
            // The Engine looks for a plug-in of that name for 15 seconds.
            try await session.expect("the refusal", within: .seconds(40)) {
                $0.flash.contains("there is no network driver frobnet on this Engine")
            }
            try await session.expectScreen(contains: "Create a network")
            try await session.press("esc")
            try await session.openNetworkForm(lab, driver: "macvlan")
            for _ in 0..<4 { try await session.press("tab") }
            try session.type("nope0")
            try await session.expectScreen(contains: "--opt parent=nope0")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "the Engine's host has no interface nope0")
            try await session.press("esc", "J")
            try await session.expectScreen(contains: "the Engine says: ")
            try await session.press("esc")
            try await session.expectNoNetwork(lab)

            for own in ["bridge", "host", "none"] {
                try await session.selectNetwork(own)
                try await session.press("d")
                try await session.expectFlash(containing: "\(own) is the Engine's own: it cannot be removed")
            }
            try await session.expectNoQuestion()
        }

        @Test("Networks of each driver that the kernel here allows are made; of the others it is said why they are not")
        func drivers() async throws {
            let session = Session()
            // The interface is a bridge of the story's own.
            let (base, parent) = (session.plannedNetwork("base"), "gt\(Int.random(in: 100_000...999_999))")
            try session.docker(["network", "create", "-o", "com.docker.network.bridge.name=\(parent)", base])
            try await session.open(.large)
            try await session.press("4")
            try await session.expect(row: base, under: Session.networkTitles)
            for driver in ["bridge", "macvlan", "ipvlan"] {
                let name = session.plannedNetwork(driver)
                let prefix = prefix()
                try await session.openNetworkForm(name, driver: driver)
                try session.type("\(prefix).0/24")
                if driver != "bridge" {
                    for _ in 0..<4 { try await session.press("tab") }
                    try session.type(parent)
                    try await session.press("tab")
                    try session.type(driver == "macvlan" ? "bridge" : "l2")
                    try await session.expectScreen(saying: "--opt \(driver)_mode=")
                }
                try await session.press("ctrl-r")
                var isMade = false
                try await session.expect("\(driver) to be made, or a kernel that has none") { screen in
                    isMade = screen.flash.contains("created network \(name) in")
                    return isMade || screen.flash.contains("kernel of the Engine's host")
                }
                guard isMade else {
                    // This kernel has no such driver: what is to be seen then was seen.
                    try await session.press("esc")
                    continue
                }
                try await session.expect(row: name, under: Session.networkTitles, contains: driver)
                // Whether a container can join it is the kernel's to say as well.
                let web = session.planned("in-\(driver)")
                let ran = try run(
                    [
                        "docker", "-H", TestEngine.address ?? "", "run", "-d", "--name", web, "--network", name,
                        "demo/busybox:1.35", "sleep", "1000",
                    ],
                    expecting: nil)
                if ran.status == 0 {
                    try await session.expectScreen(contains: "\(prefix).2/24")
                    try session.docker(["rm", "-f", web])
                } else {
                    #expect(ran.errors.contains("not supported"), "\(ran.errors)")
                    try session.docker(["rm", "-f", web], expecting: nil)
                }
                try await session.selectNetwork(name)
                try await session.press("d", "y")
                try await session.expectFlash(containing: "removed network \(name)")
                try await session.expectNoNetwork(name)
            }
        }

        @Test("An overlay needs a swarm, which is said; in one it is made, attachable, joined and removed")
        func overlay() async throws {
            let session = Session()
            let mesh = session.plannedNetwork("mesh")
            let web = try session.container("web")
            try await session.open(.large)
            try await session.press("4")
            try await session.openNetworkForm(mesh, driver: "overlay")
            try await session.expectScreen(contains: "an overlay needs a swarm, and this Engine is in none")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "driver: an overlay needs a swarm")
            try await session.press("esc")
            let joined = try run(
                [
                    "docker", "-H", TestEngine.address ?? "", "swarm", "init", "--advertise-addr", "127.0.0.1",
                    "--listen-addr", "127.0.0.1",
                ],
                expecting: nil)
            try #require(joined.status == 0, "no swarm can be made: \(joined)")
            defer {
                _ = try? session.docker(["network", "rm", mesh], expecting: nil)
                _ = try? session.docker(["swarm", "leave", "--force"], expecting: nil)
                _ = try? session.docker(["network", "rm", "docker_gwbridge"], expecting: nil)
            }
            let inSwarm = Session()
            try await inSwarm.open(.large)
            try await inSwarm.press("4")
            try await inSwarm.expect(row: "ingress", under: Session.networkTitles, contains: "overlay")
            try await inSwarm.openNetworkForm(mesh, driver: "overlay")
            try inSwarm.type("10.231.77.0/24")
            for _ in 0..<7 { try await inSwarm.press("tab") }
            try await inSwarm.press("space")
            try await inSwarm.expectScreen(contains: "--subnet 10.231.77.0/24 --attachable")
            try await inSwarm.press("ctrl-r")
            try await inSwarm.expectFlash(containing: "created network \(mesh) in")
            try await inSwarm.expect(row: mesh, under: Session.networkTitles, contains: "attachable")
            try await inSwarm.press("c")
            try inSwarm.type(web)
            try await inSwarm.press("ctrl-r")
            try await inSwarm.expectFlash(containing: "connected \(web) to \(mesh) as 10.231.77.")
            try await inSwarm.expectScreen(contains: "no container")
            // The list has to know who is in it before the question can offer to have them leave.
            try await inSwarm.expect(row: mesh, under: Session.networkTitles, contains: web)
            try await inSwarm.press("d", "c", "y")
            try await inSwarm.expectFlash(containing: "removed network \(mesh), 1 container disconnected")
            try await inSwarm.selectNetwork("ingress")
            try await inSwarm.press("c")
            try await inSwarm.expectFlash(containing: "it is for the swarm's published ports")
        }

        @Test("Marked networks are removed with one sum; a stopped container that would miss its network is named")
        func marked() async throws {
            let session = Session()
            let (one, two) = (try session.network("one"), try session.network("two"))
            let web = try session.container("web", ["--network", one], start: false)
            try await session.open()
            try await session.press("4")
            try await session.selectNetwork(one)
            try await session.expectScreen(contains: "joins when it starts")
            try await session.press("space")
            try await session.selectNetwork(two)
            try await session.press("space", "d")
            try await session.expectQuestion(containing: "Remove 2 networks?", "1 stopped", "unused")
            try await session.expectScreen(saying: "\(one): \(web) could not be started any more without it")
            try await session.press("y")
            try await session.expectFlash(containing: "removed 2 networks in")
            try await session.expectNoNetwork(one)
            try await session.expectNoNetwork(two)
        }

        @Test("The demo's networks can be made, joined, looked up in, left and removed too")
        func demo() async throws {
            let session = Session()
            try session.launch(.large, ["--demo"], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
            try await session.expect(row: "shop-db-1", contains: "Up ")
            try await session.press("4")
            try await session.openNetworkForm("lab", driver: "")
            try session.type("172.19.7.0/24")
            try await session.expectScreen(contains: "it overlaps with shop_back (172.19.0.0/16)")
            try await session.press("ctrl-u")
            try session.type("10.77.0.0/24")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "created network lab in")
            try await session.press("c")
            try session.type("shop-db-1")
            try await session.press("tab")
            try session.type("warehouse")
            try await session.press("tab")
            try session.type("10.77.0.9")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "connected shop-db-1 to lab as 10.77.0.9")
            try await session.expectScreen(contains: "10.77.0.9/24")
            try await session.expectScreen(contains: "warehouse")
            try await session.press("c")
            try session.type("shop-queue-1")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "connected shop-queue-1 to lab as 10.77.0.2")
            try await session.press("1")
            try await session.select("shop-queue-1")
            try await session.press("e")
            try await session.expectScreen(contains: "#")
            try session.type("nslookup warehouse", enter: true)
            try await session.expectScreen(contains: "Address: 10.77.0.9")
            try session.type("exit", enter: true)
            try await session.expect(row: "shop-queue-1", contains: "Up ")
            try await session.press("4")
            try await session.selectNetwork("lab")
            try await session.press("d", "y")
            try await session.expectQuestion(containing: "Disconnect 2 and remove lab?")
            try await session.press("y")
            try await session.expectFlash(containing: "removed network lab, 2 containers disconnected")
            try await session.openNetworkForm("lan", driver: "macvlan")
            for _ in 0..<4 { try await session.press("tab") }
            try session.type("nope0")
            try await session.press("ctrl-r")
            try await session.expectFlash(containing: "the Engine's host has no interface nope0")
        }
    }
}
