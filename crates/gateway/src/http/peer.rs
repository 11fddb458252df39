//! Who is at the other end.

use crate::config::Config;
use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// The other end of a TCP connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Peer {
    /// The client's address: the connection's own or, behind proxies that are trusted, the last that none of them has.
    pub(crate) fn client(&self, config: &Config, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: &IpAddr| config.limits.trusted_proxies.contains(address);
        let own = self.0.ip().to_canonical();
        if !trusted(&own) {
            return own;
        }
        let lists = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<IpAddr> = lists
            .flat_map(|list| list.split(','))
            .filter_map(|hop| hop.trim().parse::<IpAddr>().ok())
            .map(|hop| hop.to_canonical())
            .collect();
        hops.into_iter().rev().find(|hop| !trusted(hop)).unwrap_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(from: &str, forwarded: &str, proxies: &[&str]) -> String {
        let text = "listen = ['127.0.0.1:0']\ndata_dir = 'd'\nmedia.bind = ['127.0.0.1:0']";
        let mut config = Config::parse("x".as_ref(), text).unwrap();
        config.limits.trusted_proxies = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let headers =
            HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())]);
        Peer(SocketAddr::new(from.parse().unwrap(), 1)).client(&config, &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("192.0.2.9", "198.51.100.1", &[]), "192.0.2.9");
        assert_eq!(client("10.0.0.1", "198.51.100.1", &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", &["10.0.0.1", "10.0.0.2"]),
            "198.51.100.1"
        );
        assert_eq!(client("10.0.0.1", "nonsense", &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", "2001:db8::1", &["10.0.0.1"]), "2001:db8::1");
    }
}
