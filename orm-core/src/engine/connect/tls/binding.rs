//! What a server's certificate binds a login to: channel binding `tls-server-end-point` (RFC 5929).

use ring::digest::{self, Algorithm, SHA256, SHA384, SHA512};

/// `1.2.840.113549.1.1`, RSA, of which the next number says the rest.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// `1.2.840.10045.4`, ECDSA.
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04];
/// `2.16.840.1.101.3.4.2`, hashes.
const HASH: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// The hash among the parameters of RSASSA-PSS.
const PSS_HASH: u8 = 0xa0;

/// The hash of a certificate by its own signature algorithm, as both ends make it; `None` where that has none (Ed25519).
pub(super) fn server_end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let algorithm = algorithm(certificate)?;
    Some(digest::digest(algorithm, certificate).as_ref().to_vec())
}

fn algorithm(certificate: &[u8]) -> Option<&'static Algorithm> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (_, behind) = element(certificate, SEQUENCE)?;
    let (signature, _) = element(behind, SEQUENCE)?;
    let (name, parameters) = element(signature, OBJECT_IDENTIFIER)?;
    if let Some(kind) = name.strip_prefix(RSA) {
        return match kind {
            // MD5 and SHA-1 are replaced by SHA-256.
            [4 | 5 | 11] => Some(&SHA256),
            [12] => Some(&SHA384),
            [13] => Some(&SHA512),
            [10] => pss(parameters),
            _ => None,
        };
    }
    match name.strip_prefix(ECDSA)? {
        [1] | [3, 2] => Some(&SHA256),
        [3, 3] => Some(&SHA384),
        [3, 4] => Some(&SHA512),
        _ => None,
    }
}

/// RSASSA-PSS, whose hash is SHA-1 unless its parameters say otherwise.
fn pss(parameters: &[u8]) -> Option<&'static Algorithm> {
    let (parameters, _) = element(parameters, SEQUENCE)?;
    let Some((hash, _)) = element(parameters, PSS_HASH) else { return Some(&SHA256) };
    let (hash, _) = element(hash, SEQUENCE)?;
    let (name, _) = element(hash, OBJECT_IDENTIFIER)?;
    match name.strip_prefix(HASH)? {
        [1] => Some(&SHA256),
        [2] => Some(&SHA384),
        [3] => Some(&SHA512),
        _ => None,
    }
}

/// The content of the DER element in front, if it is of that kind, and what is behind it.
fn element(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (tag, bytes) = bytes.split_first()?;
    let (short, bytes) = bytes.split_first()?;
    if *tag != kind {
        return None;
    }
    let (length, bytes) = match usize::from(*short) {
        short @ 0..0x80 => (short, bytes),
        long => {
            let (digits, bytes) =
                bytes.split_at_checked(long - 0x80).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), bytes)
        }
    };
    bytes.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::{algorithm, server_end_point};
    use ring::digest::{SHA256, SHA384, SHA512};

    fn der(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[kind, 0x82], &length[..], &content].concat()
    }

    fn certificate(algorithm: &[&[u8]]) -> Vec<u8> {
        der(0x30, &[&der(0x30, &[&[7; 300]]), &der(0x30, algorithm), &[3, 1, 0]])
    }

    fn pss(parameters: &[u8]) -> Vec<u8> {
        let name = der(6, &[super::RSA, &[10]]);
        certificate(&[&name, &der(0x30, &[parameters])])
    }

    #[test]
    fn the_hash_is_that_of_the_signature() {
        for (name, expected) in [
            ([super::RSA, &[5]].concat(), Some(&SHA256)),
            ([super::RSA, &[11]].concat(), Some(&SHA256)),
            ([super::RSA, &[12]].concat(), Some(&SHA384)),
            ([super::RSA, &[13]].concat(), Some(&SHA512)),
            ([super::ECDSA, &[3, 2]].concat(), Some(&SHA256)),
            ([super::ECDSA, &[3, 3]].concat(), Some(&SHA384)),
            ([super::ECDSA, &[3, 4]].concat(), Some(&SHA512)),
            // Ed25519.
            (vec![0x2b, 0x65, 0x70], None),
        ] {
            let certificate = certificate(&[&der(6, &[&name]), &[5, 0]]);
            assert_eq!(algorithm(&certificate), expected, "{name:?}");
            let length = expected.map(|algorithm| algorithm.output_len());
            assert_eq!(server_end_point(&certificate).map(|hash| hash.len()), length);
        }
        let hash = der(0xa0, &[&der(0x30, &[&der(6, &[super::HASH, &[3]])])]);
        assert_eq!(algorithm(&pss(&hash)), Some(&SHA512));
        assert_eq!(algorithm(&pss(&[])), Some(&SHA256));
    }

    #[test]
    fn what_is_no_certificate_has_none() {
        for bytes in [&b""[..], b"\x30", b"\x30\x80", b"\x30\x85\x01\x01\x01\x01\x01", b"\x30\x03\x30\x05x"] {
            assert_eq!(server_end_point(bytes), None, "{bytes:?}");
        }
    }
}
