//! tokio-postgres by hand, rows inserted by binary COPY; it gives nothing back, so keys are drawn beforehand.

use futures_util::pin_mut;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;

use super::raw::Prepared;
use super::{Access, Contestant, NewRow};
use crate::Result;
use crate::cell::Workload;
use crate::digest::Digest;

const STATEMENTS: [&str; 3] = [
    "SELECT nextval('users_id_seq') FROM generate_series(1, $1::bigint)",
    "COPY users (id, name, hair_color) FROM STDIN (FORMAT binary)",
    "COPY users (name, hair_color) FROM STDIN (FORMAT binary)",
];

pub(super) struct RawCopy(Prepared);

impl Contestant for RawCopy {
    const DOES: &'static [Workload] = &[Workload::Insert, Workload::InsertWithoutIds];

    async fn connect(access: Access) -> Result<Self> {
        Ok(RawCopy(Prepared::connect(&access.url, &STATEMENTS).await?))
    }

    async fn insert(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let Prepared { client, statements } = &self.0;
        let count = i64::try_from(rows.len())?;
        let ids: Vec<i64> =
            client.query(&statements[0], &[&count]).await?.iter().map(|row| row.get(0)).collect();
        let sink = client.copy_in(&statements[1]).await?;
        let writer = BinaryCopyInWriter::new(sink, &[Type::INT8, Type::TEXT, Type::TEXT]);
        pin_mut!(writer);
        for (id, row) in ids.iter().zip(rows) {
            writer.as_mut().write(&[id, &row.name, &row.hair_color]).await?;
        }
        writer.finish().await?;
        Ok(Digest::of_keys(ids))
    }

    async fn insert_without_ids(&mut self, rows: &[NewRow]) -> Result<Digest> {
        let Prepared { client, statements } = &self.0;
        let sink = client.copy_in(&statements[2]).await?;
        let writer = BinaryCopyInWriter::new(sink, &[Type::TEXT, Type::TEXT]);
        pin_mut!(writer);
        for row in rows {
            writer.as_mut().write(&[&row.name, &row.hair_color]).await?;
        }
        Ok(Digest::of_count(writer.finish().await?))
    }
}
