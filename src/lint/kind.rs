//! What kind of file a file is: by its name, else by what it holds.

/// The kinds of files that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A Compose file.
    Compose,
    /// nginx.conf, or a part of it.
    Nginx,
    /// my.cnf, or another option file of MySQL or MariaDB.
    Mysql,
    /// redis.conf or valkey.conf.
    Redis,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Compose, Self::Nginx, Self::Mysql, Self::Redis];

    /// Its name on the command line and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Nginx => "nginx",
            Self::Mysql => "mysql",
            Self::Redis => "redis",
        }
    }

    /// The kind of a file; `None`: neither its name nor its text tells.
    pub fn of(name: &str, bytes: &[u8]) -> Option<Self> {
        Self::by_name(name).or_else(|| Self::by_content(&String::from_utf8_lossy(bytes)))
    }

    fn by_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let file = name.rsplit('/').next().unwrap_or(&name);
        if file.ends_with(".yml") || file.ends_with(".yaml") {
            Some(Self::Compose)
        } else if file.ends_with(".cnf") || file == "my.ini" {
            Some(Self::Mysql)
        } else if file.ends_with(".conf") {
            let has = |word: &str| file.contains(word);
            match (has("nginx"), has("redis") || has("valkey")) {
                (true, false) => Some(Self::Nginx),
                (false, true) => Some(Self::Redis),
                _ => None,
            }
        } else {
            None
        }
    }

    /// Words that begin a line in one kind of file only.
    fn by_content(text: &str) -> Option<Self> {
        const REDIS: [&str; 8] = [
            "maxmemory",
            "appendonly",
            "tcp-backlog",
            "maxclients",
            "protected-mode",
            "save",
            "databases",
            "dir",
        ];
        const NGINX: [&str; 8] = [
            "events",
            "http",
            "server",
            "upstream",
            "location",
            "worker_processes",
            "worker_connections",
            "listen",
        ];
        let first = |line: &str| {
            line.split(|c: char| c.is_whitespace() || c == '{')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        if text.lines().any(|line| line.starts_with("services:")) {
            Some(Self::Compose)
        } else if lines().next().is_some_and(|line| line.starts_with('[')) {
            Some(Self::Mysql)
        } else if lines().any(|line| line.ends_with(['{', ';', '}']) && NGINX.contains(&first(line).as_str()))
        {
            Some(Self::Nginx)
        } else if lines().any(|line| REDIS.contains(&first(line).as_str())) {
            Some(Self::Redis)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_first_and_then_the_text() {
        let of = |name: &str, text: &str| Kind::of(name, text.as_bytes());
        assert_eq!(of("docker-compose.production.yml", ""), Some(Kind::Compose));
        assert_eq!(of("etc/nginx.conf", ""), Some(Kind::Nginx));
        assert_eq!(of("conf.d/50-server.cnf", ""), Some(Kind::Mysql));
        assert_eq!(of("valkey.conf", ""), Some(Kind::Redis));
        assert_eq!(of("default.conf", "# x\nserver {\n}\n"), Some(Kind::Nginx));
        assert_eq!(of("server.txt", "[mysqld]\n"), Some(Kind::Mysql));
        assert_eq!(of("cache", "maxmemory 2gb\n"), Some(Kind::Redis));
        assert_eq!(of("stack", "services:\n  a: {}\n"), Some(Kind::Compose));
        assert_eq!(of("x.conf", "hello\n"), None);
    }
}
