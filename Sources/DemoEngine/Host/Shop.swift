/// The believable host: a web shop of 15 containers, and what else there may be for scale.
enum Shop {
    private static let megabyte = 1024.0 * 1024
    private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    static let project = "shop"

    /// The services, in the order in which their containers are made.
    static let specs: [Spec] = [
        Spec(
            "gateway", image: "nginx:1.27-alpine", command: ["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"],
            environment: [path, "NGINX_VERSION=1.27.3", "UPSTREAM=storefront:3000"],
            ports: [.init(inside: 80, outside: 8080), .init(inside: 443, outside: 8443)],
            networks: ["shop_front", "shop_back"], health: .well, beginning: .running(since: 12 * .day + 3 * .hour),
            use: .init(cpu: 3, memory: 24 * megabyte, swing: 0.7, received: 180_000, sent: 1_400_000, pids: 5),
            writing: .access, perSecond: 5),
        Spec(
            "storefront", image: "registry.example.com/shop/storefront:2.14.0", command: ["node", "server.js"],
            environment: [path, "NODE_ENV=production", "PORT=3000", "CATALOG_URL=http://catalog:8080"], user: "node",
            ports: [.init(inside: 3000)], networks: ["shop_front", "shop_back"], memoryLimit: 512 << 20,
            health: .well, beginning: .running(since: 2 * .day + 5 * .hour),
            use: .init(cpu: 18, memory: 190 * megabyte, swing: 0.6, received: 90_000, sent: 420_000, pids: 11),
            writing: .json, perSecond: 2),
        Spec(
            "storefront", image: "registry.example.com/shop/storefront:2.14.0", command: ["node", "server.js"],
            environment: [path, "NODE_ENV=production", "PORT=3000", "CATALOG_URL=http://catalog:8080"], user: "node",
            ports: [.init(inside: 3000)], networks: ["shop_front", "shop_back"], memoryLimit: 512 << 20,
            health: .well, beginning: .running(since: 2 * .day + 5 * .hour),
            use: .init(cpu: 15, memory: 176 * megabyte, swing: 0.6, received: 80_000, sent: 390_000, pids: 11),
            writing: .json, perSecond: 2),
        Spec(
            "cart", image: "registry.example.com/shop/cart:1.9.3", command: ["/cart", "--listen", ":7070"],
            environment: ["REDIS_ADDR=cache:6379", "LOG_LEVEL=debug"], user: "65532", ports: [.init(inside: 7070)],
            memoryLimit: 128 << 20, health: .well, beginning: .running(since: 2 * .day + 5 * .hour),
            use: .init(cpu: 4, memory: 31 * megabyte, received: 40_000, sent: 36_000, pids: 9),
            writing: .logfmt, perSecond: 1.5),
        Spec(
            "catalog", image: "registry.example.com/shop/catalog:4.2.1",
            command: ["java", "-Xmx512m", "-jar", "/app/catalog.jar"],
            environment: [path, "JAVA_VERSION=21.0.5", "SPRING_PROFILES_ACTIVE=prod", "DB_PASSWORD=correct-horse"],
            ports: [.init(inside: 8080)], memoryLimit: 768 << 20, processors: 2, health: .well,
            beginning: .running(since: 2 * .day + 5 * .hour),
            use: .init(
                cpu: 42, memory: 540 * megabyte, swing: 0.8, received: 60_000, sent: 210_000, written: 4000, pids: 48),
            writing: .spring, perSecond: 1, goodbye: 1600 * .millisecond, goodbyeCode: 143),
        Spec(
            "checkout", image: "registry.example.com/shop/checkout:3.0.0-rc2",
            command: ["dotnet", "Checkout.dll"], environment: [path, "ASPNETCORE_URLS=http://+:5000"],
            ports: [.init(inside: 5000)], memoryLimit: 256 << 20, health: .failing,
            beginning: .running(since: 47 * .minute),
            use: .init(cpu: 9, memory: 121 * megabyte, received: 12_000, sent: 9_000, pids: 22),
            writing: .checkout, perSecond: 1),
        Spec(
            "payments", image: "registry.example.com/shop/payments:1.4.0", command: ["/payments", "serve"],
            environment: ["VAULT_ADDR=https://vault.example.com:8200"], user: "65532", ports: [.init(inside: 9090)],
            memoryLimit: 64 << 20, restartPolicy: "always",
            fate: .ends(after: 6500 * .millisecond, code: 2, outOfMemory: false),
            beginning: .running(since: 2 * .second),
            use: .init(cpu: 22, memory: 18 * megabyte, received: 900, sent: 700, pids: 6),
            writing: .crashing, perSecond: 1.2),
        Spec(
            "search", image: "opensearchproject/opensearch:2.18.0",
            command: ["./opensearch-docker-entrypoint.sh", "opensearch"],
            environment: [path, "discovery.type=single-node", "OPENSEARCH_JAVA_OPTS=-Xms1g -Xmx1g"], user: "1000",
            ports: [.init(inside: 9200), .init(inside: 9600)],
            mounts: [.init(volume: "shop_search-data", destination: "/usr/share/opensearch/data")],
            memoryLimit: 1536 << 20, health: .well, beginning: .running(since: 9 * .day),
            use: .init(
                cpu: 61, memory: 1490 * megabyte, swing: 0.02, received: 150_000, sent: 310_000, read: 30_000,
                written: 240_000, pids: 93),
            writing: .search, perSecond: 0.5, goodbye: 2400 * .millisecond, goodbyeCode: 143),
        Spec(
            "db", image: "postgres:16.4", command: ["docker-entrypoint.sh", "postgres"],
            environment: [
                path, "POSTGRES_DB=shop", "POSTGRES_PASSWORD=correct-horse", "PGDATA=/var/lib/postgresql/data",
            ],
            ports: [.init(inside: 5432, outside: 15432)],
            mounts: [.init(volume: "shop_db-data", destination: "/var/lib/postgresql/data")],
            health: .well, beginning: .running(since: 23 * .day),
            use: .init(
                cpu: 12, memory: 840 * megabyte, swing: 0.3, received: 110_000, sent: 380_000, read: 90_000,
                written: 410_000, pids: 29),
            writing: .postgres, perSecond: 0.6, goodbye: 700 * .millisecond),
        Spec(
            "cache", image: "redis:7.4-alpine", command: ["docker-entrypoint.sh", "redis-server", "--save", "60", "1"],
            environment: [path, "REDIS_VERSION=7.4.1"], ports: [.init(inside: 6379)],
            mounts: [.init(volume: nil, destination: "/data")], tty: true, health: .well,
            beginning: .running(since: 23 * .day),
            use: .init(cpu: 1.2, memory: 58 * megabyte, swing: 0.2, received: 50_000, sent: 90_000, pids: 6),
            writing: .redis, perSecond: 0.3),
        // It takes no SIGTERM: a stop lasts its ten seconds.
        Spec(
            "queue", image: "rabbitmq:3.13-management", command: ["docker-entrypoint.sh", "rabbitmq-server"],
            environment: [path, "RABBITMQ_DEFAULT_USER=shop"],
            ports: [.init(inside: 5672), .init(inside: 15672, outside: 15672)],
            mounts: [.init(volume: "shop_queue-data", destination: "/var/lib/rabbitmq")],
            beginning: .running(since: 23 * .day),
            use: .init(cpu: 2.5, memory: 148 * megabyte, swing: 0.1, received: 30_000, sent: 30_000, pids: 37),
            writing: .queue, perSecond: 0.25, goodbye: nil),
        Spec(
            "worker", image: "registry.example.com/shop/worker:5.1.0", command: ["celery", "-A", "shop", "worker"],
            environment: [path, "PYTHONUNBUFFERED=1", "BROKER=amqp://queue"], user: "app", memoryLimit: 384 << 20,
            beginning: .running(since: 6 * .hour),
            use: .init(cpu: 33, memory: 210 * megabyte, swing: 0.9, received: 20_000, sent: 8_000, pids: 5),
            writing: .celery, perSecond: 1.2, goodbye: 1200 * .millisecond),
        Spec(
            "clickstream", image: "registry.example.com/shop/clickstream:0.8.2", command: ["/clickstream", "--stdout"],
            environment: ["SAMPLE_RATE=1.0"], memoryLimit: 256 << 20, beginning: .running(since: 95 * .minute),
            use: .init(cpu: 27, memory: 74 * megabyte, received: 240_000, sent: 120_000, pids: 10),
            writing: .clicks, perSecond: 50),
        Spec(
            "migrate", image: "registry.example.com/shop/catalog:4.2.1", command: ["/app/migrate.sh", "--up"],
            environment: [path], restartPolicy: "no",
            fate: .ends(after: 8 * .second, code: 0, outOfMemory: false), beginning: .exited(ago: 2 * .day + 5 * .hour),
            use: .init(cpu: 55, memory: 96 * megabyte, pids: 14), writing: .migration, perSecond: 2),
        Spec(
            "backup", image: "registry.example.com/shop/backup:1.0.4", command: ["/backup.sh", "--full"],
            environment: [path, "S3_BUCKET=shop-backups"],
            mounts: [.init(volume: "shop_backups", destination: "/backups")], memoryLimit: 128 << 20,
            restartPolicy: "no", fate: .ends(after: 25 * .second, code: 137, outOfMemory: true),
            beginning: .exited(ago: 5 * .hour),
            use: .init(cpu: 70, memory: 116 * megabyte, swing: 0.08, read: 6e6, written: 2e6, pids: 3),
            writing: .backup, perSecond: 1),
    ]

    /// What there is beyond the shop when more is asked for: many of a few kinds.
    static let fleet: [Spec] = [
        Spec(
            "api", image: "registry.example.com/fleet/api:7.0.1", command: ["/api", "--listen", ":8000"],
            networks: ["bridge"], memoryLimit: 64 << 20, health: .well, beginning: .running(since: 4 * .day),
            use: .init(cpu: 0.4, memory: 22 * megabyte), writing: .logfmt, perSecond: 0.5),
        Spec(
            "edge", image: "nginx:1.27-alpine", command: ["nginx", "-g", "daemon off;"], networks: ["bridge"],
            beginning: .running(since: 30 * .day), use: .init(cpu: 0.2, memory: 9 * megabyte, pids: 5),
            writing: .access, perSecond: 0.5),
        Spec(
            "agent", image: "registry.example.com/fleet/agent:0.3.0", command: ["/agent"], networks: ["host"],
            beginning: .running(since: 11 * .hour), use: .init(cpu: 0.3, memory: 14 * megabyte, pids: 4),
            writing: .json, perSecond: 0.2),
        Spec(
            "task", image: "registry.example.com/fleet/task:2.2.0", command: ["/task", "run"], networks: ["bridge"],
            restartPolicy: "no", fate: .ends(after: 40 * .second, code: 0, outOfMemory: false),
            beginning: .exited(ago: 3 * .hour), writing: .migration, perSecond: 0.5),
        Spec(
            "shard", image: "redis:7.4-alpine", command: ["redis-server"], networks: ["bridge"],
            beginning: .running(since: 60 * .day), use: .init(cpu: 0.1, memory: 6 * megabyte, pids: 5),
            writing: .redis, perSecond: 0.05),
        Spec(
            "frozen", image: "registry.example.com/fleet/task:2.2.0", command: ["/task", "debug"],
            networks: ["bridge"], beginning: .paused(since: 7 * .hour), writing: .logfmt, perSecond: 0.5),
        Spec(
            "spare", image: "registry.example.com/fleet/api:7.0.1", command: ["/api", "--standby"],
            networks: ["none"], beginning: .created, writing: .logfmt, perSecond: 0.5),
    ]

    /// The kind of the container of a number beyond the shop: mostly what runs, seldom what does not.
    static func fleetSpec(_ number: Int) -> Spec {
        switch number % 200 {
        case 7: specs[6]
        case 8: fleet[5]
        case 9: fleet[6]
        case let rest where rest % 20 == 3: fleet[3]
        case let rest where rest % 3 == 0: fleet[1]
        case let rest where rest % 7 == 0: fleet[2]
        case let rest where rest % 11 == 0: fleet[4]
        default: fleet[0]
        }
    }

    /// Images beside those of the containers: bytes and days of age.
    static let images: [(name: String, megabytes: Int, days: Int)] = [
        ("nginx:1.27-alpine", 48, 34), ("registry.example.com/shop/storefront:2.14.0", 214, 2),
        ("registry.example.com/shop/cart:1.9.3", 19, 2), ("registry.example.com/shop/catalog:4.2.1", 356, 2),
        ("registry.example.com/shop/checkout:3.0.0-rc2", 231, 1), ("registry.example.com/shop/payments:1.4.0", 22, 1),
        ("opensearchproject/opensearch:2.18.0", 1410, 41), ("postgres:16.4", 432, 92), ("redis:7.4-alpine", 41, 60),
        ("rabbitmq:3.13-management", 252, 75), ("registry.example.com/shop/worker:5.1.0", 487, 1),
        ("registry.example.com/shop/clickstream:0.8.2", 27, 6), ("registry.example.com/shop/backup:1.0.4", 64, 200),
        ("registry.example.com/fleet/api:7.0.1", 31, 5), ("registry.example.com/fleet/agent:0.3.0", 17, 12),
        ("registry.example.com/fleet/task:2.2.0", 58, 20),
        // What nobody uses any more.
        ("registry.example.com/shop/storefront:2.13.2", 212, 16), ("registry.example.com/shop/catalog:4.1.0", 351, 31),
        ("debian:12-slim", 75, 48), ("node:20-bookworm", 1100, 66), ("", 212, 3), ("", 356, 9), ("", 19, 17),
    ]

    /// What the shop's registry has beside those.
    static let older: [(name: String, megabytes: Int, days: Int)] = [
        ("registry.example.com/shop/reports:1.0.0", 96, 40), ("registry.example.com/shop/mailer:2.3.1", 44, 12),
    ]

    static let volumes: [(name: String, days: Int)] = [
        ("shop_db-data", 23), ("shop_search-data", 41), ("shop_queue-data", 23), ("shop_backups", 200),
        ("shop_db-data-old", 310),
    ]

    /// What its volumes hold when the demo begins: what their containers' images have there.
    static func content(of volume: String) -> DemoHost.Content? {
        if volume == "shop_db-data-old" { return content(of: "shop_db-data") }
        for spec in specs {
            guard let mount = spec.mounts.first(where: { $0.volume == volume }) else { continue }
            return DemoHost.Content(image: spec.image, place: mount.destination)
        }
        return nil
    }

    static let networks: [(name: String, driver: String, subnet: String, isInternal: Bool)] = [
        ("bridge", "bridge", "172.17.0.0/16", false), ("host", "host", "", false), ("none", "null", "", false),
        ("shop_front", "bridge", "172.18.0.0/16", false), ("shop_back", "bridge", "172.19.0.0/16", true),
    ]
}
