import EngineAPI
import Testing

@testable import Dashboard

@Suite struct ProcessMatchTests {
    private typealias Process = ProcessMatch.Process

    private let onHost = [
        Process(pid: 900, parent: 880, command: "nginx", age: 100),
        Process(pid: 940, parent: 900, command: "nginx", age: 99),
        Process(pid: 941, parent: 900, command: "nginx", age: 99),
        Process(pid: 1200, parent: 880, command: "sh", age: 40),
        Process(pid: 300, parent: 1200, command: "vi", age: 5),
    ]
    private let inContainer = [
        Process(pid: 1, parent: 0, command: "nginx", age: 101.5), Process(pid: 30, parent: 0, command: "sh", age: 41.1),
        Process(pid: 7, parent: 1, command: "nginx", age: 100.25),
        Process(pid: 8, parent: 1, command: "nginx", age: 100.25),
        Process(pid: 31, parent: 30, command: "vi", age: 6),
    ]

    @Test func theSameOrderOfTheSameCommandsIsTheSameProcesses() {
        // Numbers of the host have begun again meanwhile: 300 is the newest.
        let names = onHost.map { ProcessMatch.pid(of: $0.pid, onHost: onHost, inContainer: inContainer) }
        #expect(names == [1, 7, 8, 30, 31])
        #expect(ProcessMatch.pid(of: 941, onHost: onHost.reversed(), inContainer: inContainer.reversed()) == 8)
    }

    @Test func whatDoesNotAgreeIsNotGuessed() {
        func found(_ change: (inout [Process]) -> Void) -> Int? {
            var inside = inContainer
            change(&inside)
            return ProcessMatch.pid(of: 941, onHost: onHost, inContainer: inside)
        }
        #expect(found { _ in } == 8)
        // One has come or gone; another command, parent or age.
        #expect(found { $0.removeLast() } == nil)
        #expect(found { $0.append(Process(pid: 40, parent: 0, command: "sh")) } == nil)
        #expect(found { $0[4] = Process(pid: 31, parent: 30, command: "top", age: 6) } == nil)
        #expect(found { $0[3] = Process(pid: 8, parent: 7, command: "nginx", age: 100.25) } == nil)
        #expect(found { $0[1] = Process(pid: 30, parent: 1, command: "sh", age: 41) } == nil)
        #expect(found { $0[1] = Process(pid: 30, parent: 0, command: "sh", age: 50) } == nil)
        #expect(ProcessMatch.pid(of: 5, onHost: onHost, inContainer: inContainer) == nil)
        #expect(ProcessMatch.pid(of: 5, onHost: [], inContainer: []) == nil)
        // Numbers that went around more than once: ages tell.
        var scrambled = onHost
        scrambled[1] = Process(pid: 1250, parent: 900, command: "nginx", age: 99)
        #expect(ProcessMatch.pid(of: 941, onHost: scrambled, inContainer: inContainer) == nil)
    }

    @Test func bothListsAreRead() {
        let zeros = Array(repeating: "0", count: 17).joined(separator: " ")
        let stats = """
            1000.50
            1 (nginx: (x) y) S 0 \(zeros) 90000 0
            17 (sh) R 1 \(zeros) 100025
            broken
            (x) S 1 \(zeros) 1
            18 () Z 1 \(zeros) 100050
            19 (cut) S 1 0
            """
        #expect(
            ProcessMatch.processes(stats: stats) == [
                Process(pid: 1, parent: 0, command: "nginx: (x) y", age: 100.5),
                Process(pid: 17, parent: 1, command: "sh", age: 0.25), Process(pid: 18, parent: 1, command: "", age: 0),
            ])
        #expect(ProcessMatch.processes(stats: "").isEmpty)
        let rows = [["900", "880", "7", "nginx"], ["901", "900", "0", "sh <defunct>"], ["x", "1", "1", "y"], ["1"]]
        #expect(
            ProcessMatch.processes(titles: ["PID", "PPID", "ELAPSED", "COMMAND"], rows: rows) == [
                Process(pid: 900, parent: 880, command: "nginx", age: 7.5),
                Process(pid: 901, parent: 900, command: "sh", age: 0.5),
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
