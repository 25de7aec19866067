import EngineAPI
import Testing

@testable import Dashboard

@Suite struct ProcessMatchTests {
    private typealias Process = ProcessMatch.Process

    private let onHost = [
        Process(pid: 900, parent: 880, command: "nginx"), Process(pid: 940, parent: 900, command: "nginx"),
        Process(pid: 941, parent: 900, command: "nginx"), Process(pid: 1200, parent: 880, command: "sh"),
        Process(pid: 1300, parent: 1200, command: "vi"),
    ]
    private let inContainer = [
        Process(pid: 1, parent: 0, command: "nginx"), Process(pid: 30, parent: 0, command: "sh"),
        Process(pid: 7, parent: 1, command: "nginx"), Process(pid: 8, parent: 1, command: "nginx"),
        Process(pid: 31, parent: 30, command: "vi"),
    ]

    @Test func theSameOrderOfTheSameCommandsIsTheSameProcesses() {
        let names = onHost.map { ProcessMatch.pid(of: $0.pid, onHost: onHost, inContainer: inContainer) }
        #expect(names == [1, 7, 8, 30, 31])
        let few = Array(inContainer.shuffled())
        #expect(ProcessMatch.pid(of: 941, onHost: onHost.reversed(), inContainer: few) == 8)
    }

    @Test func whatDoesNotAgreeIsNotGuessed() {
        func found(_ change: (inout [Process]) -> Void) -> Int? {
            var inside = inContainer
            change(&inside)
            return ProcessMatch.pid(of: 941, onHost: onHost, inContainer: inside)
        }
        // One has come or gone, another command, another parent, an order that went around.
        #expect(found { $0.removeLast() } == nil)
        #expect(found { $0.append(Process(pid: 40, parent: 0, command: "sh")) } == nil)
        #expect(found { $0[4] = Process(pid: 31, parent: 30, command: "top") } == nil)
        #expect(found { $0[3] = Process(pid: 8, parent: 7, command: "nginx") } == nil)
        #expect(found { $0[1] = Process(pid: 2, parent: 0, command: "sh") } == nil)
        #expect(found { $0[1] = Process(pid: 30, parent: 1, command: "sh") } == nil)
        #expect(ProcessMatch.pid(of: 5, onHost: onHost, inContainer: inContainer) == nil)
        #expect(ProcessMatch.pid(of: 5, onHost: [], inContainer: []) == nil)
    }

    @Test func bothListsAreRead() {
        let stats = """
            1 (nginx: (x) y) S 0 1 1 0 -1
            17 (sh) R 1 17
            broken
            (x) S 1
            18 () Z 1 18
            """
        #expect(
            ProcessMatch.processes(stats: stats) == [
                Process(pid: 1, parent: 0, command: "nginx: (x) y"), Process(pid: 17, parent: 1, command: "sh"),
                Process(pid: 18, parent: 1, command: ""),
            ])
        let rows = [["900", "880", "nginx"], ["901", "900", "sh <defunct>"], ["x", "1", "y"], ["1"]]
        #expect(
            ProcessMatch.processes(titles: ["PID", "PPID", "COMMAND"], rows: rows) == [
                Process(pid: 900, parent: 880, command: "nginx"), Process(pid: 901, parent: 900, command: "sh"),
            ])
        #expect(ProcessMatch.processes(titles: ["UID", "PID"], rows: rows).isEmpty)
    }
}

@Suite struct ContainerAddressTests {
    @Test func publishedPortsAreOneAddressForBothFamilies() {
        var back = ContainerDetails.Attachment()
        back.name = "back"
        back.ipAddress = "172.20.0.2"
        let ports = [
            PortMapping(hostIP: "0.0.0.0", publicPort: 8080, privatePort: 80),
            PortMapping(hostIP: "::", publicPort: 8080, privatePort: 80),
            PortMapping(hostIP: "127.0.0.1", publicPort: 8443, privatePort: 443),
            PortMapping(hostIP: "::1", publicPort: 53, privatePort: 53, proto: "udp"), PortMapping(privatePort: 9000),
        ]
        let found = ContainerAddress.all(ports: ports, networks: [back, .init()], host: nil)
        #expect(
            found.map { "\($0.text) \($0.target) \($0.url ?? "-")" } == [
                "localhost:8080 80/tcp http://localhost:8080", "127.0.0.1:8443 443/tcp https://127.0.0.1:8443",
                "[::1]:53 53/udp -", "172.20.0.2:80 80/tcp in back http://172.20.0.2:80",
                "172.20.0.2:443 443/tcp in back https://172.20.0.2:443", "172.20.0.2:53 53/udp in back -",
                "172.20.0.2:9000 9000/tcp in back http://172.20.0.2:9000",
            ])
        let far = ContainerAddress.all(ports: [ports[0]], networks: [], host: "10.0.0.5")
        #expect(far.map(\.url) == ["http://10.0.0.5:8080"])
    }
}
