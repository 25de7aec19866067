/// The registries that the simulated host can reach, and what they have.
enum DemoRegistry {
    struct Repository: Sendable {
        let name: String
        let about: String
        let stars: Int
        let megabytes: Int
        var command: [String] = []
        var ports: [String] = []
        var isOfficial = true
    }

    static let hub: [Repository] = [
        .init(
            name: "alpine", about: "A minimal Docker image based on Alpine Linux", stars: 11_100, megabytes: 8,
            command: ["/bin/sh"]),
        .init(name: "busybox", about: "Busybox base image.", stars: 3_400, megabytes: 4, command: ["sh"]),
        .init(
            name: "debian", about: "Debian is a Linux distribution of free software.", stars: 5_100, megabytes: 117,
            command: ["bash"]),
        .init(
            name: "ubuntu", about: "Ubuntu is a Debian-based Linux operating system.", stars: 17_400, megabytes: 78,
            command: ["/bin/bash"]),
        .init(
            name: "nginx", about: "Official build of Nginx.", stars: 20_600, megabytes: 192,
            command: ["nginx", "-g", "daemon off;"], ports: ["80/tcp"]),
        .init(
            name: "httpd", about: "The Apache HTTP Server Project", stars: 4_900, megabytes: 148,
            command: ["httpd-foreground"], ports: ["80/tcp"]),
        .init(
            name: "redis", about: "Redis is the world’s fastest data platform.", stars: 13_200, megabytes: 117,
            command: ["redis-server"], ports: ["6379/tcp"]),
        .init(
            name: "postgres", about: "The PostgreSQL object-relational database system.", stars: 14_000,
            megabytes: 435, command: ["postgres"], ports: ["5432/tcp"]),
        .init(
            name: "mysql", about: "MySQL is a widely used, open-source relational database.", stars: 15_700,
            megabytes: 603, command: ["mysqld"], ports: ["3306/tcp"]),
        .init(
            name: "mariadb", about: "MariaDB Server is a high performing relational database.", stars: 5_900,
            megabytes: 406, command: ["mariadbd"], ports: ["3306/tcp"]),
        .init(
            name: "mongo", about: "MongoDB document databases provide high availability.", stars: 10_400,
            megabytes: 855, command: ["mongod"], ports: ["27017/tcp"]),
        .init(
            name: "memcached", about: "Free & open source, distributed memory object caching.", stars: 2_300,
            megabytes: 85, command: ["memcached"], ports: ["11211/tcp"]),
        .init(
            name: "rabbitmq", about: "RabbitMQ is an open source multi-protocol messaging broker.", stars: 5_200,
            megabytes: 252, command: ["rabbitmq-server"], ports: ["5672/tcp"]),
        .init(
            name: "node", about: "Node.js is a JavaScript-based platform.", stars: 13_800, megabytes: 1_100,
            command: ["node"]),
        .init(
            name: "python", about: "Python is an interpreted, interactive language.", stars: 10_000, megabytes: 1_020,
            command: ["python3"]),
        .init(
            name: "golang", about: "Go is a general purpose, higher-level language.", stars: 5_100, megabytes: 838,
            command: ["bash"]),
        .init(
            name: "swift", about: "Swift is a high-performance system programming language.", stars: 420,
            megabytes: 2_900, command: ["bash"]),
        .init(
            name: "traefik", about: "Traefik, The Cloud Native Edge Router", stars: 3_400, megabytes: 190,
            command: ["traefik"], ports: ["80/tcp"]),
        .init(
            name: "caddy", about: "Caddy 2 is a powerful, enterprise-ready web server.", stars: 850, megabytes: 50,
            command: ["caddy", "run"], ports: ["80/tcp", "443/tcp"]),
        .init(
            name: "registry", about: "Distribution implementation for storing of images.", stars: 4_100,
            megabytes: 25, command: ["/etc/docker/registry/config.yml"], ports: ["5000/tcp"]),
        .init(
            name: "hello-world", about: "Hello World! (an example of minimal Dockerization)", stars: 2_400,
            megabytes: 1, command: ["/hello"]),
        .init(
            name: "opensearchproject/opensearch", about: "The official image of OpenSearch", stars: 190,
            megabytes: 1_410, command: ["opensearch"], ports: ["9200/tcp"], isOfficial: false),
        .init(
            name: "bitnami/redis", about: "Redis by Bitnami", stars: 320, megabytes: 160, command: ["redis-server"],
            ports: ["6379/tcp"], isOfficial: false),
        .init(
            name: "grafana/grafana", about: "The official Grafana docker container", stars: 3_200, megabytes: 480,
            command: ["grafana"], ports: ["3000/tcp"], isOfficial: false),
        .init(
            name: "prom/prometheus", about: "The Prometheus monitoring system", stars: 1_900, megabytes: 290,
            command: ["prometheus"], ports: ["9090/tcp"], isOfficial: false),
    ]

    static let shop = "registry.example.com"

    /// What is known of a repository; refuses in a registry's words.
    static func find(_ reference: DemoReference) throws(DemoHost.Refusal) -> Repository {
        switch reference.registry {
        case "docker.io":
            guard let found = hub.first(where: { $0.name == reference.repository }) else {
                throw .notFound(
                    "pull access denied for \(reference.repository), repository does not exist or may require "
                        + "'docker login': denied: requested access to the resource is denied")
            }
            guard hasTag(reference.tag) else { throw unknown(reference) }
            return found
        case shop:
            let image = (Shop.images + Shop.older).first { DemoReference($0.name).repository == reference.repository }
            guard let image else {
                throw .notFound(
                    "pull access denied for \(reference.repository), repository does not exist or may require "
                        + "'docker login': denied: requested access to the resource is denied")
            }
            guard hasTag(reference.tag) else { throw unknown(reference) }
            let command = (Shop.specs + Shop.fleet).first { DemoReference($0.image).repository == reference.repository }
            return Repository(
                name: reference.repository, about: "", stars: 0, megabytes: image.megabytes,
                command: command?.command ?? [], isOfficial: false)
        default: throw unreachable(reference.registry)
        }
    }

    static func unreachable(_ host: String) -> DemoHost.Refusal {
        DemoHost.Refusal(
            status: 500,
            message: "Get \"https://\(host)/v2/\": dial tcp: lookup \(host) on 127.0.0.53:53: no such host")
    }

    private static func unknown(_ reference: DemoReference) -> DemoHost.Refusal {
        .notFound(
            "manifest for \(reference.name) not found: manifest unknown: manifest unknown")
    }

    /// Versions and the names of distributions are tags; other words are none.
    private static func hasTag(_ tag: String) -> Bool {
        let words = [
            "latest", "stable", "mainline", "alpine", "slim", "bookworm", "trixie", "bullseye", "noble", "jammy", "lts",
            "edge", "management", "glibc", "musl",
        ]
        let first = tag.prefix { $0 != "-" }
        return tag.isEmpty || first.first?.isNumber == true || words.contains(String(first))
            || tag.first == "v" && tag.dropFirst().first?.isNumber == true
    }

    /// The image behind a name: always the same for the same seed.
    static func image(
        _ reference: DemoReference, _ repository: Repository, seed: UInt64, epoch: Nanoseconds
    ) -> DemoImage {
        let first = DemoHost.firstImages(seed: seed, epoch: epoch)
        if let known = first.first(where: { $0.tags.contains(reference.name) }) { return known }
        let tag = reference.tag.isEmpty ? "latest" : reference.tag
        var random = SplitMix(seed, 0x9E6, DemoImage.number(reference.name))
        let small = tag.contains("alpine") || tag.contains("slim")
        let size = repository.megabytes * (small ? 300_000 : 1_000_000) + random.below(900_000)
        let settings = DemoImage.Settings(
            command: repository.command,
            environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            ports: repository.ports)
        return .published(
            reference.repository, tag: tag, id: "sha256:" + random.hex(64), size: size,
            created: epoch - Nanoseconds(random.below(40) + 1) * .day, settings: settings, seed: seed)
    }
}
