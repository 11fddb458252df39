//! Settings of the media plane, and the addresses that follow from them.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::MediaError;

/// Settings of a [`MediaPlane`](super::MediaPlane).
///
/// ```
/// use jackfield_media::MediaConfig;
///
/// let mut config = MediaConfig::new(["0.0.0.0:40000".parse()?, "[::]:40000".parse()?]);
/// config.advertise = vec!["203.0.113.7".parse()?, "2001:db8::7".parse()?];
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MediaConfig {
    /// UDP addresses to receive on, at least one; all sessions share them. Port 0 takes a free port.
    pub bind: Vec<SocketAddr>,
    /// Addresses at which clients reach this machine, told to them with the port of the bound socket of the same
    /// family. Empty means the bound addresses themselves, which must then not be `0.0.0.0` or `::`. No other address
    /// of this machine is ever told to anyone.
    pub advertise: Vec<IpAddr>,
    /// Most sessions at a time.
    pub max_peers: usize,
    /// Whether clients may stop sending in silence (RFC 7587, `usedtx`): a tenth of the packets, and comfort noise at
    /// the listener.
    pub dtx: bool,
    /// How long a new or restarting session may take to connect before it is given up.
    pub connect_timeout: Duration,
    /// How long a session that has gone silent may take to come back by an ICE restart. Silence itself is noticed
    /// 15 s after the client's last connectivity check.
    pub reconnect_grace: Duration,
}

impl MediaConfig {
    /// The defaults: addresses as bound, 10,000 sessions, `dtx` on, 30 s to connect and 15 s to come back.
    pub fn new(bind: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self {
            bind: bind.into_iter().collect(),
            advertise: Vec::new(),
            max_peers: 10_000,
            dtx: true,
            connect_timeout: Duration::from_secs(30),
            reconnect_grace: Duration::from_secs(15),
        }
    }

    /// Checks what can be checked before any socket is opened.
    pub(super) fn check(&self) -> Result<(), MediaError> {
        if self.bind.is_empty() {
            return Err(refuse("bind", "is empty; name at least one address, for example 0.0.0.0:40000"));
        }
        if self.max_peers == 0 {
            return Err(refuse("max_peers", "is 0; allow at least one session"));
        }
        if let Some(ip) = self.advertise.iter().find(|ip| ip.is_unspecified() || ip.is_multicast()) {
            return Err(refuse(
                "advertise",
                &format!("{ip} is no address a client can reach; name a public one"),
            ));
        }
        let unserved =
            self.advertise.iter().find(|ip| !self.bind.iter().any(|bind| same_family(bind.ip(), **ip)));
        match unserved {
            Some(ip) => Err(refuse(
                "advertise",
                &format!("{ip} has no bind address of its family; add one to `bind`"),
            )),
            None => self.bind.iter().try_for_each(|bind| self.check_bind(bind.ip())),
        }
    }

    /// What clients are told about a socket that is bound to `bound`, the best address first. Not empty after
    /// [`check`](Self::check).
    pub(super) fn candidates(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        let told = self.advertise.iter().filter(|ip| same_family(bound.ip(), **ip));
        let told: Vec<_> = told.map(|ip| SocketAddr::new(*ip, bound.port())).collect();
        if told.is_empty() && self.advertise.is_empty() { vec![bound] } else { told }
    }

    fn check_bind(&self, bind: IpAddr) -> Result<(), MediaError> {
        let told = self.advertise.iter().any(|ip| same_family(bind, *ip));
        match (told, self.advertise.is_empty()) {
            (true, _) => Ok(()),
            (false, true) if !bind.is_unspecified() => Ok(()),
            _ => {
                let problem =
                    format!("names no address for {bind}; add one of its family that clients can reach");
                Err(refuse("advertise", &problem))
            }
        }
    }
}

fn same_family(a: IpAddr, b: IpAddr) -> bool {
    a.is_ipv4() == b.is_ipv4()
}

fn refuse(field: &'static str, problem: &str) -> MediaError {
    MediaError::Config { field, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(bind: &[&str], advertise: &[&str]) -> MediaConfig {
        let mut config = MediaConfig::new(bind.iter().map(|addr| addr.parse().unwrap()));
        config.advertise = advertise.iter().map(|ip| ip.parse().unwrap()).collect();
        config
    }

    fn refusal(config: &MediaConfig) -> String {
        config.check().unwrap_err().to_string()
    }

    #[test]
    fn each_bad_setting_is_named_with_its_remedy() {
        assert!(refusal(&config(&[], &[])).starts_with("bind: is empty"));
        assert!(refusal(&config(&["0.0.0.0:0"], &[])).starts_with("advertise: names no address for 0.0.0.0"));
        assert!(refusal(&config(&["0.0.0.0:0"], &["::1"])).contains("::1 has no bind address of its family"));
        assert!(refusal(&config(&["0.0.0.0:0"], &["0.0.0.0"])).contains("no address a client can reach"));
        let half = config(&["0.0.0.0:0", "[::]:0"], &["192.0.2.1"]);
        assert!(refusal(&half).starts_with("advertise: names no address for ::"));
        let mut none = config(&["127.0.0.1:0"], &[]);
        none.max_peers = 0;
        assert!(refusal(&none).starts_with("max_peers: is 0"));
    }

    #[test]
    fn each_socket_tells_the_addresses_of_its_family_with_its_port() {
        let config = config(&["0.0.0.0:9", "[::]:9"], &["192.0.2.1", "2001:db8::1", "192.0.2.2"]);
        assert!(config.check().is_ok());
        let told = |bound: &str| -> Vec<String> {
            config.candidates(bound.parse().unwrap()).iter().map(ToString::to_string).collect()
        };
        assert_eq!(told("0.0.0.0:9"), ["192.0.2.1:9", "192.0.2.2:9"]);
        assert_eq!(told("[::]:9"), ["[2001:db8::1]:9"]);
    }

    #[test]
    fn without_advertise_a_socket_tells_its_own_address() {
        let config = config(&["127.0.0.1:0"], &[]);
        assert!(config.check().is_ok());
        assert_eq!(config.candidates("127.0.0.1:7".parse().unwrap()), ["127.0.0.1:7".parse().unwrap()]);
    }
}
