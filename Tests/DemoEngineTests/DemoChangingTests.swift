import Foundation
import Testing

@testable import DemoEngine

/// What the Engine answers when something is changed, with its statuses and its words.
@Suite struct DemoChangingTests {
    @Test(
        arguments: [
            ("/containers/shop-db-1/rename?name=store", "", "204"),
            ("/containers/shop-db-1/rename?name=", "", "400 Neither old nor new names may be empty"),
            (
                "/containers/shop-db-1/rename?name=shop-db-1", "",
                "400 Renaming a container with the same name as its current name"
            ),
            ("/containers/shop-db-1/rename?name=shop-cart-1", "", "409 Error when allocating new name: Conflict."),
            (
                "/containers/shop-db-1/rename?name=a%20b", "",
                "400 Error when allocating new name: Invalid container name (a b)"
            ), ("/containers/nobody/rename?name=x1", "", "404 No such container: nobody"),
            ("/containers/shop-db-1/update", #"{"Memory":1000}"#, "400 Minimum memory limit allowed is 6MB"),
            ("/containers/shop-db-1/update", #"{"RestartPolicy":{"Name":"sometimes"}}"#, "400 invalid restart policy"),
            ("/containers/shop-db-1/update", #"{"Memory":104857600,"NanoCpus":500000000}"#, #"{"Warnings":null}"#),
            ("/containers/shop-db-1/update", #"{"NanoCpus":99000000000}"#, "400 Range of CPUs"),
            ("/volumes/create", #"{"Name":"x y"}"#, "400 create x y: \"x y\" includes invalid characters"),
            ("/volumes/create", #"{"Driver":"nfs"}"#, "404 error looking up volume plugin nfs"),
            ("/networks/create", #"{"Name":"shop_back"}"#, "409 network with name shop_back already exists"),
            ("/networks/create", #"{"Name":""}"#, "400 "),
            ("/networks/create", #"{"Name":"a","Driver":"overnet"}"#, "404 "),
            (
                "/networks/create", #"{"Name":"a","IPAM":{"Config":[{"Subnet":"172.19.1.0/24"}]}}"#,
                "403 invalid pool request: Pool overlaps"
            ), ("/networks/create", #"{"Name":"a","IPAM":{"Config":[{"Subnet":"x"}]}}"#, "400 "),
            (
                "/networks/shop_back/connect", #"{"Container":"shop-db-1"}"#,
                "403 endpoint with name shop-db-1 already exists in network shop_back"
            ), ("/networks/nothing/connect", #"{"Container":"shop-db-1"}"#, "404 network nothing not found"),
            ("/networks/shop_front/disconnect", #"{"Container":"shop-db-1"}"#, "403 container "),
            ("/networks/shop_front/disconnect", #"{"Container":"nobody","Force":true}"#, "200"),
            ("/containers/shop-db-1/wait?condition=never", "", "400 invalid condition"),
            ("/containers/shop-migrate-1/wait", "", "{\"StatusCode\":0}\n"),
            ("/containers/shop-backup-1/wait", "", "{\"StatusCode\":137}\n"),
            ("/containers/shop-migrate-1/exec", #"{"Cmd":["ls"]}"#, "409 Container "),
            ("/containers/shop-db-1/exec", "{}", "400 No exec command specified"),
            ("/containers/shop-db-1/exec", "[", "400 invalid JSON"),
            ("/containers/shop-migrate-1/resize?h=1&w=1", "", "409 "),
            ("/containers/shop-db-1/resize?h=x&w=1", "", "400 "),
            ("/containers/shop-payments-1/frob", "", "404 page not found"),
            ("/commit?container=nobody", "", "404 No such container: nobody"),
            ("/commit?container=shop-db-1&repo=A", "", "400 invalid reference format"),
            ("/build?version=2", "", "400 "), ("/build", "", "400 the context is no tar"),
            ("/images/postgres:16.4/tag?repo=A%20b", "", "400 invalid reference format"),
            ("/images/nothing/tag?repo=a", "", "404 No such image: nothing"),
            ("/images/postgres:16.4/tag?repo=mine/db&tag=1", "", "201"),
            ("/images/create", "", "400 "),
            ("/images/nothing/push", "", "404 An image does not exist locally with the tag: nothing"),
            ("/auth", #"{"username":"a","password":"wrong"}"#, "401 Get \"https://index.docker.io/v2/\": unauthorized"),
            ("/services/create", "{}", "503 This node is not a swarm manager."),
            ("/volumes/prune?filters=%7B%22x%22%3A%5B%22y%22%5D%7D", "", "400 invalid filter 'x'"),
        ] as [(String, String, String)])
    func whatIsAnswered(uri: String, body: String, answer: String) {
        var host = DemoHost.shop()
        let given = host.answer("POST", uri, body: body)
        #expect(given.hasPrefix(answer), "\(given)")
    }

    @Test func aNewNameIsFoundAndToldAndTheOldOneIsFree() throws {
        var host = DemoHost.shop()
        let before = host.nextHappening
        #expect(host.answer("POST", "/containers/shop-db-1/rename?name=store") == "204")
        #expect(try host.find("store").spec.service == "db")
        #expect(throws: DemoHost.Refusal.self) { try host.find("shop-db-1") }
        #expect(host.happenings.last?.attributes["oldName"] == "/shop-db-1" && host.nextHappening == before + 1)
        #expect(host.answer("POST", "/containers/shop-cart-1/rename?name=shop-db-1") == "204")
    }

    @Test func limitsThatChangeAreThoseThatCount() throws {
        var host = DemoHost.shop()
        _ = host.answer(
            "POST", "/containers/shop-search-1/update", body: #"{"Memory":1073741824,"RestartPolicy":{"Name":"no"}}"#)
        let details = host.answer("GET", "/containers/shop-search-1/json")
        #expect(details.contains("\"Memory\":1073741824") && details.contains("\"RestartPolicy\":{\"Name\":\"no\""))
        #expect(
            try #require(Usage(try host.find("shop-search-1"), epoch: host.epoch, at: host.now)).memory <= 1_073_741_824
        )
        _ = host.answer("POST", "/containers/shop-search-1/kill?signal=9")
        host.advance(by: .minute)
        #expect(try host.state("shop-search-1") == .exited)
    }

    @Test func aContainerThatRemovesItselfIsGoneWithItsVolumeAndTheWaitKnowsItsCode() throws {
        var host = DemoHost.shop()
        let made = host.answer(
            "POST", "/containers/create?name=once",
            body:
                #"{"Image":"debian:12-slim","Cmd":["sh","-c","echo a; sleep 1; exit 5"],"HostConfig":{"AutoRemove":true,"Mounts":[{"Type":"volume","Target":"/data"}]}}"#
        )
        #expect(made.contains("\"Id\""))
        let volumes = host.volumes.count
        var wait = WaitStream(try host.find("once"), .removed)
        _ = host.answer("POST", "/containers/once/start")
        #expect(wait.next(&host).bytes.isEmpty)
        host.advance(by: 3 * .second)
        #expect(throws: DemoHost.Refusal.self) { try host.find("once") }
        #expect(String(decoding: wait.next(&host).bytes, as: UTF8.self) == "{\"StatusCode\":5}\n")
        #expect(host.volumes.count == volumes - 1)
        #expect(host.story(of: "once") == ["create", "start", "die 5", "destroy"])
    }

    @Test func aCommandDoesWhatItSays() throws {
        var host = DemoHost.shop()
        func make(_ name: String, _ command: String, _ more: String = "") {
            let body = #"{"Image":"debian:12-slim","Cmd":\#(command)\#(more)}"#
            let answer = host.answer("POST", "/containers/create?name=\(name)", body: body)
            #expect(answer.contains("\"Id\""), "\(answer)")
        }
        make("loop", #"["sh","-c","echo begin; while true; do echo tick; sleep 2; done"]"#)
        make("again", #"["false"]"#, #","HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":2}}"#)
        make("long", #"["sleep","1000"]"#)
        make("bare", "null")
        make("wrong", #"["frobnicate"]"#)
        for name in ["loop", "again", "long", "bare"] {
            #expect(host.answer("POST", "/containers/\(name)/start") == "204")
        }
        #expect(host.answer("POST", "/containers/wrong/start").hasPrefix("400 failed to create task for container"))
        host.advance(by: 30 * .second)
        #expect(try host.state("loop") == .running && host.state("long") == .running)
        let lines = try host.log("loop").lines(after: .min, limit: 100).map(\.text)
        #expect(lines.first == "begin" && lines.count(where: { $0 == "tick" }) > 8)
        let again = try host.find("again")
        #expect(again.state == .exited && again.exitCode == 1 && again.restartCount == 2)
        // A shell without anybody who types ends at once.
        #expect(try host.state("bare") == .exited)
        let wrong = host.answer("GET", "/containers/wrong/json")
        #expect(wrong.contains("\"ExitCode\":127") && wrong.contains("executable file not found"))
    }

    @Test func whatWasAskedForIsWhatIsInspected() throws {
        var host = DemoHost.shop()
        let body =
            #"{"Image":"redis:7.4-alpine","Hostname":"cache","WorkingDir":"/srv","Env":["A=b"],"ExposedPorts":{"53/udp":{}},"HostConfig":{"Binds":["/srv/x:/x:ro","keep:/data"],"CapAdd":["NET_ADMIN"],"Memory":67108864,"NetworkMode":"shop_back"},"NetworkingConfig":{"EndpointsConfig":{"shop_front":{"Aliases":["c"]}}}}"#
        _ = host.answer("POST", "/containers/create?name=mine", body: body)
        _ = host.answer("POST", "/containers/mine/start")
        let text = host.answer("GET", "/containers/mine/json")
        for part in [
            "\"Hostname\":\"cache\"", "\"WorkingDir\":\"/srv\"", "\"A=b\"", "\"CapAdd\":[\"NET_ADMIN\"]",
            "\"Memory\":67108864", "\"53/udp\":null", "\"Aliases\":[\"c\"",
            "\"Source\":\"/srv/x\",\"Destination\":\"/x\"", "\"RW\":false", "\"Name\":\"keep\"", "\"shop_back\":",
            "\"shop_front\":",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(host.answer("DELETE", "/volumes/keep").hasPrefix("409 remove keep: volume is in use"))
    }

    @Test func filesAreLookedAtPutInAndTakenOut() throws {
        var host = DemoHost.shop()
        let stat = host.answer("HEAD", "/containers/shop-gateway-1/archive?path=/etc/nginx/nginx.conf")
        let base64 = try #require(stat.split(separator: ": ").last.map(String.init))
        let json = String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        #expect(json.contains("\"name\":\"nginx.conf\"") && json.contains("\"mode\":420"))
        #expect(
            host.answer("HEAD", "/containers/shop-gateway-1/archive?path=/nowhere").hasPrefix(
                "404 Could not find the file /nowhere"))
        #expect(
            host.answer("PUT", "/containers/shop-gateway-1/archive?path=/etc/hostname").hasPrefix(
                "400 extraction point is not a directory"))
        // Large files keep their size only.
        let before = host.bytesWritten
        var request = DemoRequest(method: "PUT", uri: "/containers/shop-gateway-1/archive?path=/tmp")
        request.tar = request.scanner
        request.tar?.take(DemoTar.entry("small", "abc".utf8, at: 0))
        request.tar?.take(DemoTar.entry("large", [UInt8](repeating: 1, count: 1 << 20), at: 0))
        request.tar?.take(DemoTar.entry("../escape", "x".utf8, at: 0) + DemoTar.end)
        guard case .status(200) = Router.answer(request, &host, DemoFaults()) else {
            Issue.record("it was not taken")
            return
        }
        #expect(host.bytesWritten == before + 3)
        let files = host.files(of: try host.find("shop-gateway-1"))
        #expect(
            files["/tmp/large"]?.size == 1 << 20 && files["/tmp/small"]?.data == Array("abc".utf8)
                && files["/escape"] == nil)
        let changes = host.answer("GET", "/containers/shop-gateway-1/changes")
        #expect(changes.contains(#"{"Path":"/tmp","Kind":0}"#) && changes.contains(#"{"Path":"/tmp/large","Kind":1}"#))
        // With the container they go.
        _ = host.answer("DELETE", "/containers/shop-gateway-1?force=1")
        #expect(host.bytesWritten == before && host.overlays.isEmpty)
    }

    @Test func whatNobodyUsesGoesAndNothingElse() throws {
        var host = DemoHost.shop()
        _ = host.answer("POST", "/networks/create", body: #"{"Name":"lab"}"#)
        _ = host.answer("POST", "/volumes/create", body: #"{"Name":"kept","Labels":{"keep":"1"}}"#)
        #expect(host.answer("POST", "/networks/prune").contains(#"["lab"]"#))
        // By default only volumes without a name; before 1.42 all.
        #expect(host.answer("POST", "/volumes/prune").contains(#""VolumesDeleted":[]"#))
        let filter = #"{"label!":["keep"]}"#.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let old = host.answer("POST", "/v1.41/volumes/prune?filters=\(filter)")
        #expect(old.contains("shop_db-data-old") && !old.contains("kept"))
        let containers = host.answer("POST", "/containers/prune")
        #expect(containers.contains("\"SpaceReclaimed\":") && host.containers.count(where: { $0 != nil }) == 13)
        let dangling = host.answer("POST", "/images/prune")
        #expect(
            dangling.contains("\"Deleted\"") && !dangling.contains("Untagged")
                && host.images.allSatisfy { !$0.tags.isEmpty })
        let all = host.answer("POST", "/images/prune?filters=%7B%22dangling%22%3A%5B%22false%22%5D%7D")
        #expect(all.contains("debian:12-slim") && host.images.contains { $0.tags == ["postgres:16.4"] })
        let told = host.happenings.suffix(60).filter { $0.action == "prune" }.map(\.type)
        #expect(told == ["network", "volume", "volume", "container", "image", "image"])
    }

    @Test func theDisksUseAddsUp() throws {
        var host = DemoHost.shop()
        let layers = host.layerBytes
        #expect(layers < host.images.reduce(0) { $0 + $1.size })
        let use = host.answer("GET", "/system/df")
        #expect(
            use.contains("\"LayersSize\":\(layers)") && use.contains("\"SizeRootFs\"") && use.contains("\"RefCount\":1")
        )
        #expect(!host.answer("GET", "/system/df?type=volume").contains("LayersSize"))
        let row = host.answer("GET", "/containers/json?size=1")
        #expect(row.contains("\"SizeRw\":"))
        #expect(!host.answer("GET", "/containers/json").contains("\"SizeRw\":"))
    }

    @Test func requestsAreCountedByTheirKind() {
        func kind(_ method: String, _ uri: String) -> String { DemoRequest(method: method, uri: uri).kind }
        #expect(kind("GET", "/v1.41/containers/json?all=1") == "GET /containers/json")
        #expect(kind("GET", "/containers/abc/stats") == "GET /containers/{id}/stats")
        #expect(kind("DELETE", "/images/a/b:1") == "DELETE /images/{id}")
        #expect(kind("POST", "/images/registry.example.com/a/push") == "POST /images/{id}/push")
        #expect(kind("BREW", "/coffee") == "other")
    }
}
