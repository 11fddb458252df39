//! The few things that come from the crypto provider: random numbers, digests, comparison.

use aws_lc_rs::{constant_time, digest, hmac, rand};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// A SHA-256 (FIPS 180-4).
pub(crate) type Digest = [u8; 32];

/// The system gave no random numbers: nothing that needs a secret can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub(crate) struct NoRandomness;

/// 32 random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub(crate) fn random() -> Result<[u8; 32], NoRandomness> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// 144 random bits as 24 characters that an id may have.
///
/// # Errors
/// [`NoRandomness`].
pub(crate) fn random_text() -> Result<String, NoRandomness> {
    Ok(URL_SAFE_NO_PAD.encode(&random()?[..18]))
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    sized(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// A key for one purpose, from a key for many: HMAC-SHA-256 of the purpose's name.
pub(crate) fn derive(key: &[u8], purpose: &str) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    sized(hmac::sign(&key, purpose.as_bytes()).as_ref())
}

/// Whether two digests are equal, in a time that does not tell where they differ.
pub(crate) fn same(a: &Digest, b: &Digest) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads 64 hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Digest> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok()
}

/// Every use gives 32 bytes: SHA-256 and HMAC-SHA-256 have no other length.
fn sized(bytes: &[u8]) -> [u8; 32] {
    let mut all = [0; 32];
    all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_both_ways() {
        let digest = sha256(b"abc");
        assert_eq!(hex(&digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(from_hex(&hex(&digest)), Some(digest));
        for bad in ["", "0", &"g".repeat(64), &"0".repeat(63), &"é".repeat(64)] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn random_texts_are_ids_and_differ() {
        let (a, b) = (random_text().unwrap(), random_text().unwrap());
        assert_ne!(a, b);
        assert!(jackfield_wire::SessionId::parse(&a).is_ok() && a.len() == 24);
    }

    #[test]
    fn each_purpose_has_its_key() {
        assert_ne!(derive(b"k", "a"), derive(b"k", "b"));
        assert_ne!(derive(b"k", "a"), derive(b"l", "a"));
    }
}
