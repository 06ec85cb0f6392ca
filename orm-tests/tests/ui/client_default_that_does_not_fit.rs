// expect: expected `number` to return `String`, but it returns `i64`
// at: number
// expect: function is expected to take 0 arguments, but it takes 1 argument
// at: prefixed
// expect: expected `later` to return `String`, but it returns `impl Future<Output = String>`
// at: later
use orm_core::prelude::*;

fn number() -> i64 {
    1
}

fn prefixed(prefix: &str) -> String {
    prefix.to_owned()
}

async fn later() -> String {
    String::new()
}

#[derive(Model, Clone, Debug)]
pub struct Visit {
    #[orm(primary_key, generated)]
    pub id: i64,
    #[orm(client_default = number)]
    pub path: String,
    #[orm(client_default = prefixed)]
    pub host: String,
    #[orm(client_default = later)]
    pub agent: String,
}

fn main() {}
