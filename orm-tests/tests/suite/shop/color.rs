//! A colour, kept as `#rrggbb`: a column type of the shop's own.

use orm_core::column_type;
use orm_core::types::{BaseType, BytesMut, Cause, DriverType, PgType};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Color(pub(super) [u8; 3]);

impl BaseType for Color {
    const TYPE: &'static PgType = String::TYPE;

    fn read(ty: &DriverType, raw: &[u8]) -> Result<Self, Cause> {
        let text = String::read(ty, raw)?;
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number.ok_or_else(|| format!("{text:?} is no colour"))?.to_be_bytes();
        Ok(Color([red, green, blue]))
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}").write(out)
    }
}
column_type!(Color);
