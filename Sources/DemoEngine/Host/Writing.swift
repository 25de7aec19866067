/// A line as a container wrote it.
struct DemoLine: Hashable, Sendable {
    var time: Nanoseconds
    var isError: Bool
    var text: String
}

/// How a container's log reads: each kind of program has its own way.
enum Writing: Sendable {
    case access, json, logfmt, spring, checkout, crashing, search, postgres, redis, queue, celery, clicks, migration
    case backup
    /// What a command of a person's own prints: at first, and then again and again.
    case words(first: [String], again: [String])

    typealias Text = (isError: Bool, text: String)

    private static let paths = [
        "/", "/products", "/products/4711", "/products/0815", "/cart", "/checkout", "/api/search?q=kettle",
        "/static/app.8c1f.js", "/static/logo.svg", "/healthz",
    ]
    private static let products = ["kettle", "teapot", "espresso machine", "grinder", "Bräter", "急須", "mug ☕"]
    private static let agents = [
        "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X)", "curl/8.5.0", "Googlebot/2.1",
    ]

    /// What a place in the log has: nothing, a line, or several (a stack trace).
    func lines(_ random: inout SplitMix, at time: Nanoseconds) -> [Text] {
        switch self {
        case .access: access(&random, time)
        case .json: json(&random, time)
        case .logfmt: logfmt(&random, time)
        case .spring: spring(&random, time)
        case .checkout: checkout(&random)
        case .crashing: crashing(&random, time)
        case .search: search(&random, time)
        case .postgres: postgres(&random, time)
        case .redis: redis(&random, time)
        case .queue: queue(&random, time)
        case .celery: celery(&random, time)
        case .clicks: clicks(&random, time)
        case .words(_, let again): again.map { (false, $0) }
        case .migration: [(false, "applied \(random.hex(8)).sql in \(random.below(900) + 20) ms")]
        case .backup:
            [
                (
                    false,
                    "uploaded part \(random.below(400)) (\(random.below(64) + 1) MB), rss \(random.below(20) + 100) MB"
                )
            ]
        }
    }

    /// What it writes when it starts.
    func beginning(_ random: inout SplitMix, at time: Nanoseconds) -> [Text] {
        switch self {
        case .access:
            [
                (false, "/docker-entrypoint.sh: Configuration complete; ready for start up"),
                (true, "\(Self.slashed(time)) [notice] 1#1: nginx/1.27.3"),
                (true, "\(Self.slashed(time)) [notice] 1#1: start worker processes"),
            ]
        case .spring:
            [
                (false, "  .   ____          _            __ _ _"),
                (false, " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\"),
                (false, " :: Spring Boot ::                (v3.3.5)"), (false, ""),
                (
                    false,
                    "\(time.rfc3339.prefix(23))Z  INFO 1 --- [main] shop.catalog.Application : Started in 4.181 seconds"
                ),
            ]
        case .crashing:
            [
                (false, "\(time.rfc3339.prefix(19))Z INFO  payments 1.4.0 starting"),
                (false, "\(time.rfc3339.prefix(19))Z INFO  reading keys from https://vault.example.com:8200"),
            ]
        case .postgres:
            [
                (true, "\(Self.spaced(time)) UTC [1] LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-gnu"),
                (true, "\(Self.spaced(time)) UTC [1] LOG:  database system is ready to accept connections"),
            ]
        case .redis:
            [(false, "1:M \(Self.spaced(time)) * Ready to accept connections tcp")]
        case .backup: [(false, "full backup of shop begins")]
        case .words(let first, _): first.map { (false, $0) }
        default: [(false, "starting, pid 1")]
        }
    }

    /// What it writes when it is asked to end.
    func goodbye(at time: Nanoseconds) -> [Text] {
        switch self {
        case .access: [(true, "\(Self.slashed(time)) [notice] 1#1: signal 15 (SIGTERM) received, exiting")]
        case .json:
            [(false, #"{"level":"info","time":"\#(time.rfc3339)","msg":"SIGTERM received, draining connections"}"#)]
        case .postgres:
            [
                (true, "\(Self.spaced(time)) UTC [1] LOG:  received fast shutdown request"),
                (true, "\(Self.spaced(time)) UTC [1] LOG:  database system is shut down"),
            ]
        case .queue, .words: []
        case .celery: [(true, "worker: Warm shutdown (MainProcess)")]
        default: [(false, "received SIGTERM, shutting down")]
        }
    }

    /// What it writes when it ends by itself.
    func ending(code: Int) -> [Text] {
        switch self {
        case .crashing:
            [
                (true, "panic: vault: permission denied: secret/data/payments/signing-key"), (true, ""),
                (true, "goroutine 1 [running]:"),
                (true, "main.loadKeys({0xc000012345, 0x2c})"), (true, "\t/src/payments/keys.go:88 +0x1d4"),
                (true, "main.serve()"), (true, "\t/src/payments/serve.go:41 +0x6f"),
                (true, "main.main()"), (true, "\t/src/payments/main.go:19 +0x27"), (true, "exit status 2"),
            ]
        case .migration: code == 0 ? [(false, "all migrations applied")] : [(true, "ERROR migration failed")]
        // Who is killed for memory says nothing more.
        case .backup, .words: []
        default: [(code != 0, "exiting with status \(code)")]
        }
    }

    private func access(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let status = random.often(930) ? 200 : random.pick([301, 304, 404, 404, 499, 502])
        let line =
            "\(random.below(220) + 1).\(random.below(255)).\(random.below(255)).\(random.below(255)) - - "
            + "[\(Self.spaced(time)) +0000] \"\(random.pick(["GET", "GET", "GET", "POST"])) \(random.pick(Self.paths)) "
            + "HTTP/2.0\" \(status) \(random.below(60_000)) \"-\" \"\(random.pick(Self.agents))\""
        guard status == 502 else { return [(false, line)] }
        return [
            (
                true,
                "\(Self.slashed(time)) [error] 31#31: *\(random.below(90_000)) connect() failed (111: Connection refused) while connecting to upstream, upstream: \"http://172.19.0.8:5000/checkout\""
            ),
            (false, line),
        ]
    }

    private func json(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let level = random.often(900) ? "info" : random.often(700) ? "warn" : "error"
        let took = random.below(level == "info" ? 90 : 4000)
        let message =
            switch level {
            case "info": "request completed"
            case "warn": "slow request"
            default: "upstream failed: checkout answered 503"
            }
        return [
            (
                level == "error",
                #"{"level":"\#(level)","time":"\#(time.rfc3339)","msg":"\#(message)","req":{"id":"\#(random.hex(12))","method":"GET","url":"\#(random.pick(Self.paths))"},"res":{"status":\#(level == "error" ? 502 : 200)},"ms":\#(took),"product":"\#(random.pick(Self.products))"}"#
            )
        ]
    }

    private func logfmt(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let level = random.often(600) ? "info" : random.often(800) ? "debug" : "warn"
        let verb = random.pick(["cart.get", "cart.add", "cart.remove", "session.touch", "price.lookup"])
        return [
            (
                level == "warn",
                "ts=\(time.rfc3339) level=\(level) op=\(verb) user=u-\(random.below(9000) + 1000) items=\(random.below(9)) dur=\(random.below(40) + 1)ms"
                    + (level == "warn" ? " msg=\"cache miss, retrying\" attempt=\(random.below(4) + 1)" : "")
            )
        ]
    }

    private func spring(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let head = "\(time.rfc3339.prefix(23))Z"
        let thread = "[nio-8080-exec-\(random.below(10) + 1)]"
        if random.often(940) {
            return [
                (
                    false,
                    "\(head)  INFO 1 --- \(thread) s.catalog.ProductController : served \(random.below(48) + 1) products in \(random.below(120)) ms"
                )
            ]
        }
        return [
            (
                true,
                "\(head) ERROR 1 --- \(thread) s.catalog.SearchClient : search timed out after 3000 ms"
            ),
            (true, "java.net.http.HttpTimeoutException: request timed out"),
            (true, "\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:963)"),
            (true, "\tat shop.catalog.SearchClient.query(SearchClient.java:\(random.below(200) + 40))"),
            (true, "\tat shop.catalog.ProductController.search(ProductController.java:77)"),
            (true, "\tat java.base/java.lang.Thread.run(Thread.java:1583)"),
            (true, "Caused by: java.net.SocketTimeoutException: Read timed out"),
            (true, "\t... 42 more"),
        ]
    }

    private func checkout(_ random: inout SplitMix) -> [Text] {
        if random.often(700) {
            return [(false, "\u{1B}[32minfo\u{1B}[0m: Checkout.Orders[0] order \(random.hex(8)) waits for payment")]
        }
        if random.often(600) {
            return [
                (
                    false,
                    "\u{1B}[33mwarn\u{1B}[0m: Checkout.Payments[14] payments:9090 refused, retry in \(random.below(9) + 1) s"
                )
            ]
        }
        return [
            (true, "\u{1B}[41mfail\u{1B}[0m: Checkout.Health[3] health check \u{1B}[1mpayments\u{1B}[0m failed"),
            (true, "      System.Net.Http.HttpRequestException: Connection refused (payments:9090)"),
            (true, "         at Checkout.PaymentsClient.PingAsync() in /src/PaymentsClient.cs:line 58"),
        ]
    }

    private func crashing(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let head = "\(time.rfc3339.prefix(19))Z"
        return random.often(500)
            ? [(true, "\(head) WARN  vault answered 403, attempt \(random.below(5) + 1) of 5")]
            : [(false, "\(head) DEBUG waiting for signing-key")]
    }

    private func search(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let head = "[\(time.rfc3339.prefix(19)),\(time.rfc3339.dropFirst(20).prefix(3))]"
        if random.often(600) {
            return [
                (
                    false,
                    "\(head)[INFO ][o.o.i.s.IndexShard] [search] [products][\(random.below(5))] refreshed in \(random.below(80)) ms"
                )
            ]
        }
        let used = 940 + random.below(60)
        return [
            (
                false,
                "\(head)[WARN ][o.o.m.j.JvmGcMonitorService] [search] [gc][\(random.below(99_999))] overhead, spent [\(random.below(900) + 100)ms] collecting in the last [1s], [\(used)mb]->[\(used - 30)mb]/[1gb]"
            )
        ]
    }

    private func postgres(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let head = "\(Self.spaced(time)) UTC [\(random.below(400) + 60)]"
        if random.often(80) {
            return [
                (true, "\(head) ERROR:  deadlock detected"),
                (
                    true,
                    "\(head) DETAIL:  Process 311 waits for ShareLock on transaction 88121; blocked by process 297."
                ),
                (true, "\(head) STATEMENT:  UPDATE stock SET count = count - 1 WHERE product = \(random.below(9000))"),
            ]
        }
        if random.often(300) {
            return [
                (
                    true,
                    "\(head) LOG:  checkpoint complete: wrote \(random.below(900)) buffers (\(random.below(9)).\(random.below(9))%)"
                )
            ]
        }
        return [
            (
                true,
                "\(head) LOG:  duration: \(random.below(900) + 100).\(random.below(900)) ms  statement: SELECT * FROM orders WHERE customer = \(random.below(90_000))"
            )
        ]
    }

    private func redis(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        [(false, "1:M \(Self.spaced(time)) * \(random.below(900) + 1) changes in 60 seconds. Saving...")]
    }

    private func queue(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let level = random.often(900) ? "info" : "warning"
        return [
            (
                false,
                "\(Self.spaced(time)).\(random.below(900) + 100)000+00:00 [\(level)] <0.\(random.below(9000)).0> "
                    + (level == "info"
                        ? "accepting AMQP connection 172.19.0.\(random.below(20) + 2):\(random.below(30_000) + 30_000) -> 172.19.0.12:5672"
                        : "closing AMQP connection: client unexpectedly closed TCP connection")
            )
        ]
    }

    private func celery(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        let head = "[\(Self.spaced(time)),\(random.below(900) + 100)"
        let task = random.pick(["shop.mail.send_receipt", "shop.images.resize", "shop.stock.sync"])
        if random.often(930) {
            return [
                (
                    false,
                    "\(head): INFO/ForkPoolWorker-\(random.below(4) + 1)] Task \(task)[\(random.hex(8))] succeeded in \(random.below(3)).\(random.below(900) + 100)s"
                )
            ]
        }
        return [
            (
                true,
                "\(head): ERROR/ForkPoolWorker-\(random.below(4) + 1)] Task \(task)[\(random.hex(8))] raised unexpected: SMTPServerDisconnected()"
            ),
            (true, "Traceback (most recent call last):"),
            (true, "  File \"/app/shop/mail.py\", line \(random.below(90) + 10), in send_receipt"),
            (true, "    server.send_message(message)"),
            (true, "smtplib.SMTPServerDisconnected: Connection unexpectedly closed"),
        ]
    }

    private func clicks(_ random: inout SplitMix, _ time: Nanoseconds) -> [Text] {
        [
            (
                false,
                #"{"ts":"\#(time.rfc3339)","event":"\#(random.pick(["view", "view", "view", "click", "scroll", "add_to_cart"]))","session":"\#(random.hex(10))","path":"\#(random.pick(Self.paths))","x":\#(random.below(1920)),"y":\#(random.below(1080))}"#
            )
        ]
    }

    /// `2026-11-24 04:14:02`.
    private static func spaced(_ time: Nanoseconds) -> String {
        let text = time.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// `2026/11/24 04:14:02`.
    private static func slashed(_ time: Nanoseconds) -> String { spaced(time).replacing("-", with: "/") }
}
