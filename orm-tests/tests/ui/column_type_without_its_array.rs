// expect: the `PgType` of a column type names the type of its arrays
// expect: `array: Some(&COLORS)`
// at: column_type!(Color)
use orm_core::column_type;
use orm_core::prelude::*;
use orm_core::types::{BaseType, BytesMut, Cause, DriverType, PgType};

#[derive(Clone, Debug, PartialEq)]
pub struct Color(String);

static COLOR: PgType = PgType {
    name: "color",
    wire: DriverType::TEXT,
    array: None,
    element: None,
    sent_as: Some("text"),
    labels: &[],
    fields: None,
};

impl BaseType for Color {
    const TYPE: &'static PgType = &COLOR;

    fn read(ty: &DriverType, raw: &[u8]) -> Result<Self, Cause> {
        String::read(ty, raw).map(Color)
    }

    fn write(&self, out: &mut BytesMut) -> Result<(), Cause> {
        self.0.write(out)
    }
}
column_type!(Color);

fn main() {}
