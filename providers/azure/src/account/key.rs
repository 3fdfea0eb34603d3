//! A key for machines that nobody logs in to.

use azure_core::base64;
use loadline_contract::deploy::{CloudError, ErrorClass};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};

/// The public half of a key whose private half nobody keeps: a scale set is not made without one.
pub(super) fn nobodys() -> Result<String, CloudError> {
    let failed = || {
        CloudError::new(
            ErrorClass::Unexpected,
            "making a key that nobody keeps",
            "this machine has no random numbers",
        )
    };
    let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| failed())?;
    let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).map_err(|_| failed())?;
    // RFC 4253, 6.6, and RFC 8709, 4: two strings with their lengths before them.
    let mut blob = Vec::new();
    for part in [b"ssh-ed25519".as_slice(), pair.public_key().as_ref()] {
        blob.extend((part.len() as u32).to_be_bytes());
        blob.extend(part);
    }
    Ok(format!("ssh-ed25519 {}", base64::encode(blob)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_nobody_keeps_is_a_key_and_another_one_each_time() {
        let (one, other) = (nobodys().unwrap(), nobodys().unwrap());
        assert_ne!(one, other);
        let blob = base64::decode(one.strip_prefix("ssh-ed25519 ").unwrap()).unwrap();
        assert_eq!((&blob[..15], blob.len()), (&b"\0\0\0\x0bssh-ed25519"[..], 51));
    }
}
