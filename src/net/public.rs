//! Decides which addresses belong to machines of the public internet, and resolves names to such alone.
//!
//! A name of a provider that resolves to a machine of one's own network is an attack (DNS rebinding) or a mistake; a
//! credential is sent to neither.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The IPv4 networks that are not public: [IANA's registry of special-purpose
/// addresses](https://www.iana.org/assignments/iana-ipv4-special-registry), multicast (RFC 5771) and class E.
const NOT_PUBLIC: [([u8; 4], u32); 17] = [
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // carrier-grade NAT
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, and the metadata of clouds
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // protocol assignments
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 31, 196, 0], 24), // AS112
    ([192, 52, 193, 0], 24), // AMT
    ([192, 88, 99, 0], 24),  // 6to4 relays
    ([192, 168, 0, 0], 16),  // private
    ([192, 175, 48, 0], 24), // AS112
    ([198, 18, 0, 0], 15),   // benchmarks
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 3),     // multicast, class E and broadcast
];

/// The only IPv6 network from which public addresses are given out, RFC 4291.
const GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What in it is not public, by [IANA's
/// registry](https://www.iana.org/assignments/iana-ipv6-special-registry).
const NOT_GLOBAL: [(Ipv6Addr, u32); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4, which holds any IPv4 address
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// NAT64, RFC 6052: the last 32 bits are the IPv4 address that is meant. Networks without IPv4 resolve names so.
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Whether an address is one of the public internet: not private, of this machine, of the link, of a carrier's network,
/// for documentation, for many at once, or another address in disguise.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            let is_in = |(network, length): (Ipv6Addr, u32)| (bits ^ network.to_bits()) >> (128 - length) == 0;
            match is_in(NAT64) {
                true => is_public_v4(Ipv4Addr::from_bits(bits as u32)),
                false => is_in(GLOBAL) && !NOT_GLOBAL.into_iter().any(is_in),
            }
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in =
        |(network, length): ([u8; 4], u32)| (address.to_bits() ^ u32::from_be_bytes(network)) >> (32 - length) == 0;
    !NOT_PUBLIC.into_iter().any(is_in)
}

/// Resolves names, and gives addresses only where all of them are public. What is given is what is connected to, so no
/// second look-up can say something else.
pub(super) struct PublicOnly {
    /// The host of the proxy, which may be anywhere; `None` without one.
    pub(super) proxy: Option<String>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let is_proxy = self.proxy.as_deref() == Some(host.as_str());
        Box::pin(async move {
            let looked_up = host.clone();
            let found = tokio::task::spawn_blocking(move || (looked_up.as_str(), 0).to_socket_addrs()).await??;
            let found: Vec<SocketAddr> = found.collect();
            if !is_proxy {
                permit(&host, &found)?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Refuses a name that has an address that is not public.
fn permit(host: &str, found: &[SocketAddr]) -> Result<(), String> {
    match found.iter().find(|address| !is_public(address.ip())) {
        Some(address) => Err(format!("{host} resolves to {}, which is no public address", address.ip())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_ends_of_every_network_are_refused_and_what_is_beside_is_not() {
        for (text, public) in [
            ("0.0.0.0", false),
            ("0.255.255.255", false),
            ("1.0.0.0", true),
            ("1.1.1.1", true),
            ("9.255.255.255", true),
            ("10.0.0.0", false),
            ("10.255.255.255", false),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("126.255.255.255", true),
            ("127.0.0.1", false),
            ("127.255.255.255", false),
            ("128.0.0.0", true),
            ("169.253.255.255", true),
            ("169.254.0.0", false),
            ("169.254.169.254", false),
            ("169.255.0.0", true),
            ("172.15.255.255", true),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("192.0.0.8", false),
            ("192.0.1.0", true),
            ("192.0.2.1", false),
            ("192.0.3.0", true),
            ("192.88.99.1", false),
            ("192.167.255.255", true),
            ("192.168.0.0", false),
            ("192.168.255.255", false),
            ("192.169.0.0", true),
            ("198.17.255.255", true),
            ("198.18.0.0", false),
            ("198.19.255.255", false),
            ("198.20.0.0", true),
            ("198.51.100.7", false),
            ("203.0.113.7", false),
            ("223.255.255.255", true),
            ("224.0.0.1", false),
            ("239.255.255.255", false),
            ("240.0.0.0", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:1.1.1.1", false),
            ("::ffff:127.0.0.1", false),
            ("::1.1.1.1", false),
            ("64:ff9b::1.1.1.1", true),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b:1::1", false),
            ("100::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2001:1ff:ffff::1", false),
            ("2001:200::1", true),
            ("2002:0a00:0001::", false),
            ("2606:4700::1111", true),
            ("2a00:1450::1", true),
            ("3fff:0fff::1", false),
            ("3ffe::1", true),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("4000::1", false),
            ("1fff::1", false),
        ] {
            assert_eq!(is_public(text.parse().unwrap()), public, "{text}");
        }
    }

    proptest! {
        /// What the standard library knows to be special is never public, in any disguise.
        #[test]
        fn no_special_address_is_public(bits in any::<u32>(), wide in any::<u128>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!(special && is_public(v4.into())), "{v4}");
            prop_assert!(!is_public(v4.to_ipv6_mapped().into()) && !is_public(v4.to_ipv6_compatible().into()));
            let v6 = Ipv6Addr::from_bits(wide);
            let special = v6.is_loopback() || v6.is_multicast() || v6.is_unspecified()
                || v6.is_unique_local() || v6.is_unicast_link_local();
            prop_assert!(!(special && is_public(v6.into())), "{v6}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_is_enough() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 0);
        assert!(permit("x.test", &[at("1.1.1.1"), at("2606:4700::1111")]).is_ok());
        let refused = permit("x.test", &[at("1.1.1.1"), at("10.0.0.1")]).unwrap_err();
        assert_eq!(refused, "x.test resolves to 10.0.0.1, which is no public address");
    }

    #[test]
    fn a_name_of_this_machine_is_refused_and_that_of_the_proxy_is_not() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let resolve = |proxy: Option<&str>| {
            let resolver = PublicOnly { proxy: proxy.map(str::to_owned) };
            runtime.block_on(resolver.resolve("localhost".parse().unwrap())).map(|found| found.count())
        };
        assert!(resolve(None).is_err_and(|why| why.to_string().contains("no public address")));
        assert!(resolve(Some("localhost")).is_ok_and(|count| count > 0));
    }
}
