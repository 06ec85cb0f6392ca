//! `std::net::IpAddr` as `inet`.

use std::cmp::Ordering;
use std::net::IpAddr;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::Type;

use super::declare::pg_type;
use super::{BaseType, Cause, PgType};

/// What PostgreSQL calls the families of addresses, whatever the system does.
const V4: u8 = 2;
const V6: u8 = 3;

impl BaseType for IpAddr {
    const TYPE: &'static PgType = pg_type!("inet", INET, INET_ARRAY);
    const EQUALITY_KNOWN: bool = true;

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Cause> {
        let [family, bits, _is_cidr, _length, address @ ..] = raw else {
            return Err(format!("{} bytes are no inet", raw.len()).into());
        };
        let (address, whole) = match *family {
            V4 => (IpAddr::from(<[u8; 4]>::try_from(address)?), 32),
            V6 => (IpAddr::from(<[u8; 16]>::try_from(address)?), 128),
            other => return Err(format!("{other} is no family of addresses").into()),
        };
        if *bits != whole {
            return Err(format!(
                "it is the network {address}/{bits}, and an `IpAddr` is the address of one host: read it as text with \
                 `.cast::<String>()`"
            )
            .into());
        }
        Ok(address)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        match self {
            IpAddr::V4(address) => {
                out.put_slice(&[V4, 32, 0, 4]);
                out.put_slice(&address.octets());
            }
            IpAddr::V6(address) => {
                out.put_slice(&[V6, 128, 0, 16]);
                out.put_slice(&address.octets());
            }
        }
        Ok(())
    }

    // Both put those of version 4 first.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
